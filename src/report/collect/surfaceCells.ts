import type { Plan } from '../../hybrid/plan.ts';
import type { RunSurface, SurfaceAxis } from '../../io/runSurface.ts';
import type { SurfaceAxisData, SurfaceData } from '../reportData.ts';
import { isAngle, shownScale } from './angle.ts';
import { rounded } from './rounded.ts';

/** The free-energy surface of a run as a figure shows it: angles in degrees, with the states' starts. */
export function surfaceCells(surface: RunSurface, states: Plan['states']): SurfaceData {
  const { x, y, freeEnergy, standardError } = surface;
  const value = (v: number): number | null => (Number.isFinite(v) ? rounded(v) : null);
  const along = (axis: SurfaceAxis, start: Plan['states'][number]['start']): number[] =>
    Array.from(axis.variable.value(start), (v) => rounded(v * shownScale(axis.variable)));
  return {
    x: axisData(x),
    y: axisData(y),
    freeEnergy: Array.from(freeEnergy, value),
    standardError: Array.from(standardError, value),
    starts: states.map(({ name, start }) => {
      const ys = along(y, start);
      return { state: name, points: along(x, start).map((at, i) => [at, ys[i]] as const) };
    }),
  };
}

function axisData({ variable, edges }: SurfaceAxis): SurfaceAxisData {
  return {
    name: variable.name,
    isAngle: isAngle(variable),
    edges: Array.from(edges, (edge) => rounded(edge * shownScale(variable), 8)),
  };
}
