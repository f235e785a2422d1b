import { ShapeError } from '../core/errors.ts';
import { at, fold, type Key, uniform } from '../core/rng.ts';
import { integratedAutocorrelationTime } from './autocorrelation.ts';
import type { Estimate } from './estimate.ts';
import { studentQuantile } from './studentQuantile.ts';

/** K series of n records each, of one chain: `[K][n]`. */
export type ChainColumns = readonly Float64Array[];

/** How the resampling is done; everything has a default. */
export interface BlockBootstrapOptions {
  /** Resamples; the standard error carries a relative noise of 1/√(2 replicates). 1000 by default. */
  readonly replicates?: number;
  /** Records per block; √(N τ/2) by default, with τ measured. */
  readonly blockLength?: number;
  /** τ in records where it is known: 1 for independent draws. */
  readonly autocorrelationTime?: number;
  /** Coverage of the interval, in (0, 1). 0.95 by default. */
  readonly level?: number;
}

/** An estimate with the interval that resampling gave it. */
export interface BootstrapEstimate extends Estimate {
  /** Student's interval about the value. */
  readonly interval: readonly [number, number];
  readonly blockLength: number;
  /** How well the standard error itself is known, as the degrees of freedom of its χ². */
  readonly degreesOfFreedom: number;
}

/**
 * The standard error of a function of means over correlated chains, by the moving-block bootstrap.
 *
 *     θ̂ = f(x̄₁ … x̄_K),   x̄*ₖ = mean of N/b blocks of b successive records drawn with replacement
 *
 * Blocks come from all chains and never straddle two. Their length b = √(N τ/2) grows with the data, which
 * leaves a share τ/2b of the variance out at the block ends and N/b blocks to measure it with: about 5 % and
 * 20 at 200 autocorrelation times. Two corrections make the intervals cover: the variance is divided by
 * (1 − b/N)(1 − τ/2b), the first for centring on the sample's own mean, the second exact for a correlation
 * that decays as one exponential; and the interval is Student's with 1.5 N/b degrees of freedom, overlapping
 * blocks being worth 1.5 times disjoint ones. Where b reaches a chain's length, whole chains are resampled,
 * with M − 1 degrees of freedom. Independent draws are one chain with `autocorrelationTime: 1`.
 *
 * Undefined where nothing can be resampled: no variation, one block only, or an f that is not finite.
 *
 * Künsch, Ann. Stat. 17, 1217, 1989. Lahiri, Resampling Methods for Dependent Data, Springer, 2003, ch. 5.
 * @param chains Columns of each chain, `[M][K][n]`, all chains alike.
 * @param statistic f, of the K means.
 * @throws {ShapeError} where the columns differ in length or number.
 */
