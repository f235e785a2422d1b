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
    // Nothing of it is lighter further out.
    expect(found.length).toBe(Math.ceil(3 * Math.sqrt(N)));
  });

  it.each([25, 800, 4000])(
    'is the usual fit of %i draws, whose tail leaves nothing to halve',
    (count) => {
      for (const k of [0.2, 0.7, 1.4]) {
        const logWeights = pareto(k, count);
        expect(paretoTail(logWeights).k).toBeCloseTo(paretoK(logWeights), 12);
      }
    },
  );

  it('cannot be fitted where a quarter of the tail has one weight, without being flat', () => {
    const logWeights = pareto(0.5, 2000).sort();
    logWeights.fill(logWeights[1860], 1860, 1920);
    expect(paretoTail(logWeights).k).toBe(Infinity);
    expect(paretoTail(logWeights).k).toBe(paretoK(logWeights));
  });

  it('looks no further than the hundred largest weights', () => {
    // The upper half of the tail is uniform and far above the rest, which together looks heavy.
    const withTail = (count: number, upper: number) =>
      Float64Array.from({ length: count }, (_, i) => {
        const rank = count - i;
        if (rank > 2 * upper) return 0;
        return Math.log(rank > upper ? 1 + 1e-3 * (2 * upper - rank) : 3 + (upper - rank) / upper);
      });
    expect(paretoK(withTail(4444, 100))).toBeGreaterThan(0.9);
    expect(paretoTail(withTail(4444, 100))).toMatchObject({ length: 100 });
    expect(paretoTail(withTail(4444, 100)).k).toBeLessThan(0);
    // Half of a tail of 198 is 99.
    expect(paretoTail(withTail(4356, 99))).toMatchObject({ length: 198 });
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
