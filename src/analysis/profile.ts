import { integratedAutocorrelationTime } from './autocorrelation.ts';
import { blockLengthFor, lostShare } from './blockBootstrap.ts';
import { binOf } from './histogram.ts';
import { relativeWeights } from './relativeWeights.ts';

/** The free energy along a collective variable s, bin by bin. */
export interface Profile {
  /** Bin edges in the unit of s, ascending, `[K + 1]`. */
  readonly edges: Float64Array;
  /** F = −ln(P/Δs) − minimum, kT, `[K]`; +∞ in an empty bin. */
  readonly freeEnergy: Float64Array;
  /** Standard error of −ln P of the bin itself, kT, `[K]`; undefined where it cannot be known. */
  readonly standardError: readonly (number | undefined)[];
  /** 1/SE², `[K]`: how many independent counts would have this error; 0 where the error is undefined. */
  readonly effectiveCount: Float64Array;
}

/** One line of a profile, for tables and CSV. */
export interface ProfileRow {
  readonly from: number;
  readonly to: number;
  readonly center: number;
  /** kT; undefined in an empty bin. */
  readonly freeEnergy: number | undefined;
  /** kT */
  readonly standardError: number | undefined;
  readonly effectiveCount: number;
}

/** s along one chain. */
export interface ValuedChain {
  /** s of each record, `[n]`. */
  readonly values: Float64Array;
  /** log-weight of each record, `[n]`, with one constant for all chains; equal weights where left out. */
  readonly logWeights?: Float64Array;
}

/**
 * The profile from independent weighted draws: SE² = Σ w² (1ₖ − Pₖ)² / (Σ w Pₖ)².
 *
 * Draws of weight 0 are in no bin and change nothing but N. Values outside the edges count in Pₖ.
 * @param values s, `[N]`. @param logWeights log w, `[N]`, up to a constant.
 * @throws {ShapeError} where the lengths differ.
 */
export function reweightedProfile(
  values: Float64Array,
  logWeights: Float64Array,
  edges: ArrayLike<number>,
): Profile {
  const [weights] = relativeWeights([values.length], [logWeights]);
  const bins = binOf(values, edges);
  const count = edges.length - 1;
  const sums = new Float64Array(count);
  const squares = new Float64Array(count);
  let total = 0;
  let totalSquares = 0;
  for (let n = 0; n < weights.length; n++) {
    const w = weights[n];
    total += w;
    totalSquares += w * w;
    if (bins[n] < 0) continue;
    sums[bins[n]] += w;
    squares[bins[n]] += w * w;
  }
  const errors = Array.from(sums, (sum, k) => {
    const p = sum / total;
    return Math.sqrt(squares[k] * (1 - 2 * p) + p * p * totalSquares) / sum;
  });
  return profileOf(edges, sums, total, errors);
}

/**
 * The profile from correlated chains, its errors from means over blocks of √(N τ/2) records, τ that of s.
 *
 * One pass over the records, whatever the number of bins; the share of the variance that the block ends
 * lose is restored as in `blockBootstrap`. The errors are undefined with fewer than two blocks, and in a
 * bin that only one block has seen.
 * @throws {ShapeError} where the chains differ in length.
 */
export function chainProfile(chains: readonly ValuedChain[], edges: ArrayLike<number>): Profile {
  const weights = relativeWeights(
    chains.map((chain) => chain.values.length),
    chains.map((chain) => chain.logWeights),
  );
  const count = edges.length - 1;
  const length = chains[0]?.values.length ?? 0;
  const records = chains.length * length;
  const tau = integratedAutocorrelationTime(chains.map((chain) => chain.values)) ?? length;
  const blockLength = Math.min(blockLengthFor(records, tau), length);

  const blocks: Float64Array[] = [];
  const blockTotals: number[] = [];
  chains.forEach(({ values }, c) => {
    const bins = binOf(values, edges);
    const own = Math.max(1, Math.floor(length / blockLength));
    for (let i = 0; i < own; i++) {
      // The last block takes the remainder, so that every record counts.
      const end = i === own - 1 ? length : (i + 1) * blockLength;
      const sums = new Float64Array(count);
      let total = 0;
      for (let n = i * blockLength; n < end; n++) {
        total += weights[c][n];
        if (bins[n] >= 0) sums[bins[n]] += weights[c][n];
      }
      blocks.push(sums);
      blockTotals.push(total);
    }
  });
  const sums = new Float64Array(count);
  for (const block of blocks) for (let k = 0; k < count; k++) sums[k] += block[k];
  const total = blockTotals.reduce((a, b) => a + b, 0);
  const lost = blockLength === length ? 0 : lostShare(tau, blockLength);
  const errors = Array.from(sums, (sum, k) => {
    if (blocks.length < 2 || blocks.filter((block) => block[k] > 0).length < 2) return undefined;
    const p = sum / total;
    let squares = 0;
    blocks.forEach((block, i) => {
      squares += (block[k] - p * blockTotals[i]) ** 2;
    });
    return Math.sqrt((squares * blocks.length) / (blocks.length - 1) / (1 - lost)) / sum;
  });
  return profileOf(edges, sums, total, errors);
}

/** The rows of a profile, `[K]`, without any infinity or NaN. */
export function profileRows(profile: Profile): ProfileRow[] {
  return Array.from(profile.freeEnergy, (freeEnergy, k) => {
    const from = profile.edges[k];
    const to = profile.edges[k + 1];
    return {
      from,
      to,
      center: (from + to) / 2,
      freeEnergy: Number.isFinite(freeEnergy) ? freeEnergy : undefined,
      standardError: profile.standardError[k],
      effectiveCount: profile.effectiveCount[k],
    };
  });
}

function profileOf(
  edges: ArrayLike<number>,
  sums: Float64Array,
  total: number,
  errors: readonly (number | undefined)[],
): Profile {
  const freeEnergy = sums.map((sum, k) => -Math.log(sum / total / (edges[k + 1] - edges[k])));
  const lowest = freeEnergy.reduce((a, b) => Math.min(a, b), Infinity);
  const standardError = errors.map((error, k) =>
    sums[k] > 0 && error !== undefined && error > 0 ? error : undefined,
  );
  return {
    edges: Float64Array.from(edges),
    // All bins empty: there is no minimum to shift by.
    freeEnergy: lowest === Infinity ? sums.map(() => Infinity) : freeEnergy.map((f) => f - lowest),
    standardError,
    effectiveCount: Float64Array.from(standardError, (e) => (e === undefined ? 0 : 1 / e ** 2)),
  };
}
