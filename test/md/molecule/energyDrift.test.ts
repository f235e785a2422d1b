import { describe, expect, it } from 'vitest';
import { type Batch, batch, fromRows } from '../../../src/core/batch.ts';
import { DivergenceError } from '../../../src/core/errors.ts';
import { fold, normal, rootKey, uniform } from '../../../src/core/rng.ts';
import { energyDrift } from '../../../src/md/molecule/energyDrift.ts';
import { descreening, descreeningSlope } from '../../../src/md/molecule/terms/descreening.ts';
import { harmonic } from '../../../src/md/potentials/harmonic.ts';
import { rowPotential } from '../../../src/md/rowPotential.ts';

const options = {
  positions: fromRows([
    [0.3, 0],
    [0, -0.2],
  ]),
  masses: 2,
  kT: 2.5,
  timestep: 0.01,
  steps: 4000,
  key: rootKey(1),
};
const spring = harmonic({ stiffness: [50, 80] });

describe('the drift of the total energy', () => {
  it('is nothing in a spring, whose energy only fluctuates, with the square of the time step', () => {
    const whole = energyDrift(spring, options);
    const half = energyDrift(spring, { ...options, timestep: 0.005, steps: 8000 });
    expect(Math.abs(whole.slope)).toBeLessThan(5 * whole.standardError);
    expect(whole.fluctuation / half.fluctuation).toBeGreaterThan(3.9);
    expect(whole.fluctuation / half.fluctuation).toBeLessThan(4.1);
  });

  it('has a shadow, which fluctuates less and with the fourth power of the time step', () => {
    const whole = energyDrift(spring, options);
    const half = energyDrift(spring, { ...options, timestep: 0.005, steps: 8000 });
    expect(whole.shadow.fluctuation).toBeLessThan(0.05 * whole.fluctuation);
    expect(whole.shadow.fluctuation / half.shadow.fluctuation).toBeGreaterThan(15);
    expect(whole.shadow.fluctuation / half.shadow.fluctuation).toBeLessThan(17);
  });

  it('is the power of a force that comes from no energy', () => {
    const force = 0.3;
    const driven = rowPotential({
      name: 'driven',
      dim: 2,
      units: { length: 'nm', energy: 'kJ/mol' },
      evaluationsPerGradient: 1,
      energy: () => 0,
      energyAndGradient(_x, offset, gradient) {
        gradient[offset] = -force;
        gradient[offset + 1] = 0;
        return 0;
      },
    });
    // From rest E = (f t)²/2m, whose least-squares slope is that of the middle, f² t/m.
    const kT = 1e-9;
    const found = energyDrift(driven, { ...options, kT });
    const middle = (options.steps * options.timestep) / 2;
    const expected = ((force ** 2 / options.masses) * middle * 1000) / (kT * 2);
    expect(Math.abs(found.slope / expected - 1)).toBeLessThan(0.01);
    expect(Math.abs(found.shadow.slope / expected - 1)).toBeLessThan(0.01);
  });

  it('does not depend on what the energy is counted from', () => {
    const high = rowPotential({
      name: 'high',
      dim: 2,
      units: spring.units,
      evaluationsPerGradient: 1,
      energy: (x, o) => 1e4 + 25 * x[o] ** 2 + 40 * x[o + 1] ** 2,
      energyAndGradient(x, o, gradient) {
        gradient[o] = 50 * x[o];
        gradient[o + 1] = 80 * x[o + 1];
        return 1e4 + 25 * x[o] ** 2 + 40 * x[o + 1] ** 2;
      },
    });
    const [low, lifted] = [energyDrift(spring, options), energyDrift(high, options)];
    expect(lifted.fluctuation).toBeCloseTo(low.fluctuation, 9);
    expect(lifted.slope).toBeCloseTo(low.slope, 6);
  });

  it('is told of where a trajectory diverges, and not of settings that make no line', () => {
    expect(() => energyDrift(spring, { ...options, timestep: 1 })).toThrow(DivergenceError);
    expect(() => energyDrift(spring, { ...options, steps: 4010 })).toThrow(
      '"steps" expected a multiple of 100, got 4010',
    );
  });
});

