import { uniformEdges } from '../analysis/histogram.ts';
import { chainSurface, type FreeEnergySurface } from '../analysis/surface.ts';
import type { ArtifactStore } from '../hybrid/artifacts.ts';
import { float64 } from '../hybrid/dataset.ts';
import type { Axis, Plan } from '../hybrid/plan.ts';
import type { ProductionMeta } from '../hybrid/producing.ts';

/** One axis of a surface. */
export interface SurfaceAxis {
  readonly variable: Axis['variable'];
  /** Of the cells, in the unit of the variable, ascending, `[K + 1]`. */
  readonly edges: Float64Array;
}

/** The free energy over the two axes that the scenario names, from the recorded chains. */
export interface RunSurface extends FreeEnergySurface {
  readonly x: SurfaceAxis;
  readonly y: SurfaceAxis;
}

/** Reads the production of a finished run; undefined where the scenario names no surface. */
export function runSurface(plan: Plan, store: ArtifactStore): RunSurface | undefined {
  if (plan.surface === undefined) return undefined;
  const production = store.get('production');
  const { chains } = production.meta as ProductionMeta;
  const [x, y] = [axisOf(plan.surface.x), axisOf(plan.surface.y)];
  const columns = [float64(production, 'surfaceX'), float64(production, 'surfaceY')];
  // There where production sampled another energy than the potential's.
  const isWeighted = 'logWeights' in production.arrays;
  const weights = isWeighted ? [float64(production, 'logWeights')] : [];
  const series = Array.from({ length: chains }, (_, c) => {
    const [alongX, alongY, logWeights] = [...columns, ...weights].map((all) =>
      Float64Array.from({ length: all.length / chains }, (_unused, r) => all[r * chains + c]),
    );
    return { x: alongX, y: alongY, ...(isWeighted && { logWeights }) };
  });
  return { x, y, ...chainSurface(series, { x: x.edges, y: y.edges }) };
}

function axisOf({ variable, min, max, bins }: Axis): SurfaceAxis {
  return { variable, edges: uniformEdges(min, max, bins) };
}
