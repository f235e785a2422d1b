import FFT from 'fft.js';
import { ShapeError } from '../core/errors.ts';
import type { Estimate } from './estimate.ts';

/**
 * The autocovariance of one series at every lag, `[n]`, through the fast Fourier transform:
 *
 *     γ_t = (1/n) Σᵢ (xᵢ − x̄)(xᵢ₊ₜ − x̄),   t = 0 … n − 1
 *
 * Divided by n, not by n − t: biased, but the spectrum stays non-negative.
 */
export function autocovariance(series: Float64Array): Float64Array {
  return covarianceTransform(series.length)(series);
}

/** `autocovariance` of series of n records; the tables of the transform are made once. */
function covarianceTransform(n: number): (series: Float64Array) => Float64Array {
  // Twice the length, so that the circular correlation never wraps around.
  let size = 2;
  while (size < 2 * n) size *= 2;
  const fft = new FFT(size);
  const padded: number[] = new Array(size).fill(0);
  const spectrum: number[] = fft.createComplexArray();
  const back: number[] = fft.createComplexArray();
  return (series) => {
    const mean = meanOf(series);
    for (let i = 0; i < n; i++) padded[i] = series[i] - mean;
    fft.realTransform(spectrum, padded);
    fft.completeSpectrum(spectrum);
    for (let i = 0; i < spectrum.length; i += 2) {
      spectrum[i] = spectrum[i] ** 2 + spectrum[i + 1] ** 2;
      spectrum[i + 1] = 0;
    }
    fft.inverseTransform(back, spectrum);
    return Float64Array.from({ length: n }, (_, t) => back[2 * t] / n);
  };
}

/**
 * How many independent draws the records of all chains are worth for their mean:
 *
 *     ESS = M n / τ,   τ = 1 + 2 Σₜ ρ̂ₜ,   ρ̂ₜ = 1 − (W − mean over chains of γₜ) / var⁺
 *
 * with W the within-chain variance and var⁺ the pooled one, which counts chains that disagree. Each
 * chain is split in two, so that a drift counts as disagreement; the sum runs over Geyer's initial
 * monotone positive sequence. Antithetic chains may exceed M n, up to M n log₁₀(M n).
 * Undefined for a constant series and below ten records a chain: no correlation can be read from it.
 *
 * Geyer, Stat. Sci. 7, 473, 1992. Vehtari, Gelman, Simpson, Carpenter & Bürkner,
 * Bayesian Anal. 16, 667, 2021. doi:10.1214/20-BA1221
 * @param chains M series of n records, `[M][n]`.
 * @throws {ShapeError} where the chains differ in length.
 */
export function chainEffectiveSampleSize(chains: readonly Float64Array[]): number | undefined {
  const halves = splitChains(chains);
  if (halves.length === 0 || halves[0].length < 5 || isConstant(halves)) return undefined;
  return effectiveSampleSizeOf(halves);
}

/**
 * The integrated autocorrelation time τ = 1 + 2 Σₜ ρₜ, in records: M n / ESS.
 *
 * The variance of a mean is τ times what it would be for independent records; pymbar calls it the
 * statistical inefficiency g. Undefined where the ESS is.
 */
export function integratedAutocorrelationTime(chains: readonly Float64Array[]): number | undefined {
  const ess = chainEffectiveSampleSize(chains);
  if (ess === undefined) return undefined;
  return (chains.length * chains[0].length) / ess;
}

/**
 * The mean over all records of all chains, with the standard error √(var / ESS).
 * Undefined where the ESS is.
 */
export function chainMean(chains: readonly Float64Array[]): Estimate | undefined {
  const ess = chainEffectiveSampleSize(chains);
  if (ess === undefined) return undefined;
  const records = chains.length * chains[0].length;
  let sum = 0;
  for (const chain of chains) for (const x of chain) sum += x;
  const value = sum / records;
  let squares = 0;
  for (const chain of chains) for (const x of chain) squares += (x - value) ** 2;
  return { value, standardError: Math.sqrt(squares / (records - 1) / ess) };
}

/**
 * Both halves of every chain; the middle record of an odd length is left out.
 * @throws {ShapeError} where the chains differ in length.
 */
export function splitChains(chains: readonly Float64Array[]): Float64Array[] {
  const halves: Float64Array[] = [];
  for (const chain of chains) {
    if (chain.length !== chains[0].length) {
      throw new ShapeError(`chains of ${chains[0].length} and of ${chain.length} records`);
    }
    const half = Math.floor(chain.length / 2);
    halves.push(chain.subarray(0, half), chain.subarray(chain.length - half));
  }
  return halves;
}

/** Whether every record of every chain is the same number. */
export function isConstant(chains: readonly Float64Array[]): boolean {
  const first = chains[0][0];
  return chains.every((chain) => chain.every((x) => x === first));
}

function effectiveSampleSizeOf(chains: readonly Float64Array[]): number {
  const m = chains.length;
  const n = chains[0].length;
  const covariance = new Float64Array(n);
  const transform = covarianceTransform(n);
  for (const chain of chains) {
    const own = transform(chain);
    for (let t = 0; t < n; t++) covariance[t] += own[t] / m;
  }
  const within = (covariance[0] * n) / (n - 1);
  const pooled = covariance[0] + varianceOf(chains.map(meanOf));
  const rho = (t: number): number => 1 - (within - covariance[t]) / pooled;

  // Sums of neighbouring pairs ρ₂ₖ + ρ₂ₖ₊₁ are positive and decreasing for a reversible chain; what
  // breaks that is noise. The first pair that is not positive, or the last there is, ends the sum and
  // gives it its even term alone, if that is positive (Stan's convention).
  let even = 1;
  let odd = rho(1);
  let previous = Infinity;
  let sum = 0;
  for (let t = 1; t < n - 3 && even + odd > 0; t += 2) {
    previous = Math.min(previous, even + odd);
    sum += previous;
    even = rho(t + 1);
    odd = rho(t + 2);
  }
  const tau = -1 + 2 * sum + Math.max(0, even);
  return (m * n) / Math.max(tau, 1 / Math.log10(m * n));
}

function meanOf(series: Float64Array): number {
  let sum = 0;
  for (const x of series) sum += x;
  return sum / series.length;
}

/** With the divisor n − 1; 0 for a single value. */
function varianceOf(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1);
}
