import { determinant, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { batch } from '../../../src/core/batch.ts';
import { fold, normal, rootKey } from '../../../src/core/rng.ts';
import { torsionAngle } from '../../../src/core/torsion.ts';
import { internalCoordinates } from '../../../src/md/molecule/internalCoordinates.ts';
import { alanineDipeptide } from '../../../src/md/molecule/systems/alanineDipeptide.ts';
import { bpti } from '../../../src/md/molecule/systems/bpti.ts';
import { chignolin } from '../../../src/md/molecule/systems/chignolin.ts';
import type { Topology } from '../../../src/md/molecule/topology.ts';
import { zMatrix } from '../../../src/md/molecule/zMatrix.ts';

/** A molecule of carbon and hydrogen from its bonds. */
function molecule(elements: string, bonds: Topology['bonds']): Topology {
  return {
    atoms: [...elements].map((element, i) => ({ name: `${element}${i}`, element, residue: 0 })),
    residues: [{ name: 'MOL', number: 1, insertion: '', chain: '' }],
    bonds,
  };
}

/** `start` and copies of it with every atom shaken by 0.01 nm. */
function shaken(start: Float64Array, count: number) {
  const kicks = normal(fold(rootKey(0), 'shaken'), start.length * count);
  const data = kicks.map(
    (kick, i) => start[i % start.length] + (i < start.length ? 0 : 0.01 * kick),
  );
  return batch(data, start.length);
}

const shipped = [
  { name: 'alanine dipeptide', made: alanineDipeptide() },
  { name: 'chignolin', made: chignolin() },
  { name: 'BPTI', made: bpti() },
];

describe.each(shipped)('the internal coordinates of $name', ({ made }) => {
  const { topology } = made.system;
  const coordinates = internalCoordinates(topology);
  const x = shaken(made.positions, 3);

  it('come back as they were from the Cartesian ones made of them, with the opposite log-determinant', () => {
    const internal = coordinates.toInternal(x);
    expect(internal.value.dim).toBe(x.dim - 6);
    const back = coordinates.toCartesian(internal.value);
    const again = coordinates.toInternal(back.value);
    internal.value.data.forEach((value, i) => {
      const difference = again.value.data[i] - value;
      const turns = Math.round(difference / (2 * Math.PI));
      expect(Math.abs(difference - 2 * Math.PI * turns)).toBeLessThan(1e-9);
    });
    internal.logDet.forEach((logDet, b) => {
      expect(back.logDet[b]).toBe(-logDet);
      expect(Number.isFinite(logDet)).toBe(true);
    });
  });

  it('keep every distance between atoms and the hand of the molecule', () => {
    const back = coordinates.toCartesian(coordinates.toInternal(x).value).value;
    let worst = 0;
    const atoms = x.dim / 3;
    for (let i = 0; i < atoms; i++) {
      for (const j of [0, Math.floor(atoms / 2), atoms - 1]) {
        worst = Math.max(worst, Math.abs(distance(x.data, i, j) - distance(back.data, i, j)));
      }
    }
    expect(worst).toBeLessThan(1e-10);
    const four = [0, 1, 4, 6] as const;
    expect(torsionAngle(back.data, four)).toBeCloseTo(torsionAngle(x.data, four), 9);
  });

  it('place every atom once, on a bond, from atoms that are there', () => {
    const bonded = new Set(topology.bonds.flatMap(([i, j]) => [`${i}-${j}`, `${j}-${i}`]));
    const placed = new Set<number>();
    coordinates.rows.forEach(({ atom, bond, angle, torsion }, k) => {
      const from = [bond, angle, torsion].slice(0, k);
      expect(new Set([atom, ...from]).size).toBe(Math.min(k, 3) + 1);
      expect(from.every((each) => placed.has(each))).toBe(true);
      if (k > 0) expect(bonded.has(`${atom}-${bond}`)).toBe(true);
      if (k > 1) expect(bonded.has(`${bond}-${angle}`)).toBe(true);
      placed.add(atom);
    });
    expect(placed.size).toBe(topology.atoms.length);
  });
});

describe('toCartesian', () => {
  it('has the log-determinant of the whole change of variables, rigid motion included', () => {
    const { system, positions } = alanineDipeptide();
    const { toInternal, toCartesian, dim } = internalCoordinates(system.topology);
    const internal = toInternal(shaken(positions, 2)).value;
    const size = dim + 6;
    const h = 1e-6;
    for (let b = 0; b < internal.count; b++) {
      const row = internal.data.slice(b * dim, (b + 1) * dim);
      const x = toCartesian(batch(row, dim)).value.data;
      const jacobian = Matrix.zeros(size, size);
      for (let j = 0; j < dim; j++) {
        const at = (shift: number): Float64Array => {
          const moved = row.slice();
          moved[j] += shift;
          return toCartesian(batch(moved, dim)).value.data;
        };
        const [plus, minus] = [at(h), at(-h)];
        for (let i = 0; i < size; i++) jacobian.set(i, j, (plus[i] - minus[i]) / (2 * h));
      }
      for (let i = 0; i < size; i += 3) {
        for (let axis = 0; axis < 3; axis++) {
          jacobian.set(i + axis, dim + axis, 1);
          // A small rotation about `axis`: ω × x.
          const [next, last] = [(axis + 1) % 3, (axis + 2) % 3];
          jacobian.set(i + last, dim + 3 + axis, x[i + next]);
          jacobian.set(i + next, dim + 3 + axis, -x[i + last]);
        }
      }
      const expected = Math.log(Math.abs(determinant(jacobian)));
      expect(toCartesian(batch(row, dim)).logDet[0]).toBeCloseTo(expected, 5);
    }
  });

  it('of three atoms has 2 ln b₂ + 2 ln b₃ + ln sin θ, and places them as it says', () => {
    const water = internalCoordinates(
      molecule('OHH', [
        [0, 1],
        [0, 2],
      ]),
    );
    expect(water.rows.map(({ atom }) => atom)).toEqual([2, 0, 1]);
    const { value, logDet } = water.toCartesian(batch(Float64Array.of(0.1, 0.2, 1.8), 3));
    expect(logDet[0]).toBeCloseTo(
      2 * Math.log(0.1) + 2 * Math.log(0.2) + Math.log(Math.sin(1.8)),
      14,
    );
    expect([...value.data.subarray(6, 9)]).toEqual([0, 0, 0]);
    expect([...value.data.subarray(0, 3)]).toEqual([0.1, 0, 0]);
    expect(value.data[3]).toBeCloseTo(0.1 - 0.2 * Math.cos(1.8), 14);
    expect(value.data[4]).toBeCloseTo(0.2 * Math.sin(1.8), 14);
    expect(value.data[5]).toBe(0);
  });

  it('wants rows of its own length', () => {
    const { system, positions } = alanineDipeptide();
    const { toInternal, toCartesian } = internalCoordinates(system.topology);
    expect(() => toCartesian(batch(positions, 66))).toThrow('expected [B, 60], got [1, 66]');
    expect(() => toInternal(batch(positions, 33))).toThrow('expected [B, 66], got [2, 33]');
  });
});

describe('zMatrix', () => {
  it('has φ and ψ of alanine dipeptide among its torsions, each turning all that hangs on it', () => {
    const { system, positions } = alanineDipeptide();
    const { rows, toInternal, toCartesian, dim } = internalCoordinates(system.topology);
    const torsions = rows.slice(3).map(({ atom, bond, angle, torsion }) => {
      return [atom, bond, angle, torsion].join(' ');
    });
    const isThere = (path: readonly number[]): boolean =>
      [path, path.toReversed()].some((each) => torsions.includes(each.join(' ')));
    expect(isThere([4, 6, 8, 14])).toBe(true);
    expect(isThere([6, 8, 14, 16])).toBe(true);
    const internal = toInternal(batch(positions, 66)).value;
    const at = torsions.findIndex((path) => ['16 14 8 6', '6 8 14 16'].includes(path));
    internal.data[2 * 22 - 3 + at] += 0.5;
    const turned = toCartesian(batch(internal.data, dim)).value.data;
    const psi = torsionAngle(turned, [6, 8, 14, 16]) - torsionAngle(positions, [6, 8, 14, 16]);
    expect(psi).toBeCloseTo(0.5, 9);
    // The carbonyl stays flat, because its oxygen follows.
    const flat = (x: Float64Array): number => torsionAngle(x, [15, 14, 8, 16]);
    expect(flat(turned)).toBeCloseTo(flat(positions), 9);
  });

  it('refuses what is not one molecule of three atoms or more', () => {
    expect(() => zMatrix(molecule('HH', [[0, 1]]))).toThrow('2 atoms, three are needed');
    expect(() => zMatrix(molecule('HHHH', [[0, 1]]))).toThrow('no atom has two bonds');
    const apart = molecule('CHHC', [
      [0, 1],
      [0, 2],
    ]);
    expect(() => zMatrix(apart)).toThrow('atom 4 (C3) has no bonds to the rest of the molecule');
  });
});

function distance(x: Float64Array, i: number, j: number): number {
  return Math.hypot(...[0, 1, 2].map((axis) => x[3 * i + axis] - x[3 * j + axis]));
}
