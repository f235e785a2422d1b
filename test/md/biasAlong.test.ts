import { describe, expect, it } from 'vitest';
import { fromRows } from '../../src/core/batch.ts';
import { linear, particleDistance } from '../../src/core/collectiveVariable.ts';
import { torsion } from '../../src/core/torsion.ts';
import { biasAlong, tabulatedFunction } from '../../src/md/biasAlong.ts';
import { doubleWell } from '../../src/md/potentials/doubleWell.ts';
import { sumOf } from '../../src/md/sumOf.ts';
import { describePotential } from '../contracts/potential.ts';

const table = { min: -1, max: 2, values: [3, -1, 2, 2.5] };
const units = { length: 'reduced', energy: 'reduced' } as const;

describePotential('a bias along a distance', () =>
  biasAlong(particleDistance('d', [0, 1], 2), table, { dim: 4, units }),
);
describePotential('a double well with a bias', () =>
  sumOf([doubleWell(), biasAlong(linear('x', [1, 0.5]), table, doubleWell())]),
);

describe('the curve of a bias', () => {
  const { value, slope } = tabulatedFunction(table);

  it('goes through the values, is level at its ends and keeps them beyond', () => {
    table.values.forEach((v, k) => {
      expect(value(k - 1)).toBeCloseTo(v, 14);
    });
    expect([value(-9), value(-Infinity), value(2.0001), value(9)]).toEqual([3, 3, 2.5, 2.5]);
    expect([slope(-1), slope(2), slope(-3), slope(7)]).toEqual([0, 0, 0, 0]);
    expect(slope(-1 + 1e-9)).toBeCloseTo(0, 6);
    expect(slope(2 - 1e-9)).toBeCloseTo(0, 6);
  });

  it('has central differences for slopes at the knots, from both sides', () => {
    for (const [knot, expected] of [
      [0, (2 - 3) / 2],
      [1, (2.5 - -1) / 2],
    ] as const) {
      expect(slope(knot - 1e-10)).toBeCloseTo(expected, 7);
      expect(slope(knot)).toBeCloseTo(expected, 12);
    }
  });

  it('is the cubic itself where a cubic was tabulated, away from the ends', () => {
    const cubic = (s: number): number => s ** 2 - 3 * s;
    const parabola = tabulatedFunction({
      min: 0,
      max: 4,
      values: [0, 1, 2, 3, 4].map(cubic),
    });
    for (const s of [1.2, 1.5, 2.25, 2.9]) {
      expect(parabola.value(s)).toBeCloseTo(cubic(s), 12);
      expect(parabola.slope(s)).toBeCloseTo(2 * s - 3, 12);
    }
  });

  it('is a step of two values, half-way in the middle', () => {
    const step = tabulatedFunction({ min: 1.3, max: 1.7, values: [0, -7] });
    expect(step.value(1.5)).toBeCloseTo(-3.5, 12);
    expect(step.slope(1.5)).toBeCloseTo((-7 * 1.5) / 0.4, 10);
  });

  it('is NaN where the variable is, so that a move there is refused', () => {
    expect(value(Number.NaN)).toBeNaN();
    const { energy } = biasAlong(linear('x', [1]), table, { dim: 1, units }).energyAndGradient(
      fromRows([[Number.NaN], [0]]),
    );
    expect(energy[0]).toBeNaN();
    expect(energy[1]).toBeCloseTo(-1, 14);
  });
});

describe('a table for a bias', () => {
  it.each([
    [{ ...table, values: [1] }, '"bias.values" expected two or more, got 1'],
    [{ ...table, values: [1, Number.NaN] }, 'bias.values[1]'],
    [{ ...table, max: -1 }, '"bias.max" expected a number above -1, got -1'],
  ])('is refused: %o', (bad, message) => {
    expect(() => tabulatedFunction(bad)).toThrow(message);
  });

  it('must end as it begins along a torsion', () => {
    const phi = torsion('φ', [0, 1, 2, 3]);
    const along = (values: number[]) => () =>
      biasAlong(phi, { min: -3, max: 3, values }, { dim: 12, units });
    expect(along([1, 0, 2])).toThrow('expected equal ends along φ');
    expect(along([1, 0, 1])).not.toThrow();
  });
});
