import { histogram, uniformEdges } from '../../analysis/histogram.ts';
import type { EnergyHistograms } from '../reportData.ts';
import { quantile } from './quantile.ts';
import { rounded } from './rounded.ts';

const BINS = 80;

/** Energies of the samples of a run, `[N]` each, in the potential's unit. */
export interface SampledEnergies {
  readonly seeds: Float64Array;
  readonly production: Float64Array;
  /** Of the production, `[N]`, where it sampled another energy than the potential's. */
  readonly productionLogWeights?: Float64Array | undefined;
  /** Draws of the flow, if there is one. */
  readonly draws:
    | {
        /** NaN where a draw was refused before its energy was asked. */
        readonly energies: Float64Array;
        readonly logWeights: Float64Array;
      }
    | undefined;
}

/**
 * Densities of U/kT from the lowest energy seen to a little beyond what equilibrium reaches; what lies
 * further right is stated as a share.
 */
export function energyHistograms(samples: SampledEnergies, kT: number): EnergyHistograms {
  const production = samples.production.map((u) => u / kT).sort();
  const { draws } = samples;
  let low = production[0];
  for (const u of draws?.energies ?? []) if (u / kT < low && Number.isFinite(u)) low = u / kT;
  const body = quantile(production, 0.999);
  const high = body + 0.25 * (body - low);
  const edges = uniformEdges(low, high > low ? high : low + 1, BINS);

  const series = (
    source: EnergyHistograms['series'][number]['source'],
    values: Float64Array,
    own: Float64Array,
  ) => {
    let total = 0;
    let above = 0;
    let refused = 0;
    own.forEach((w, i) => {
      total += w;
      if (Number.isNaN(values[i])) refused += w;
      else if (values[i] / kT > edges[BINS]) above += w;
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
      refused: total === 0 ? 0 : rounded(refused / total, 4),
    };
  };
  const equal = (values: Float64Array): Float64Array => new Float64Array(values.length).fill(1);
  return {
    edges: Array.from(edges, (edge) => rounded(edge)),
    series: [
      series('seeds', samples.seeds, equal(samples.seeds)),
      ...(draws === undefined
        ? []
        : [
            series('flow', draws.energies, equal(draws.energies)),
            series('reweighted', draws.energies, weightsOf(draws.logWeights)),
          ]),
      series(
        'production',
        samples.production,
        samples.productionLogWeights === undefined
          ? equal(samples.production)
          : weightsOf(samples.productionLogWeights),
      ),
    ],
  };
}

/** w in units of the largest. */
function weightsOf(logWeights: Float64Array): Float64Array {
  const largest = logWeights.reduce((a, b) => Math.max(a, b), -Infinity);
  // Where every draw has weight 0 there is nothing to subtract.
  return logWeights.map((w) => (w > -Infinity ? Math.exp(w - largest) : 0));
}
