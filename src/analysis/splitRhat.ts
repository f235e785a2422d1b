import { isConstant, splitChains } from './autocorrelation.ts';
import { normalQuantile } from './normalQuantile.ts';

/**
 * Rank-normalised split R̂, the larger of its bulk and its folded form:
 *
 *     R̂ = √( (B/W + n − 1) / n )
 *
 * with B and W the between- and within-chain variances of the z-scores of the ranks, each chain split
 * in two. The folded form ranks |x − median| and so sees chains that differ in spread alone.
 * Near 1 when the chains agree; above 1.01 they do not yet. It cannot see a state no chain has visited.
 * Undefined for constant series and below four records a chain; ∞ where every half is constant but
 * they differ.
 *
 * Vehtari, Gelman, Simpson, Carpenter & Bürkner, Bayesian Anal. 16, 667, 2021. doi:10.1214/20-BA1221
 * @param chains M series of n records, `[M][n]`; one chain is compared with itself, half against half.
 * @throws {ShapeError} where the chains differ in length.
 */
export function splitRhat(chains: readonly Float64Array[]): number | undefined {
  const halves = splitChains(chains);
  if (halves.length === 0 || halves[0].length < 2 || isConstant(halves)) return undefined;
  // Means of constant halves differ from them by a rounding, which must not pass for a variance.
  if (halves.every((half) => isConstant([half]))) return Infinity;
  const median = medianOf(halves);
  const folded = halves.map((half) => half.map((x) => Math.abs(x - median)));
  const bulk = rhat(rankNormalise(halves));
  // A binary series that spends half its time in each state folds to a constant: nothing to compare.
  return isConstant(folded) ? bulk : Math.max(bulk, rhat(rankNormalise(folded)));
}

function rhat(chains: readonly Float64Array[]): number {
  const n = chains[0].length;
  const means = chains.map((chain) => chain.reduce((a, b) => a + b, 0) / n);
  let within = 0;
  chains.forEach((chain, m) => {
    for (const x of chain) within += (x - means[m]) ** 2;
  });
  within /= chains.length * (n - 1);
  const centre = means.reduce((a, b) => a + b, 0) / means.length;
  const between = (n * means.reduce((a, b) => a + (b - centre) ** 2, 0)) / (means.length - 1);
  return Math.sqrt((between / within + n - 1) / n);
}

/** Φ⁻¹((r − 3/8) / (S + 1/4)) of the pooled ranks r = 1 … S, ties sharing their mean rank. */
function rankNormalise(chains: readonly Float64Array[]): Float64Array[] {
  const n = chains[0].length;
  const total = chains.length * n;
  const pooled = new Float64Array(total);
  chains.forEach((chain, m) => {
    pooled.set(chain, m * n);
  });
  const order = Uint32Array.from(pooled, (_, i) => i).sort((a, b) => pooled[a] - pooled[b]);
  for (let from = 0; from < total; ) {
    const value = pooled[order[from]];
    let to = from + 1;
    while (to < total && pooled[order[to]] === value) to++;
    const rank = (from + 1 + to) / 2;
    const score = normalQuantile((rank - 0.375) / (total + 0.25));
    for (let i = from; i < to; i++) pooled[order[i]] = score;
    from = to;
  }
  return chains.map((_, m) => pooled.subarray(m * n, (m + 1) * n));
}

function medianOf(chains: readonly Float64Array[]): number {
  const n = chains[0].length;
  const pooled = new Float64Array(chains.length * n);
  chains.forEach((chain, m) => {
    pooled.set(chain, m * n);
  });
  pooled.sort();
  const middle = pooled.length / 2;
  return (pooled[Math.ceil(middle) - 1] + pooled[Math.floor(middle)]) / 2;
}
