import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { batch, fromRows, row } from '../../../src/core/batch.ts';
import { particleDistance } from '../../../src/core/collectiveVariable.ts';
import { ErgoflowError, ShapeError } from '../../../src/core/errors.ts';
import { fold, normal, permutation, rootKey } from '../../../src/core/rng.ts';
import { evaluateRow } from '../../../src/md/particleDimer/evaluateRow.ts';
import { expectParticles } from '../../../src/md/particleDimer/expectParticles.ts';
import { dimerParameters, packed } from '../../../src/md/particleDimer/parameters.ts';
import { dimerReflections } from '../../../src/md/particleDimer/reflections.ts';
import { dimerDistance, dimerLattice, relaxedDimer } from '../../../src/md/particleDimer/starts.ts';
import { particleDimer } from '../../../src/md/potentials/particleDimer.ts';

function table(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
}

const { positions } = table('positions.json') as { positions: number[][] };
const x = fromRows(positions);
const potential = particleDimer();

describe('particleDimer', () => {
  it('agrees with OpenMM on energies and forces, thermal, hot and squeezed against the walls', () => {
    // python3 evaluateInOpenMM.py < positions.json > openmm.json, with OpenMM 7.7 of Debian 12.
    const openmm = table('openmm.json') as { energy: number[]; gradient: number[][] };
    const { energy, gradient } = potential.energyAndGradient(x);
    openmm.energy.forEach((expected, b) => {
      expect(Math.abs(energy[b] - expected)).toBeLessThan(1e-12 * Math.abs(expected));
      const scale = Math.max(...openmm.gradient[b].map(Math.abs));
      openmm.gradient[b].forEach((slope, i) => {
        expect(Math.abs(gradient[76 * b + i] - slope)).toBeLessThan(1e-12 * scale);
      });
    });
    expect(Math.max(...x.data.map(Math.abs))).toBeGreaterThan(3.1);
  });

  it('gives the bits of the TypeScript function, whatever the number of rows', () => {
    const many = batch(
      normal(rootKey(1), 131 * 76).map((z, i) => positions[0][i % 76] + z / 9),
      76,
    );
    const { energy, gradient } = potential.energyAndGradient(many);
    const slopes = new Float64Array(many.data.length);
    const numbers = packed(dimerParameters({}));
    for (let b = 0; b < many.count; b++) {
      expect(evaluateRow(many.data, 76 * b, 38, numbers, slopes)).toBe(energy[b]);
    }
    expect(gradient).toEqual(slopes);
    expect(
      particleDimer({ solvent: 3 }).energy(batch(normal(rootKey(2), 10), 10))[0],
    ).toBeGreaterThan(0);
    expect(potential.energyAndGradient(many).energy).toEqual(energy);
  });

  it('has a bond stationary at 0.9312, 1.5200 and 2.0487, tilted by −4.4139 kT over 0.5 to 2.5', () => {
    const bond = particleDimer({ solvent: 0 });
    const along = (d: number) => fromRows([[-d / 2, 0, d / 2, 0]]);
    for (const [d, depth] of [
      [0.9312, -17.881],
      [1.52, 0.04],
      [2.0487, -13.409],
    ]) {
      const { energy, gradient } = bond.energyAndGradient(along(d));
      expect(energy[0]).toBeCloseTo(depth, 3);
      // d is rounded at 5e-5, and the curvature is at most 500 at a well.
      expect(Math.abs(gradient[0])).toBeLessThan(500 * 5e-5);
    }
    const mass = (from: number, to: number): number => {
      let sum = 0;
      for (let i = from; i < to; i++) sum += Math.exp(-bond.energy(along(0.5 + (2 * i) / 99))[0]);
      return sum;
    };
    // The number that the notebook of the founding paper prints: closed is d < 1.5, its first 50 points.
    expect(-Math.log(mass(0, 50) / mass(50, 100))).toBeCloseTo(-4.41390436, 7);
  });

  it('is +∞ where two particles of the solvent coincide, and only for that row', () => {
    const pair = fromRows([positions[0], positions[1]]);
    pair.data.set(pair.data.subarray(10, 12), 20);
    const { energy } = potential.energyAndGradient(pair);
    expect(energy[0]).toBe(Infinity);
    expect(energy[1]).toBe(potential.energy(x)[1]);
  });

  it('does not change when solvent particles change names, and does when the dimer takes part', () => {
    const order = Array.from(permutation(rootKey(4), 36), (p) => p + 2);
    const renamed = [0, 1, ...order].flatMap((p) => positions[1].slice(2 * p, 2 * p + 2));
    const [energy] = potential.energy(fromRows([renamed]));
    expect(energy).toBeCloseTo(potential.energy(x)[1], 9);
    const swapped = [2, 1, 0, ...order.filter((p) => p !== 2)].flatMap((p) =>
      positions[1].slice(2 * p, 2 * p + 2),
    );
    expect(Math.abs(potential.energy(fromRows([swapped]))[0] - energy)).toBeGreaterThan(1);
  });

  it('refuses another number of particles, and parameters that are none', () => {
    expect(() => potential.energy(batch(new Float64Array(74), 74))).toThrow(
      'particle-dimer: expected rows of 76 coordinates, 38 particles in the plane, got rows of 74, 37 particles',
    );
    expect(() => potential.energyAndGradient(batch(new Float64Array(75), 75))).toThrow(ShapeError);
    expect(() => particleDimer({ rm: 0 })).toThrow(/"rm" expected a positive number, got 0/);
    expect(() => particleDimer({ solvent: 1.5 })).toThrow(/"solvent" expected an integer/);
  });
});

