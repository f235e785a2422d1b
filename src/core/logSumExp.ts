/** ln Σᵢ exp(aᵢ) without overflow; −∞ for no terms, and for terms that are all −∞. */
export function logSumExp(terms: ArrayLike<number>): number {
  let largest = -Infinity;
  for (let i = 0; i < terms.length; i++) if (terms[i] > largest) largest = terms[i];
  if (!Number.isFinite(largest)) return largest;
  let sum = 0;
  for (let i = 0; i < terms.length; i++) sum += Math.exp(terms[i] - largest);
  return largest + Math.log(sum);
}

/** ln of the mean of exp(aᵢ). */
export function logMeanExp(terms: ArrayLike<number>): number {
  return logSumExp(terms) - Math.log(terms.length);
}

/** The weights exp(aᵢ) / Σⱼ exp(aⱼ), `[N]`; all zero where every term is −∞. */
export function softmax(terms: ArrayLike<number>): Float64Array {
  const total = logSumExp(terms);
  const out = new Float64Array(terms.length);
  if (total === -Infinity) return out;
  for (let i = 0; i < terms.length; i++) out[i] = Math.exp(terms[i] - total);
  return out;
}
