import { describe, expect, it } from 'vitest';
import { ratioOfMeans } from '../../src/analysis/ratioOfMeans.ts';
import { ShapeError } from '../../src/core/errors.ts';
import { at, rootKey } from '../../src/core/rng.ts';
import { autoregressive, meanOf, replicas, varianceBound, varianceOf } from './series.ts';

describe('the ratio of two means', () => {
  it('has z-scores of unit variance, although both are correlated in time and with each other', () => {
    // a = 6 + 2 x + y and b = 3 + x, whose ratio of means is 2 and whose a − 2 b is y.
    const count = 300;
    const scores = replicas(rootKey(1), count).map((key) => {
      const x = [0, 1, 2].map((c) => autoregressive(at(key, c), 500, 0.6));
      const y = [3, 4, 5].map((c) => autoregressive(at(key, c), 500, 0.8));
      const found = ratioOfMeans(
        x.map((chain, c) => chain.map((each, i) => 6 + 2 * each + y[c][i])),
        x.map((chain) => chain.map((each) => 3 + each)),
      )!;
      return (found.value - 2) / found.standardError;
    });
    expect(Math.abs(meanOf(scores))).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(varianceOf(scores) - 1)).toBeLessThan(varianceBound(count, 4));
  });

  it('has no error where the ratio is the same in every record', () => {
    const b = autoregressive(rootKey(2), 100, 0.5).map((each) => each + 5);
    const found = ratioOfMeans([b.map((each) => 3 * each)], [b]);
    // All that is left is rounding.
    expect(found === undefined || found.standardError < 1e-14).toBe(true);
  });

  it('is unknown where few records are, or the denominator is nothing', () => {
    const few = Float64Array.of(1, 2, 3);
    expect(ratioOfMeans([few], [few])).toBeUndefined();
    const many = autoregressive(rootKey(3), 50, 0);
    expect(ratioOfMeans([many], [new Float64Array(50)])).toBeUndefined();
  });

  it('refuses records that do not belong together', () => {
    expect(() => ratioOfMeans([new Float64Array(20)], [new Float64Array(21)])).toThrow(ShapeError);
    expect(() => ratioOfMeans([new Float64Array(20)], [])).toThrow(ShapeError);
  });
});
