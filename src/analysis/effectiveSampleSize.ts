import { ShapeError } from '../core/errors.ts';

/**
 * Kish's effective sample size of N weighted draws, in draws:
 *
 *     ESS = (Σᵢ wᵢ)² / Σᵢ wᵢ²
 *
 * Invariant under log w → log w + c. A draw of log-weight −∞ adds nothing to either sum; 0 where no
 * draw has any weight. Optimistic when the heaviest weights have not been drawn yet: see `paretoK`.
 * Kish, Survey Sampling, Wiley, 1965.
 * @param logWeights log wᵢ, `[N]`, up to a common constant.
 */
export function kishEss(logWeights: ArrayLike<number>): number {
  const { sum, squares } = scaledSums(logWeights);
  return squares === 0 ? 0 : (sum * sum) / squares;
}

/**
 * ESS / N = (Σw)² / (N Σw²), the reverse effective sample size per draw, in [0, 1].
 *
 * N counts *every* draw: those outside the domain, without a finite energy or not invertible have
 * log-weight −∞ and stay in (design rules 5 and 6). 0 for no draws.
 */
export function essFraction(logWeights: ArrayLike<number>): number {
  return logWeights.length === 0 ? 0 : kishEss(logWeights) / logWeights.length;
}

/** The share of the heaviest draw in the total weight, in [0, 1]; 1/N for equal weights. */
export function largestWeightShare(logWeights: ArrayLike<number>): number {
  const { sum } = scaledSums(logWeights);
  return sum === 0 ? 0 : 1 / sum;
}

/** How well independent weighted draws cover one state. */
export interface StateCoverage {
  /** Draws that fell into the state with a weight above 0. */
  readonly draws: number;
  /** Kish's ESS of the draws in the state, in draws. */
  readonly ess: number;
  /** ESS / draws, in [0, 1]; 0 without draws. */
  readonly fraction: number;
}

/**
 * The draws and the ESS within each state, `[states]`.
 *
 * A flow that over- or under-weights a whole state but is good inside it has a low total ESS and
 * fractions near 1 here; a state it has forgotten has `draws` 0.
 * @param labels The state of each draw, `[N]`; −1 for none.
 * @throws {ShapeError} where the lengths differ.
 */
export function essPerState(
  logWeights: ArrayLike<number>,
  labels: ArrayLike<number>,
  states: number,
): StateCoverage[] {
  if (labels.length !== logWeights.length) {
    throw new ShapeError(`${labels.length} labels for ${logWeights.length} weights`);
  }
  const inside: number[][] = Array.from({ length: states }, () => []);
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] >= 0 && logWeights[i] > -Infinity) inside[labels[i]].push(logWeights[i]);
  }
  return inside.map((own) => ({
    draws: own.length,
    ess: kishEss(own),
    fraction: essFraction(own),
  }));
}

/** Σ w and Σ w² in units of the largest weight; both 0 where none is above 0. */
function scaledSums(logWeights: ArrayLike<number>): { sum: number; squares: number } {
  let largest = -Infinity;
  for (let i = 0; i < logWeights.length; i++) largest = Math.max(largest, logWeights[i]);
  let sum = 0;
  let squares = 0;
  if (largest === -Infinity) return { sum, squares };
  for (let i = 0; i < logWeights.length; i++) {
    const w = Math.exp(logWeights[i] - largest);
    sum += w;
    squares += w * w;
  }
  return { sum, squares };
}
