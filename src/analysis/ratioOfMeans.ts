import { ShapeError } from '../core/errors.ts';
import { chainMean } from './autocorrelation.ts';
import type { Estimate } from './estimate.ts';

/**
 * The ratio of two means over the same records of several chains, with its standard error.
 *
 *     R = ⟨a⟩/⟨b⟩,   var R ≈ var of the mean of (a − R b)/⟨b⟩
 *
 * Correlations in time, between a and b and among chains that disagree count, through the effective sample
 * size of a − R b. Off by O(1/ESS), as ratios are. Undefined where the ESS is, and where ⟨b⟩ = 0.
 * @param numerators a of M chains, `[M][n]`. @param denominators b, `[M][n]`.
 * @throws {ShapeError} where they differ in shape.
 */
export function ratioOfMeans(
  numerators: readonly Float64Array[],
  denominators: readonly Float64Array[],
): Estimate | undefined {
  if (
    numerators.length !== denominators.length ||
    numerators.some((chain, m) => chain.length !== denominators[m].length)
  ) {
    throw new ShapeError('ratioOfMeans: numerators and denominators differ in shape');
  }
  const records = denominators.reduce((sum, chain) => sum + chain.length, 0);
  const meanB = total(denominators) / records;
  if (!(Math.abs(meanB) > 0)) return undefined;
  const value = total(numerators) / records / meanB;
  const rest = chainMean(
    numerators.map((chain, m) => chain.map((a, i) => (a - value * denominators[m][i]) / meanB)),
  );
  return rest && { value, standardError: rest.standardError };
}

function total(chains: readonly Float64Array[]): number {
  let sum = 0;
  for (const chain of chains) for (const x of chain) sum += x;
  return sum;
}
