import { generalizedParetoFit, generalizedParetoQuantile } from './generalizedPareto.ts';

/** Log-weights with a smoothed tail, and what the tail looked like. */
export interface SmoothedWeights {
  /** log w, `[N]`, in the order and up to the constant of the input. */
  readonly logWeights: Float64Array;
  /** k̂, the Pareto shape of the largest weights; −∞ for a flat tail, +∞ for one that cannot be fitted. */
  readonly k: number;
  /** Draws in the tail, ⌈min(0.2 N, 3√N)⌉. */
  readonly tailLength: number;
}

/**
 * Pareto-smoothed importance weights: a generalised Pareto distribution is fitted to the M largest weights,
 * which are replaced by its expected order statistics, cut at the largest raw weight.
 *
 *     M = ⌈min(0.2 N, 3√N)⌉,   k̂ = (M ξ̂ + 10 · ½) / (M + 10)
 *
 * The second formula is the weakly informative prior that steadies short tails. Below k̂ = ½ the weights
 * have a variance; above `paretoLimit(N)` no average over them can be trusted (design rule 11).
 * Draws of log-weight −∞ stay in N. For independent draws only.
 *
 * Vehtari, Simpson, Gelman, Yao & Gabry, J. Mach. Learn. Res. 25 (72), 2024. arXiv:1507.02646
 * @param logWeights log w, `[N]`, up to a common constant.
 */
export function paretoSmooth(logWeights: Float64Array): SmoothedWeights {
  const n = logWeights.length;
  const tailLength = Math.ceil(Math.min(0.2 * n, 3 * Math.sqrt(n)));
  const order = Uint32Array.from(logWeights, (_, i) => i).sort(
    // −∞ − −∞ is NaN, which would leave the order undefined.
    (a, b) => (logWeights[a] === logWeights[b] ? 0 : logWeights[a] - logWeights[b]),
  );
  const tail = order.subarray(n - tailLength);
  const largest = n === 0 ? -Infinity : logWeights[order[n - 1]];
  const smoothed = logWeights.slice();
  if (tailLength < 5 || largest === -Infinity) {
    return { logWeights: smoothed, k: Infinity, tailLength };
  }
  const cutoff = Math.exp(logWeights[order[n - tailLength - 1]] - largest);
  const exceedances = Float64Array.from(tail, (i) => Math.exp(logWeights[i] - largest) - cutoff);
  if (logWeights[tail[0]] === largest) {
    return { logWeights: smoothed, k: -Infinity, tailLength };
  }
  const fit = generalizedParetoFit(exceedances);
  if (fit === undefined || !Number.isFinite(fit.shape)) {
    return { logWeights: smoothed, k: Infinity, tailLength };
  }
  const k = shapeWithPrior(fit.shape, tailLength);
  tail.forEach((i, rank) => {
    const p = (rank + 0.5) / tailLength;
    const excess = generalizedParetoQuantile({ shape: k, scale: fit.scale }, p);
    smoothed[i] = largest + Math.min(0, Math.log(cutoff + excess));
  });
  return { logWeights: smoothed, k, tailLength };
}

/** k̂ alone, of `[N]` log-weights: see `paretoSmooth`. */
export function paretoK(logWeights: Float64Array): number {
  return paretoSmooth(logWeights).k;
}

/**
 * The largest k̂ at which S draws still give usable averages, min(1 − 1/log₁₀ S, 0.7): below about 2200
 * draws a heavy tail needs more draws than there are.
 */
export function paretoLimit(draws: number): number {
  return Math.min(1 - 1 / Math.log10(draws), 0.7);
}

/** A fitted shape with the weakly informative prior of `paretoSmooth`. */
export function shapeWithPrior(shape: number, tailLength: number): number {
  return (tailLength * shape + PRIOR_DRAWS * PRIOR_SHAPE) / (tailLength + PRIOR_DRAWS);
}

// The prior on the shape, worth ten observations at ½ (Vehtari et al.; the value of their software).
const PRIOR_DRAWS = 10;
const PRIOR_SHAPE = 0.5;