describe('an energy that walks at random', () => {
  /** A round well with a bump, on whose edge the second derivative jumps by `height`: kicks far below kT, which is 1. */
  const height = 50;
  const bump = (x: Float64Array, o: number): number =>
    Math.max(0, 1 - Math.hypot(x[o] - 0.5, x[o + 1]));
  const edged = rowPotential({
    name: 'a well with a bump',
    dim: 2,
    units: spring.units,
    evaluationsPerGradient: 1,
    energy: (x, o) => 0.5 * (x[o] ** 2 + x[o + 1] ** 2 + height * bump(x, o) ** 2),
    energyAndGradient(x, o, gradient) {
      const inside = bump(x, o);
      const pull = inside > 0 ? (height * inside) / (1 - inside) : 0;
      gradient[o] = x[o] - pull * (x[o] - 0.5);
      gradient[o + 1] = x[o + 1] - pull * x[o + 1];
      return 0.5 * (x[o] ** 2 + x[o + 1] ** 2 + height * inside ** 2);
    },
  });

  /** At kT = 1: draws of the well, kept with the probability that the bump leaves them. */
  function equilibrium(count: number): Batch {
    const key = fold(rootKey(31), 'starts');
    const tries = normal(fold(key, 'places'), 8 * count);
    const chances = uniform(fold(key, 'chances'), 4 * count);
    const kept: number[] = [];
    for (let i = 0; i < chances.length && kept.length < 2 * count; i++) {
      if (chances[i] > Math.exp(-0.5 * height * bump(tries, 2 * i) ** 2)) continue;
      kept.push(tries[2 * i], tries[2 * i + 1]);
    }
    expect(kept.length).toBe(2 * count);
    return batch(Float64Array.from(kept), 2);
  }

  it('rises on average by half of what its variance gains, over kT', () => {
    const positions = equilibrium(1000);
    const run = { positions, masses: 1, kT: 1, timestep: 0.1, steps: 1000, key: rootKey(5) };
    const { slope, standardError, shadow, walk } = energyDrift(edged, run);
    // There is a rise to be explained, and the walk explains it.
    expect(slope / standardError).toBeGreaterThan(5);
    expect(walk.slope / walk.standardError).toBeGreaterThan(10);
    for (const direct of [{ slope, standardError }, shadow]) {
      const error = Math.hypot(direct.standardError, walk.standardError);
      expect(Math.abs(direct.slope - walk.slope)).toBeLessThan(3 * error);
    }
    // kT²/ns, to kT/ns for each of two degrees of freedom.
    expect(walk.slope).toBeCloseTo(walk.growth / 2 / 2, 9);
  });

  it('is no excuse for forces of a moment ago, which heat', () => {
    const late = 0.02;
    const before = new Map<number, Float64Array>();
    const stale = rowPotential({
      name: 'late',
      dim: 2,
      units: spring.units,
      evaluationsPerGradient: 1,
      energy: (x, o) => 0.5 * (50 * x[o] ** 2 + 80 * x[o + 1] ** 2),
      energyAndGradient(x, o, gradient) {
        const here = x.slice(o, o + 2);
        const there = before.get(o) ?? here;
        before.set(o, here);
        gradient[o] = 50 * (here[0] - late * (here[0] - there[0]));
        gradient[o + 1] = 80 * (here[1] - late * (here[1] - there[1]));
        return 0.5 * (50 * here[0] ** 2 + 80 * here[1] ** 2);
      },
    });
    const [chains, kT, timestep, masses] = [64, 2.5, 0.01, 2];
    const places = normal(fold(rootKey(7), 'places'), 2 * chains);
    const positions = batch(
      places.map((z, i) => z * Math.sqrt(kT / [50, 80][i % 2])),
      2,
    );
    const run = { positions, masses, kT, timestep, steps: 1000, key: rootKey(8) };
    const { shadow, walk } = energyDrift(stale, run);
    // A force of the time τ ago is −kx + τ k v to the first order: τ k v² of power, of which ⟨v²⟩ = kT/m.
    const expected = (1000 * late * timestep * (50 + 80)) / masses / 2;
    expect(Math.abs(shadow.slope - expected)).toBeLessThan(4 * shadow.standardError);
    expect(shadow.slope).toBeGreaterThan(
      walk.slope + 2 * walk.standardError + 10 * shadow.standardError,
    );
  });
});

describe('why the energy of a molecule in a generalised Born solvent walks', () => {
  // ρ̃ of hydrogen and of carbon in OBC2, with s of the other one; the last pair for a small atom in a large sphere.
  it.each([
    ['a hydrogen touches a carbon', 0.111, 0.116, 0.227],
    ['a carbon touches a hydrogen', 0.161, 0.094, 0.255],
    ['an atom comes out of a sphere', 0.03, 0.116, 0.086],
  ])('is that the second derivative of the descreening jumps where %s', (_, a, s, r) => {
    const h = 1e-7;
    const second = (side: number): number =>
      (side * (descreeningSlope(r + side * h, a, s) - descreeningSlope(r, a, s))) / h;
    const expected = s / (2 * r * a ** 3);
    expect(Math.abs((second(1) - second(-1)) / expected - 1)).toBeLessThan(1e-4);
    // The value and the slope do not jump: over 2h they change by what their derivatives say.
    const slope = descreeningSlope(r, a, s);
    const change = descreening(r + h, a, s) - descreening(r - h, a, s);
    expect(Math.abs(change - 2 * h * slope)).toBeLessThan(h * h * expected);
    const bend = descreeningSlope(r + h, a, s) - descreeningSlope(r - h, a, s);
    expect(Math.abs(bend)).toBeLessThan(2 * h * (Math.abs(second(-1)) + expected));
  });
});
