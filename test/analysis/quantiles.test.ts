import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../src/analysis/normalQuantile.ts';
import { studentQuantile } from '../../src/analysis/studentQuantile.ts';

describe('normalQuantile', () => {
  // Wichura's own check values, and scipy.stats.norm.ppf for the far tail.
  it.each([
    [0.25, -0.6744897501960817],
    [0.001, -3.090232306167814],
    [1e-20, -9.262340089798409],
    [0.975, 1.959963984540054],
    [0.5, 0],
  ])('has Φ(z) = %f at the published z', (p, z) => {
    expect(normalQuantile(p)).toBeCloseTo(z, 13);
  });

  it('is odd about one half and continuous where its three branches meet', () => {
    for (const p of [0.075, 0.3, 0.4999, 1e-8]) {
      expect(normalQuantile(1 - p)).toBeCloseTo(-normalQuantile(p), 7);
    }
    for (const p of [0.075, Math.exp(-25)]) {
      const jump = normalQuantile(p * (1 + 1e-12)) - normalQuantile(p * (1 - 1e-12));
      expect(Math.abs(jump)).toBeLessThan(1e-10);
    }
  });

  it('refuses what is no probability', () => {
    expect(() => normalQuantile(0)).toThrow(RangeError);
    expect(() => normalQuantile(Number.NaN)).toThrow(RangeError);
  });
});

describe('studentQuantile', () => {
  // Printed tables of the 97.5 % point.
  it.each([
    [4, 2.7764, 0.02],
    [10, 2.2281, 0.0005],
    [30, 2.0423, 0.0005],
    [120, 1.9799, 0.0005],
  ])('agrees with the tables for %i degrees of freedom', (freedom, t, relative) => {
    expect(Math.abs(studentQuantile(0.975, freedom) / t - 1)).toBeLessThan(relative);
  });
});
