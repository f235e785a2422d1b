import { describe, expect, it } from 'vitest';
import { logMeanExp, logSumExp, softmax } from '../../src/core/logSumExp.ts';

describe('logSumExp', () => {
  it('is the logarithm of the sum where that does not overflow', () => {
    expect(logSumExp([0, Math.log(2), Math.log(3)])).toBeCloseTo(Math.log(1 + 2 + 3), 14);
  });

  it.each([1e4, -1e4])('shifts with its terms, at %s as at 0', (shift) => {
    expect(logSumExp([shift, shift + 1])).toBeCloseTo(shift + Math.log(1 + Math.E), 10);
  });

  it('ignores terms of −∞, and is −∞ for nothing else and for nothing', () => {
    expect(logSumExp([-Infinity, 3])).toBe(3);
    expect(logSumExp([-Infinity, -Infinity])).toBe(-Infinity);
    expect(logSumExp([])).toBe(-Infinity);
  });

  it('is +∞ where a term is', () => {
    expect(logSumExp([0, Infinity])).toBe(Infinity);
  });
});

describe('logMeanExp', () => {
  it('leaves a constant alone, however often it is repeated', () => {
    expect(logMeanExp([-5, -5, -5, -5])).toBeCloseTo(-5, 14);
  });
});

describe('softmax', () => {
  it('gives weights in the ratio of the exponentials that sum to one', () => {
    const weights = softmax([1000, 1000 + Math.log(3)]);
    expect(weights[0]).toBeCloseTo(1 / 4, 12);
    expect(weights[1]).toBeCloseTo(3 / 4, 12);
  });

  it('gives no weight at all where every term is −∞', () => {
    expect([...softmax([-Infinity, -Infinity])]).toEqual([0, 0]);
  });
});
