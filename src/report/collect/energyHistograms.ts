import { histogram, uniformEdges } from '../../analysis/histogram.ts';
import type { EnergyHistograms } from '../reportData.ts';
import { quantile } from './quantile.ts';
import { rounded } from './rounded.ts';

const BINS = 80;

/** Energies of the samples of a run, `[N]` each, in the potential's unit. */
export interface SampledEnergies {
  readonly seeds: Float64Array;
  readonly production: Float64Array;
  /** NaN where a draw was refused before its energy was asked. */
  readonly flow: Float64Array;
  /** log w of `flow`. */
  readonly logWeights: Float64Array;
}

/**
 * Densities of U/kT from the lowest energy seen to a little beyond what equilibrium reaches; what lies
 * further right is stated as a share.
 */
export function energyHistograms(samples: SampledEnergies, kT: number): EnergyHistograms {
  const production = samples.production.map((u) => u / kT).sort();
  const flow = samples.flow.filter((u) => Number.isFinite(u)).map((u) => u / kT);
  const low = flow.reduce((a, b) => Math.min(a, b), production[0]);
  const body = quantile(production, 0.999);
  const high = body + 0.25 * (body - low);
  const edges = uniformEdges(low, high > low ? high : low + 1, BINS);

  const largest = samples.logWeights.reduce((a, b) => Math.max(a, b), -Infinity);
  // Where every draw has weight 0 there is nothing to subtract.
  const weights = samples.logWeights.map((w) => (w > -Infinity ? Math.exp(w - largest) : 0));
  const series = (
    source: EnergyHistograms['series'][number]['source'],
    values: Float64Array,
    own: Float64Array,
  ) => {
    let total = 0;
    let above = 0;
    own.forEach((w, i) => {
      total += w;
      // A refused or infinite energy is right of every edge too.
      if (w > 0 && !(values[i] / kT <= edges[BINS])) above += w;
    });
    const { counts } = histogram(
      values.map((u) => u / kT),
      edges,
      own,
    );
    return {
      source,
      density: Array.from(counts, (count, k) =>
        total === 0 ? 0 : rounded(count / total / (edges[k + 1] - edges[k]), 4),
      ),
      above: total === 0 ? 0 : rounded(above / total, 4),
    };
  };
  const equal = (values: Float64Array): Float64Array => new Float64Array(values.length).fill(1);
  return {
    edges: Array.from(edges, (edge) => rounded(edge)),
    series: [
      series('seeds', samples.seeds, equal(samples.seeds)),
      series('flow', samples.flow, equal(samples.flow)),
      series('reweighted', samples.flow, weights),
      series('production', samples.production, equal(samples.production)),
    ],
  };
}
