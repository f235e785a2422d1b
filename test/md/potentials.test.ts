import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Batch, batch, fromRows } from '../../src/core/batch.ts';
import type { Potential } from '../../src/core/potential.ts';
import { normal, rootKey } from '../../src/core/rng.ts';
import { definePotential } from '../../src/md/definePotential.ts';
import { dimerLattice } from '../../src/md/particleDimer/starts.ts';
import { doubleWell } from '../../src/md/potentials/doubleWell.ts';
import { harmonic } from '../../src/md/potentials/harmonic.ts';
import { muellerBrown } from '../../src/md/potentials/muellerBrown.ts';
import { particleDimer } from '../../src/md/potentials/particleDimer.ts';
import { scaled, sumOf } from '../../src/md/sumOf.ts';
import { describePotential } from '../contracts/potential.ts';

/** The file of `src/md/potentials` each entry covers, if any, and how to make it. */
const potentials: Record<
  string,
  { file?: string; make: () => Potential; points?: (potential: Potential) => Batch }
> = {
  'double well (1D)': { file: 'doubleWell', make: () => doubleWell({ dim: 1 }) },
  'double well (2D)': { file: 'doubleWell', make: () => doubleWell() },
  'double well (5D, other coefficients)': {
    file: 'doubleWell',
    make: () => doubleWell({ a4: 0.25, a2: 1.5, a1: -0.3, k: 3, dim: 5 }),
  },
  'Müller–Brown': { file: 'muellerBrown', make: () => muellerBrown() },
  'Müller–Brown, unscaled': { file: 'muellerBrown', make: () => muellerBrown({ scale: 1 }) },
  'harmonic, one free coordinate': {
    file: 'harmonic',
    make: () => harmonic({ stiffness: [1, 20, 0], center: [0, -1, 4] }),
  },
  'particle dimer': {
    file: 'particleDimer',
    make: () => particleDimer({ solvent: 7, slope: -1, rm: 1.3 }),
    points: nearTheLattice,
  },
  'sum of three terms': {
    make: () =>
      sumOf([doubleWell(), muellerBrown({ scale: 0.01 }), harmonic({ stiffness: [1, 2] })]),
  },
  'sum of one': { make: () => sumOf([doubleWell()]) },
  'scaled sum': {
    make: () => scaled(sumOf([doubleWell(), harmonic({ stiffness: [3, 2] })]), -0.5),
  },
  "a user's energy and gradient": {
    make: () =>
      definePotential({
        name: 'user',
        dim: 2,
        energy: ([x, y]) => Math.cosh(x) * (1 + y * y),
        gradient([x, y], out) {
          out[0] = Math.sinh(x) * (1 + y * y);
          out[1] = 2 * y * Math.cosh(x);
        },
      }),
  },
  "a user's energy without a gradient": {
    make: () =>
      definePotential({ name: 'user', dim: 2, energy: ([x, y]) => Math.cosh(x) * (1 + y * y) }),
  },
};

for (const [name, { make, points }] of Object.entries(potentials)) {
  describePotential(name, make, points);
}

/** Five configurations of nine particles, moved from their sites, some beyond the walls. */
function nearTheLattice({ dim }: Potential): Batch {
  const lattice = dimerLattice(1.4, dim / 2 - 2);
  return batch(
    normal(rootKey(6), 5 * dim).map((z, i) => lattice[i % dim] + 0.15 * z),
    dim,
  );
}

it('every file of src/md/potentials is in the table above', () => {
  const files = readdirSync(new URL('../../src/md/potentials', import.meta.url));
  const covered = new Set(Object.values(potentials).map(({ file }) => `${file}.ts`));
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter((file) => !covered.has(file))).toEqual([]);
});

describe('doubleWell', () => {
  const { energy, energyAndGradient, name } = doubleWell();

  it('is x⁴ − 6x² + x + y²/2 unless told otherwise', () => {
    const [u] = energy(fromRows([[2, 3]]));
    expect(u).toBe(2 ** 4 - 6 * 2 ** 2 + 2 + 3 ** 2 / 2);
    expect(name).toBe('double-well(a4=1, a2=6, a1=1, k=1)');
  });

  it('is stationary at −1.7723, 0.0835 and 1.6888, with the depths of its docstring', () => {
    const { energy: u, gradient } = energyAndGradient(
      fromRows([
        [-1.7723, 0],
        [0.0835, 0],
        [1.6888, 0],
      ]),
    );
    const expected = [-10.752, 0.042, -7.289];
    for (let b = 0; b < 3; b++) {
      expect(u[b]).toBeCloseTo(expected[b], 3);
      // The coordinates are rounded at 5e-5, and the curvature is at most 26.
      expect(Math.abs(gradient[2 * b])).toBeLessThan(26 * 5e-5);
    }
  });

  it('has F(right) − F(left) = 3.3799 at kT = 1, by quadrature of the first coordinate', () => {
    const cells = 20_000;
    const grid = fromRows(Array.from({ length: cells }, (_, i) => [(i + 0.5) * (4 / cells), 0]));
    const mirrored = fromRows(Array.from(grid.data, (_, i) => [-grid.data[i & ~1], 0]));
    const mass = (x: typeof grid): number => energy(x).reduce((sum, u) => sum + Math.exp(-u), 0);
    // The mirrored grid holds every point twice.
    expect(-Math.log(mass(grid) / (mass(mirrored) / 2))).toBeCloseTo(3.3799, 4);
  });

  it.each([
    { options: { a4: 0 }, message: /"a4" expected a positive number, got 0/ },
    { options: { a2: Number.NaN }, message: /"a2" expected a finite number, got NaN/ },
    { options: { k: -1 }, message: /"k" expected a positive number, got -1/ },
    { options: { dim: 1.5 }, message: /"dim" expected an integer of at least 1, got 1.5/ },
  ])('refuses $options', ({ options, message }) => {
    expect(() => doubleWell(options)).toThrow(message);
  });
});