export function blockBootstrap(
  chains: readonly ChainColumns[],
  statistic: (means: Float64Array) => number,
  key: Key,
  options: BlockBootstrapOptions = {},
): BootstrapEstimate | undefined {
  const { replicates = 1000, level = 0.95 } = options;
  const { length, columns } = shapeOf(chains);
  const total = chains.length * length;
  const means = new Float64Array(columns);
  for (const chain of chains) {
    for (let k = 0; k < columns; k++) for (const x of chain[k]) means[k] += x;
  }
  for (let k = 0; k < columns; k++) means[k] /= total;
  const value = statistic(means);
  if (!Number.isFinite(value)) return undefined;

  const tau =
    options.autocorrelationTime ??
    integratedAutocorrelationTime(chains.map((c) => linearised(c, statistic, means)));
  if (tau === undefined) return undefined;
  const blockLength = Math.min(options.blockLength ?? blockLengthFor(total, tau), length);
  const blocks = Math.round(total / blockLength);
  if (blocks < 2) return undefined;

  const sums = chains.map((chain) => chain.map((series, k) => runningSums(series, means[k])));
  const starts = length - blockLength + 1;
  const resampled = new Float64Array(columns);
  const coins = new Float64Array(blocks);
  let sum = 0;
  let squares = 0;
  for (let r = 0; r < replicates; r++) {
    uniform(at(fold(key, 'blocks'), r), coins);
    resampled.fill(0);
    for (let i = 0; i < blocks; i++) {
      const pick = Math.floor(coins[i] * starts * chains.length);
      const from = pick % starts;
      const own = sums[Math.floor(pick / starts)];
      for (let k = 0; k < columns; k++) resampled[k] += own[k][from + blockLength] - own[k][from];
    }
    for (let k = 0; k < columns; k++) {
      resampled[k] = means[k] + resampled[k] / (blocks * blockLength);
    }
    const deviation = statistic(resampled) - value;
    sum += deviation;
    squares += deviation * deviation;
  }
  const spread = squares / replicates - (sum / replicates) ** 2;
  const whole = blockLength === length;
  const lost = whole ? 0 : lostShare(tau, blockLength);
  // The blocks are N/b up to rounding; the variance of a mean of B blocks is scaled to exactly N/b.
  const scale = (blocks * blockLength) / total / (1 - blockLength / total) / (1 - lost);
  const standardError = Math.sqrt(spread * scale);
  if (!(standardError > 0 && standardError < Infinity)) return undefined;
  const degreesOfFreedom = whole ? chains.length - 1 : (1.5 * total) / blockLength;
  const reach = studentQuantile((1 + level) / 2, degreesOfFreedom) * standardError;
  return {
    value,
    standardError,
    interval: [value - reach, value + reach],
    blockLength,
    degreesOfFreedom,
  };
}

/** Records per block, ⌈√(N τ/2)⌉, for N records in all with autocorrelation time τ. */
export function blockLengthFor(records: number, autocorrelationTime: number): number {
  return Math.max(1, Math.ceil(Math.sqrt((records * autocorrelationTime) / 2)));
}

/** The share τ/2b of the variance of a mean that blocks of b records miss, their ends being cut off from
 * their neighbours; 0 for independent draws. */
export function lostShare(autocorrelationTime: number, blockLength: number): number {
  return autocorrelationTime <= 1 ? 0 : Math.min(0.5, autocorrelationTime / (2 * blockLength));
}

/**
 * The series of Σₖ (∂f/∂x̄ₖ) xₖ, whose correlation decides how long the blocks must be, `[n]`.
 * The derivative is a difference over one part in 10⁵ of each mean, enough for a block length.
 */
function linearised(
  chain: ChainColumns,
  statistic: (means: Float64Array) => number,
  means: Float64Array,
): Float64Array {
  const out = new Float64Array(chain[0].length);
  chain.forEach((series, k) => {
    const h = 1e-5 * (Math.abs(means[k]) || 1);
    const up = statistic(means.map((m, j) => (j === k ? m + h : m)));
    const down = statistic(means.map((m, j) => (j === k ? m - h : m)));
    const slope = (up - down) / (2 * h);
    for (let i = 0; i < out.length; i++) out[i] += slope * (series[i] - means[k]);
  });
  return out;
}

/** Sums of the first 0 … n deviations from `centre`, `[n + 1]`. */
function runningSums(series: Float64Array, centre: number): Float64Array {
  const out = new Float64Array(series.length + 1);
  for (let i = 0; i < series.length; i++) out[i + 1] = out[i] + series[i] - centre;
  return out;
}

function shapeOf(chains: readonly ChainColumns[]): { length: number; columns: number } {
  if (chains.length === 0 || chains[0].length === 0 || chains[0][0].length === 0) {
    throw new ShapeError('blockBootstrap: no records');
  }
  const columns = chains[0].length;
  const length = chains[0][0].length;
  for (const chain of chains) {
    if (chain.length !== columns || chain.some((series) => series.length !== length)) {
      throw new ShapeError(`blockBootstrap: expected ${columns} columns of ${length} records`);
    }
  }
  return { length, columns };
}
