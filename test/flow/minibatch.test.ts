import { describe, expect, it } from 'vitest';
import { batch } from '../../src/core/batch.ts';
import { rootKey } from '../../src/core/rng.ts';
import { minibatch } from '../../src/flow/minibatch.ts';

describe('minibatch', () => {
  const data = batch(
    Float64Array.from({ length: 5 }, (_, i) => i),
    1,
  );

  it('draws configurations as often as their weights say', () => {
    const draws = minibatch(data, Float64Array.of(1, 0, 4, 2, 1))(40_000, rootKey(1)).data;
    [1 / 8, 0, 4 / 8, 2 / 8, 1 / 8].forEach((p, i) => {
      const found = draws.filter((v) => v === i).length / 40_000;
      expect(Math.abs(found - p)).toBeLessThanOrEqual(4 * Math.sqrt((p * (1 - p)) / 40_000));
    });
  });

  it('draws all alike without weights, and other rows for another key', () => {
    const draw = minibatch(data, undefined);
    const draws = draw(40_000, rootKey(1)).data;
    for (let i = 0; i < 5; i++) {
      const found = draws.filter((v) => v === i).length / 40_000;
      expect(Math.abs(found - 0.2)).toBeLessThan(4 * Math.sqrt(0.16 / 40_000));
    }
    expect(draw(50, rootKey(2)).data).not.toEqual(draw(50, rootKey(3)).data);
  });

  it.each([
    [Float64Array.of(1, 2), 'one for each of 5 configurations, got 2'],
    [Float64Array.of(1, 2, -1, 1, 1), '"dataWeights[2]" expected a number of at least 0, got -1'],
    [Float64Array.of(1, 2, Number.NaN, 1, 1), '"dataWeights[2]"'],
    [new Float64Array(5), 'expected a positive sum'],
  ])('refuses weights %s', (weights, message) => {
    expect(() => minibatch(data, weights)).toThrow(message);
  });
});