describe('relaxedDimer', () => {
  it('relaxes the lattice into the closed state from 1, into the open one from 2', () => {
    const starts = fromRows([relaxedDimer(potential, 1), relaxedDimer(potential, 2)]);
    const [closed, open] = dimerDistance.value(starts);
    expect(closed).toBeGreaterThan(0.85);
    expect(closed).toBeLessThan(0.95);
    expect(open).toBeGreaterThan(2);
    expect(open).toBeLessThan(2.1);
    for (const g of potential.energyAndGradient(starts).gradient) {
      expect(Math.abs(g)).toBeLessThan(1e-3);
    }
  });

  it('starts the solvent at ±0.6, ±1.8 and ±3, as the founding paper does', () => {
    const sites = new Set(Array.from(dimerLattice(1.5).subarray(4), (c) => Number(c.toFixed(9))));
    expect([...sites].sort((a, b) => a - b)).toEqual([-3, -1.8, -0.6, 0.6, 1.8, 3]);
    expect(Array.from(dimerLattice(1.5, 5).subarray(0, 4))).toEqual([-0.75, 0, 0.75, 0]);
  });

  it('names the particles of a start that overlap, are lost, or are too few', () => {
    const overlapping = dimerLattice(1);
    overlapping.set([0.7, 0.6, 0.7, 0.7], 10);
    expect(() => relaxedDimer(potential, overlapping)).toThrow(
      /overlapping particles, closer than 0.42: 5 and 6 \(0.1\), 5 and 23 \(0.1\), 6 and 23 \(0.141\)/,
    );
    const lost = dimerLattice(1);
    lost[9] = Number.NaN;
    expect(() => relaxedDimer(potential, lost)).toThrow(
      /coordinates that are not finite: particle 4 \(-?[0-9.]+, NaN\)/,
    );
    expect(() => relaxedDimer(potential, lost.subarray(2))).toThrow(
      'expected 38 particles in the plane, 76 coordinates, got 37 particles, 74 coordinates',
    );
    expect(() => expectParticles(new Float64Array(20), 10, 1)).toThrow(/and 41 more; move them/);
    expect(() => expectParticles(new Float64Array(4), 2, 1)).toThrow(ErgoflowError);
  });
});

describe('dimerReflections', () => {
  const reference = dimerLattice(1.5);
  const reflections = dimerReflections(reference);

  it('leave U, the distance and the reference unchanged, and undo themselves', () => {
    expect(reflections.map(({ name }) => name)).toEqual(['identity', 'y', 'x', 'x and y']);
    for (const { apply } of reflections) {
      const mirrored = apply(x);
      potential.energy(mirrored).forEach((energy, b) => {
        expect(Math.abs(energy / potential.energy(x)[b] - 1)).toBeLessThan(1e-12);
      });
      dimerDistance.value(mirrored).forEach((d, b) => {
        expect(d).toBeCloseTo(dimerDistance.value(x)[b], 12);
      });
      apply(fromRows([reference])).data.forEach((c, i) => {
        expect(c).toBeCloseTo(reference[i], 12);
      });
      expect(apply(mirrored).data).toEqual(x.data);
      // The first particle of the dimer stays on its side.
      expect(mirrored.data[0] < 0).toBe(x.data[0] < 0);
    }
    expect(reflections[1].apply(x).data).not.toEqual(x.data);
  });

  it('refuses a reference without the symmetry, naming the particle', () => {
    const skewed = dimerLattice(1.5);
    skewed[6] += 0.1;
    expect(() => dimerReflections(skewed)).toThrow(/reflection "y": .* the image of particle 3/);
  });
});

describe('particleDistance', () => {
  it('is the distance, with the unit vector as gradient, in the plane and in space', () => {
    const d = particleDistance('d', [1, 0], 3);
    const pair = fromRows([[1, 2, 3, 1, 5, 7]]);
    expect(d.value(pair)).toEqual(Float64Array.of(5));
    // Adding 0 makes −0 into 0.
    expect(d.gradient(pair).map((g) => g + 0)).toEqual(Float64Array.of(0, -0.6, -0.8, 0, 0.6, 0.8));
    expect(d.gradient(batch(new Float64Array(6), 6)).map(Math.abs)).toEqual(new Float64Array(6));
    const flat = particleDistance('d', [0, 2], 2);
    const three = batch(normal(fold(rootKey(1), 'three'), 12), 6);
    three.data.forEach((_, i) => {
      const moved = (h: number) => {
        const data = row(three, i < 6 ? 0 : 1).slice();
        data[i % 6] += h;
        return flat.value(batch(data, 6))[0];
      };
      expect((moved(1e-6) - moved(-1e-6)) / 2e-6).toBeCloseTo(flat.gradient(three)[i], 7);
    });
  });
});
