import { describe, expect, it } from 'vitest';
import { chainSurface } from '../../src/analysis/surface.ts';
import { at, fold, normal, rootKey } from '../../src/core/rng.ts';
import { meanOf, varianceBound, varianceOf } from './series.ts';

const key = fold(rootKey(3), 'surface');

describe('a free-energy surface', () => {
  const edges = { x: [-1, 0, 2], y: [-1, 1, 2] };

  it('is −ln of the share over the area of each cell, row by row', () => {
    const { freeEnergy } = chainSurface(
      [
        { x: [-0.5, 1, 1, 9], y: [0, 0, 1.5, 0] },
        { x: [-0.5, -0.5, 1, 1], y: [0, 0, 0, Number.NaN] },
      ],
      edges,
    );
    // Three of eight in an area of 2, two in 4, none in 1, one in 2.
    const f = [3 / 2, 2 / 4, 0, 1 / 2].map((density) => -Math.log(density / 8));
    for (const [cell, value] of f.entries()) {
      if (value === Infinity) expect(freeEnergy[cell]).toBe(Infinity);
      else expect(freeEnergy[cell]).toBeCloseTo(value - f[0], 12);
    }
  });

  it('has standard errors that scatter as they say, for chains that remember', () => {
    // Two autoregressive coordinates; the cell x, y > 0 holds a quarter.
    const z = Array.from({ length: 300 }, (_, replica) => {
      const chains = Array.from({ length: 12 }, (_unused, c) => {
        const [x, y] = ['x', 'y'].map((axis) => {
          const noise = normal(fold(at(at(key, replica), c), axis), 150);
          for (let n = 1; n < noise.length; n++) noise[n] = 0.8 * noise[n - 1] + 0.6 * noise[n];
          return noise;
        });
        return { x, y };
      });
      const quadrants = chainSurface(chains, { x: [-9, 0, 9], y: [-9, 0, 9] });
      const shares = Array.from(quadrants.freeEnergy, (f) => Math.exp(-f));
      const share = shares[3] / shares.reduce((a, b) => a + b, 0);
      return Math.log(share / 0.25) / quadrants.standardError[3];
    });
    // Student's with 11 degrees of freedom: variance 11/9, and heavier tails than a normal.
    const expected = 11 / 9;
    expect(Math.abs(meanOf(z))).toBeLessThan((4 * Math.sqrt(expected)) / Math.sqrt(z.length));
    expect(Math.abs(varianceOf(z) / expected - 1)).toBeLessThan(1.4 * varianceBound(z.length, 4));
  });

  it('counts a record of weight 3 as three, and takes no error from chains that merely weigh more', () => {
    const [a, b] = [Math.log(3), 0];
    const weighted = chainSurface(
      [
        { x: [-0.5, 1], y: [0, 0], logWeights: Float64Array.of(a + 700, b + 700) },
        { x: [-0.5, 1], y: [0, 0], logWeights: Float64Array.of(b + 700, a + 700) },
      ],
      edges,
    );
    const counted = chainSurface(
      [
        { x: [-0.5, -0.5, -0.5, 1], y: [0, 0, 0, 0] },
        { x: [-0.5, 1, 1, 1], y: [0, 0, 0, 0] },
      ],
      edges,
    );
    for (const cell of [0, 1]) {
      expect(weighted.freeEnergy[cell]).toBeCloseTo(counted.freeEnergy[cell], 12);
      expect(weighted.standardError[cell]).toBeCloseTo(counted.standardError[cell], 12);
    }
    // 3/4 and 1/4 about 1/2, over 2 (M = 2): SE(p) = 1/4.
    expect(weighted.standardError[0]).toBeCloseTo(0.5, 12);
    const twice = [0, Math.log(2)].map((w) => ({
      x: [-0.5, 1],
      y: [0, 0],
      logWeights: Float64Array.of(w, w),
    }));
    expect(chainSurface(twice, edges).standardError[0]).toBeCloseTo(0, 12);
  });

  it('refuses chains of different lengths', () => {
    expect(() => chainSurface([{ x: [0], y: [0, 1] }], edges)).toThrow(/1 and of 1 by 2 records/);
  });
});
