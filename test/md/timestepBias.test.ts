import { describe, expect, it } from 'vitest';
import { rootKey } from '../../src/core/rng.ts';
import { eulerMaruyama } from '../../src/md/kernels/eulerMaruyama.ts';
import { langevin } from '../../src/md/kernels/langevin.ts';
import { harmonic } from '../../src/md/potentials/harmonic.ts';
import { baoabBias, eulerMaruyamaBias, type Measured, measure, powerLaw } from './timestepBias.ts';

/** Standard errors; exceeded once in 370 by a slope, once in 15 000 by a mean. */
const slopeBound = 3;
const meanBound = 4;

function expectPower(
  timesteps: readonly number[],
  biases: readonly Measured[],
  power: number,
): void {
  // The logarithm of a bias has a normal error only where the bias is many errors from zero.
  for (const { mean, standardError } of biases) {
    expect(Math.abs(mean)).toBeGreaterThan(5 * standardError);
  }
  const { slope, standardError } = powerLaw(timesteps, biases);
  expect(Math.abs(slope - power)).toBeLessThan(slopeBound * standardError);
  // The errors are small enough to tell one power from the next.
  expect(standardError).toBeLessThan(1 / 4);
}

describe('the time-step bias on an anharmonic target', () => {
  it('of Euler–Maruyama is O(Δt) in the positions', () => {
    const timesteps = [0.1, 0.15, 0.25, 0.4];
    const biases = eulerMaruyamaBias(timesteps, [7e6, 4e6, 2e6, 1e6], rootKey(1));
    expectPower(timesteps, biases, 1);
  });

  it('of BAOAB is O(Δt²) in the positions and in the kinetic temperature', () => {
    const timesteps = [0.6, 0.7, 0.85, 1];
    const biases = baoabBias(timesteps, [10e6, 7e6, 4e6, 3e6], rootKey(1));
    expectPower(timesteps, biases.cosine, 2);
    expectPower(timesteps, biases.temperature, 2);
  });
});

describe('in a harmonic well', () => {
  const kT = 1.5;
  const k = 2;
  const well = harmonic({ stiffness: [k] });
  const run = { potential: well, chains: 4000, warmup: 60, bursts: 100 };

  it('BAOAB has the exact variance of the position at any step, and kT(1 − kΔt²/4m) of the velocity', () => {
    const mass = 0.5;
    for (const timestep of [0.3, 0.7]) {
      const [x2, v2] = measure({
        ...run,
        kernel: langevin(well, { kT, timestep, friction: 2, masses: mass, steps: 2 }),
        key: rootKey(2),
        observables: [
          ({ positions }, b) => positions.data[b] ** 2,
          ({ velocities }, b) => mass * (velocities?.[b] ?? Number.NaN) ** 2,
        ],
      });
      const expected = kT * (1 - (timestep ** 2 * k) / (4 * mass));
      expect(Math.abs(x2.mean - kT / k) / x2.standardError).toBeLessThan(meanBound);
      expect(Math.abs(v2.mean - expected) / v2.standardError).toBeLessThan(meanBound);
      // A thermostat of the wrong temperature by 2 % would not pass.
      expect(x2.standardError).toBeLessThan((0.02 * kT) / k / meanBound);
    }
  });

  it('Euler–Maruyama has the variance kT / k(1 − kΔt/2)', () => {
    for (const timestep of [0.1, 0.5]) {
      const [x2] = measure({
        ...run,
        kernel: eulerMaruyama(well, { kT, timestep, steps: 2 }),
        key: rootKey(3),
        observables: [({ positions }, b) => positions.data[b] ** 2],
      });
      const expected = kT / (k * (1 - (k * timestep) / 2));
      expect(Math.abs(x2.mean - expected) / x2.standardError).toBeLessThan(meanBound);
      expect(x2.standardError).toBeLessThan(0.01 * expected);
    }
  });
});