describe('muellerBrown', () => {
  it('has the published depths, −146.700, −108.167 and −80.768, times its scale', () => {
    const minima = fromRows([
      [-0.558224, 1.441726],
      [0.623499, 0.028038],
      [-0.050011, 0.466694],
    ]);
    const unscaled = muellerBrown({ scale: 1 }).energyAndGradient(minima);
    const expected = [-146.6995, -108.1667, -80.7678];
    expected.forEach((depth, b) => {
      expect(unscaled.energy[b]).toBeCloseTo(depth, 3);
      expect(muellerBrown().energy(minima)[b]).toBeCloseTo(0.1 * depth, 4);
    });
    // Coordinates to 5e-7 and curvatures up to 3200.
    for (const slope of unscaled.gradient) expect(Math.abs(slope)).toBeLessThan(3200 * 5e-7);
  });

  it('rises on all sides, as it would not with the misprinted c₃ = +6.5', () => {
    const far = fromRows([
      [-3, 3],
      [3, 3],
      [-0.5, 4],
      [0, -3],
    ]);
    for (const u of muellerBrown().energy(far)) expect(u).toBeGreaterThan(0);
  });

  it('has ln Z = 11.7296 and ⟨U⟩ = −13.4935 at kT = 1 on its box', () => {
    const points: number[][] = [];
    const cells = 500;
    for (let i = 0; i < cells; i++) {
      for (let j = 0; j < cells; j++) {
        points.push([-1.5 + ((i + 0.5) * 2.5) / cells, -0.2 + ((j + 0.5) * 2.2) / cells]);
      }
    }
    const energy = muellerBrown().energy(fromRows(points));
    const area = (2.5 * 2.2) / cells ** 2;
    const z = energy.reduce((sum, u) => sum + Math.exp(-u) * area, 0);
    const mean = energy.reduce((sum, u) => sum + u * Math.exp(-u) * area, 0) / z;
    expect(Math.log(z)).toBeCloseTo(11.7296, 3);
    expect(mean).toBeCloseTo(-13.4935, 3);
  });

  it('refuses a scale that is not positive', () => {
    expect(() => muellerBrown({ scale: 0 })).toThrow(/"scale" expected a positive number, got 0/);
  });
});

describe('harmonic', () => {
  it('is ½ Σ k (x − c)²', () => {
    const [u] = harmonic({ stiffness: [2, 3], center: [1, -1] }).energy(fromRows([[4, 1]]));
    expect(u).toBe(0.5 * 2 * (4 - 1) ** 2 + 0.5 * 3 * (1 + 1) ** 2);
  });

  it('keeps its own copy of what it is given', () => {
    const stiffness = [1, 1];
    const well = harmonic({ stiffness });
    stiffness[0] = 100;
    expect(well.energy(fromRows([[1, 0]]))[0]).toBe(0.5);
  });

  it('names its parameters, and carries the units it is given', () => {
    const units = { length: 'nm', energy: 'kJ/mol' } as const;
    const well = harmonic({ stiffness: [1, 2], center: [0, 3], units });
    expect(well.name).toBe('harmonic(stiffness=[1, 2], center=[0, 3])');
    expect(well.units).toEqual(units);
  });

  it('refuses negative or missing springs and a center of another length', () => {
    expect(() => harmonic({ stiffness: [1, -2] })).toThrow(/"stiffness\[1\]" .*got -2/);
    expect(() => harmonic({ stiffness: [] })).toThrow(/"stiffness.length" .*got 0/);
    expect(() => harmonic({ stiffness: [1], center: [0, 0] })).toThrow(
      /"center" expected 1 numbers/,
    );
    expect(() => harmonic({ stiffness: [1], center: [Number.NaN] })).toThrow(/"center\[0\]"/);
  });
});
