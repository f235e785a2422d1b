import { generalizedParetoFit } from './generalizedPareto.ts';
import { shapeWithPrior } from './paretoSmoothing.ts';

/** The tail of weights, as far out as it looks like one. */
export interface ParetoTail {
  /** k̂; −∞ for a flat tail, +∞ for one that cannot be fitted. */
  readonly k: number;
  /** The largest weights that it rests on. */
  readonly length: number;
}

const SHORTEST = 50;

/**
 * The Pareto shape of the largest weights, from the longest tail that its own upper half confirms:
 *
 *     M = ⌈min(0.2 N, 3√N)⌉, halved while |k̂(M) − k̂(M/2)| > 2 (1 + k̂)/√M and M/2 ≥ 50
 *
 * A tail index is a limit. Where the weights of a good flow are nearly equal, the usual M reaches into
 * their body, whose sharp edge looks like k̂ > 1 although no draw carries more than a few parts in a
 * million; further out the shape settles. Where it settles at a large value the weights are bad, and where
 * the few largest are worse than the rest, halving finds that too. (1 + k)/√M is the standard error of
 * k̂(M), and of its difference to that of its own upper half.
 *
 * Tail length and prior: Vehtari et al., J. Mach. Learn. Res. 25 (72), 2024.
 * @param logWeights log w, `[N]`, up to a common constant.
 */
export function paretoTail(logWeights: Float64Array): ParetoTail {
  const sorted = Float64Array.from(logWeights).sort();
  const n = sorted.length;
  const longest = Math.ceil(Math.min(0.2 * n, 3 * Math.sqrt(n)));
  const largest = n === 0 ? -Infinity : sorted[n - 1];
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
  while (Math.floor(length / 2) >= SHORTEST) {
    const half = shape(Math.floor(length / 2));
    if (Math.abs(half - k) <= (2 * (1 + Math.max(k, 0))) / Math.sqrt(length)) break;
    length = Math.floor(length / 2);
    k = half;
  }
  return { k, length };
}
