import { generalizedParetoFit } from './generalizedPareto.ts';
import { shapeWithPrior } from './paretoSmoothing.ts';

/** The tail of weights, from where it looks like one. */
export interface ParetoTail {
  /** k̂; −∞ for a flat tail, +∞ for one that cannot be fitted. */
  readonly k: number;
  /** The largest weights that it rests on. */
  readonly length: number;
}

const SHORTEST = 100;

const halved = (length: number): number => Math.floor(length / 2);

/**
 * The Pareto shape of the largest weights, as `paretoSmooth` fits it, unless that tail contradicts itself
 * further out by being lighter there:
 *
 *     M = ⌈min(0.2 N, 3√N)⌉; then the longest L = M/2, M/4 … ≥ 100 with
 *     k̂(L) < k̂(M) − 3 (1 + k̂(M)) / √L  takes the place of M, and so on
 *
 * A tail index is a limit. Where the weights of a good flow are nearly equal, the usual M reaches into
 * their body, whose sharp edge looks like k̂ > 1 although no draw carries more than a few parts in a
 * hundred thousand; further out the shape settles. (1 + k)/√L bounds the standard error of the difference,
 * and a tail that is truly heavy is as heavy further out: less than one in 500 is called lighter.
 *
 * Tail length and prior: Vehtari et al., J. Mach. Learn. Res. 25 (72), 2024.
 * @param logWeights log w, `[N]`, up to a common constant.
 */
export function paretoTail(logWeights: Float64Array): ParetoTail {
  const sorted = Float64Array.from(logWeights).sort();
  const n = sorted.length;
  const longest = Math.ceil(Math.min(0.2 * n, 3 * Math.sqrt(n)));
  const largest = sorted[n - 1];
  if (longest < 5 || largest === -Infinity) return { k: Infinity, length: longest };

  const shape = (length: number): number => {
    if (sorted[n - length] === largest) return -Infinity;
    const cutoff = Math.exp(sorted[n - length - 1] - largest);
    const fit = generalizedParetoFit(
      sorted.slice(n - length).map((w) => Math.exp(w - largest) - cutoff),
    );
    return fit === undefined || !Number.isFinite(fit.shape)
      ? Infinity
      : shapeWithPrior(fit.shape, length);
  };

  let length = longest;
  let k = shape(length);
  for (let shorter = halved(length); shorter >= SHORTEST; shorter = halved(shorter)) {
    const further = shape(shorter);
    // Written so that two infinities change nothing.
    if (!(further < k - (3 * (1 + k)) / Math.sqrt(shorter))) continue;
    length = shorter;
    k = further;
  }
  return { k, length };
}
