import { histogram, uniformEdges } from '../../analysis/histogram.ts';
import { logSumExp } from '../../core/logSumExp.ts';
import type { WeightHistogram } from '../reportData.ts';
import { quantile } from './quantile.ts';
import { rounded } from './rounded.ts';

const BINS = 60;

/** How the importance weights are spread: ln(w/⟨w⟩), the mean over all draws, those of weight 0 included. */
export function weightHistogram(logWeights: Float64Array): WeightHistogram {
  const logMean = logSumExp(logWeights) - Math.log(logWeights.length);
  const relative = logWeights.filter((w) => w > -Infinity).map((w) => w - logMean);
  const zero = logWeights.length - relative.length;
  if (relative.length === 0) return { edges: [-1, 1], draws: [0], weight: [0], below: 0, zero };
  const sorted = relative.slice().sort();
  // Room for the ideal, all weights equal, even where no draw comes near it.
  const low = Math.min(quantile(sorted, 0.001), -0.5);
  const high = Math.max(sorted[sorted.length - 1], 0.5);
  const edges = uniformEdges(rounded(low, 4), high + 1e-9 * Math.abs(high), BINS);
  const shares = relative.map((w) => Math.exp(w) / logWeights.length);
  const draws = histogram(relative, edges);
  return {
    edges: Array.from(edges, (edge) => rounded(edge)),
    draws: Array.from(draws.counts),
    weight: Array.from(histogram(relative, edges, shares).counts, (share) => rounded(share, 4)),
    below: draws.outside,
    zero,
  };
}
