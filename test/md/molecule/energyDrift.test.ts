import { describe, expect, it } from 'vitest';
import { fromRows } from '../../../src/core/batch.ts';
import { DivergenceError } from '../../../src/core/errors.ts';
import { rootKey } from '../../../src/core/rng.ts';
import { energyDrift } from '../../../src/md/molecule/energyDrift.ts';
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
