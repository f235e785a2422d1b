import { describe, expect, it } from 'vitest';
import { fromRows } from '../../src/core/batch.ts';
import { DivergenceError, ShapeError } from '../../src/core/errors.ts';
import { booked, emptyLedger } from '../../src/core/ledger.ts';
import { normal, rootKey } from '../../src/core/rng.ts';
import { definePotential } from '../../src/md/definePotential.ts';
import { minimize } from '../../src/md/minimize.ts';
import { harmonic } from '../../src/md/potentials/harmonic.ts';
import { muellerBrown } from '../../src/md/potentials/muellerBrown.ts';

const rosenbrock = definePotential({
  name: 'rosenbrock',
  dim: 10,
  energy(x) {
    let sum = 0;
    for (let i = 0; i < 9; i++) sum += 100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2;
    return sum;
  },
  gradient(x, out) {
    for (let i = 0; i < 9; i++) {
      const bend = x[i + 1] - x[i] ** 2;
      out[i] += -400 * x[i] * bend - 2 * (1 - x[i]);
      out[i + 1] += 200 * bend;
    }
  },
});

/** A pair of atoms on a line: a wall of r⁻¹² where r is small, forbidden where it is negative. */
const pair = definePotential({
  name: 'pair',
  dim: 1,
  energy: ([r]) => (r > 0 ? r ** -12 - r ** -6 : Infinity),
  gradient([r], out) {
    out[0] = -12 * r ** -13 + 6 * r ** -7;
  },
});

describe('minimize', () => {
  it.each([
    { from: [-0.5, 1.5], to: [-0.558224, 1.441726] },
    { from: [-1, 1], to: [-0.558224, 1.441726] },
    { from: [0.5, 0], to: [0.623499, 0.028038] },
    { from: [1, 0.5], to: [0.623499, 0.028038] },
    { from: [0, 0.5], to: [-0.050011, 0.466694] },
    { from: [-0.2, 0.6], to: [-0.050011, 0.466694] },
  ])('runs from $from to the Müller–Brown minimum $to', ({ from, to }) => {
    const found = minimize(muellerBrown(), from, { gradientTolerance: 1e-9 });
    expect(found.converged).toBe(true);
    expect(found.gradientNorm).toBeLessThanOrEqual(1e-9);
    to.forEach((coordinate, i) => {
      expect(found.x[i]).toBeCloseTo(coordinate, 5);
    });
    expect(found.energy).toBe(muellerBrown().energy(fromRows([found.x]))[0]);
  });

  it('finds the center of a harmonic well whose springs differ a hundredfold', () => {
    const dim = 30;
    const center = normal(rootKey(1), dim);
    const stiffness = Array.from({ length: dim }, (_, i) => 100 ** (i / (dim - 1)));
    const found = minimize(harmonic({ stiffness, center }), new Float64Array(dim), {
      gradientTolerance: 1e-8,
    });
    expect(found.converged).toBe(true);
    // |x − c| ≤ |∇U| / k, and the softest spring has k = 1.
    found.x.forEach((coordinate, i) => {
      expect(Math.abs(coordinate - center[i])).toBeLessThanOrEqual(1e-8);
    });
  });

  it('follows a bent valley in 10 dimensions at some 1.2 evaluations an iteration', () => {
    const ledger = emptyLedger();
    const start = new Float64Array(10).fill(-1.2);
    const found = minimize(booked(rosenbrock, ledger, 'seeding'), start);
    expect(found.converged).toBe(true);
    found.x.forEach((coordinate) => {
      expect(coordinate).toBeCloseTo(1, 5);
    });
    expect(found.iterations).toBeLessThan(150);
    expect(ledger.seeding).toBeLessThan(1.5 * found.iterations);
  });

  it('lengthens its first step until it suits a plain ten thousand lengths wide', () => {
    const ledger = emptyLedger();
    const plain = booked(harmonic({ stiffness: [1e-3] }), ledger, 'seeding');
    const found = minimize(plain, [1e4], { gradientTolerance: 1e-9 });
    expect(found.converged).toBe(true);
    expect(ledger.seeding).toBeLessThan(25);
  });

  it('climbs down a wall on which U falls by fifteen orders, and never enters the forbidden side', () => {
    const found = minimize(pair, [0.05]);
    expect(found.converged).toBe(true);
    expect(found.x[0]).toBeCloseTo(2 ** (1 / 6), 6);
    expect(found.energy).toBeCloseTo(-0.25, 12);
  });

  it('returns where it came to when its iterations run out, and says so', () => {
    const start = new Float64Array(10).fill(-1.2);
    const found = minimize(rosenbrock, start, { maxIterations: 5 });
    expect(found).toMatchObject({ iterations: 5, converged: false });
    expect(found.energy).toBeLessThan(rosenbrock.energy(fromRows([start]))[0]);
  });

  it('leaves a minimum alone, and its start untouched', () => {
    const start = Float64Array.of(1, -2);
    const found = minimize(harmonic({ stiffness: [1, 1], center: start }), start);
    expect(found).toMatchObject({ iterations: 0, converged: true, gradientNorm: 0 });
    expect(found.x).not.toBe(start);
    minimize(muellerBrown(), start);
    expect([...start]).toEqual([1, -2]);
  });

  it('says when rounding allows no further descent instead of claiming the tolerance', () => {
    const found = minimize(muellerBrown(), [-0.5, 1.5], { gradientTolerance: 1e-30 });
    expect(found.converged).toBe(false);
    expect(found.gradientNorm).toBeLessThan(1e-7);
  });

  it('refuses a start where U is not finite, with the coordinates', () => {
    expect(() => minimize(pair, [-1])).toThrow(DivergenceError);
    expect(() => minimize(pair, [-1])).toThrow(/pair gave energy Infinity at \(-1\)/);
  });

  it('refuses a start of another dimension and impossible options', () => {
    expect(() => minimize(pair, [1, 2])).toThrow(ShapeError);
    expect(() => minimize(pair, [1], { gradientTolerance: 0 })).toThrow(/"gradientTolerance"/);
    expect(() => minimize(pair, [1], { maxIterations: -1 })).toThrow(/"maxIterations"/);
  });
});
