import { at, type Key, normal } from '../../src/core/rng.ts';

/**
 * A stationary AR(1) series of unit variance, x_t = ρ x_{t−1} + √(1 − ρ²) ε_t, `[n]`.
 * Its integrated autocorrelation time is (1 + ρ)/(1 − ρ).
 */
export function autoregressive(key: Key, n: number, rho: number): Float64Array {
  const x = normal(key, n);
  const fresh = Math.sqrt(1 - rho * rho);
  for (let t = 1; t < n; t++) x[t] = rho * x[t - 1] + fresh * x[t];
  return x;
}

export function autoregressiveTime(rho: number): number {
  return (1 + rho) / (1 - rho);
}

/** A two-state chain that leaves state 0 with probability a a step and state 1 with b, `[n]`. */
export function telegraph(coins: Float64Array, a: number, b: number): Int32Array {
  const labels = new Int32Array(coins.length);
  let state = coins[0] < a / (a + b) ? 1 : 0;
  for (let t = 0; t < coins.length; t++) {
    if (t > 0 && coins[t] < (state === 0 ? a : b)) state = 1 - state;
    labels[t] = state;
  }
  return labels;
}

/** Keys of independent replicas. */
export function replicas(key: Key, count: number): Key[] {
  return Array.from({ length: count }, (_, r) => at(key, r));
}

/**
 * Uniforms on (0, 1) of the 32-bit congruential generator s ← 1664525 s + 1013904223, `[n]`: poor
 * randomness that any language repeats in three lines, for figures computed with other packages.
 */
export function congruential(seed: number, n: number): Float64Array {
  let s = seed;
  return Float64Array.from({ length: n }, () => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return (s + 0.5) / 2 ** 32;
  });
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** With the divisor n − 1. */
export function varianceOf(values: ArrayLike<number>): number {
  const mean = meanOf(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2;
  return squares / (values.length - 1);
}

/**
 * How far the sample variance of R z-scores may be from 1: its standard error is √(2/(R − 1)), so that
 * errors stated too small fail above, errors stated too large below.
 */
export function varianceBound(count: number, standardErrors: number): number {
  return standardErrors * Math.sqrt(2 / (count - 1));
}
