import { ShapeError } from '../core/errors.ts';

/**
 * Weights in units of the largest of all chains, `[M][n]`; 1 each for a chain without log-weights.
 * @param lengths Records of each chain, `[M]`.
 * @param logWeights log-weights of each chain, `[M][n]`, with one constant for all.
 * @throws {ShapeError} where a chain has more or fewer weights than records, or only some have weights.
 */
export function relativeWeights(
  lengths: readonly number[],
  logWeights: readonly (Float64Array | undefined)[],
): Float64Array[] {
  const weighted = logWeights.filter((own) => own !== undefined).length;
  if (weighted > 0 && weighted < lengths.length) {
    throw new ShapeError(`${weighted} of ${lengths.length} chains have weights`);
  }
  let largest = -Infinity;
  for (const own of logWeights) {
    if (own !== undefined) for (const w of own) largest = Math.max(largest, w);
  }
  return lengths.map((length, c) => {
    const own = logWeights[c];
    if (own === undefined) return new Float64Array(length).fill(1);
    if (own.length !== length) throw new ShapeError(`${own.length} weights for ${length} records`);
    // −∞ − −∞ is NaN where there is nothing but zero weights.
    return own.map((w) => (w === -Infinity ? 0 : Math.exp(w - largest)));
  });
}
