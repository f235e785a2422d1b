import { describe, expect, it } from 'vitest';
import { paretoK } from '../../src/analysis/paretoSmoothing.ts';
import { paretoTail } from '../../src/analysis/paretoTail.ts';
import { fold, normal, rootKey, uniform } from '../../src/core/rng.ts';

const N = 100_000;
const key = rootKey(8);

/** log of w = u^(−k): exact Pareto weights. */
function pareto(k: number, count = N): Float64Array {
  return uniform(fold(key, `pareto ${k}`), count).map((u) => -k * Math.log1p(-u));
}

describe('paretoTail', () => {
  it.each([0.3, 0.6, 1.2])('finds the shape of a pure Pareto tail, k = %f', (k) => {
    const found = paretoTail(pareto(k));
    expect(Math.abs(found.k - k)).toBeLessThan((4 * (1 + k)) / Math.sqrt(found.length));
  });

  it('does not take the sharp edge of nearly equal weights for a heavy tail', () => {
    // A body of width 0.02 and one draw in 500 with w − 1 spread as a Pareto of k = 0.4.
    const body = normal(fold(key, 'body'), N).map((x) => 0.02 * x);
    const tail = pareto(0.4, N / 500);
    tail.forEach((w, i) => {
      body[i * 500] = Math.log(Math.exp(w));
    });
    expect(paretoK(body)).toBeGreaterThan(0.9);
    expect(paretoTail(body).k).toBeLessThan(0.7);
  });

  it('sees a few draws that are worse than the rest of the tail', () => {
    const logWeights = normal(fold(key, 'light'), N).map((x) => 0.3 * x);
    const heavy = pareto(1.5, 150);
    heavy.forEach((w, i) => {
      logWeights[i * 600] = 1.5 + w;
    });
    expect(paretoTail(logWeights).k).toBeGreaterThan(0.9);
  });

  it('does not change with the constant of the log-weights, nor with their order', () => {
    const logWeights = pareto(0.5, 2000);
    const shifted = logWeights.map((w) => w - 800).reverse();
    expect(paretoTail(shifted).k).toBeCloseTo(paretoTail(logWeights).k, 9);
  });

  it('calls equal weights flat, and too few of them unknown', () => {
    expect(paretoTail(new Float64Array(1000)).k).toBe(-Infinity);
    expect(paretoTail(new Float64Array(10)).k).toBe(Infinity);
    expect(paretoTail(new Float64Array(1000).fill(-Infinity)).k).toBe(Infinity);
  });
});
