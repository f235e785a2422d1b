import { describe, expect, it } from 'vitest';
import { type Batch, batch, row } from '../../../src/core/batch.ts';
import { ShapeError } from '../../../src/core/errors.ts';
import { startChains } from '../../../src/core/kernel.ts';
import { at, fold, type Key, normal, rootKey, uniform } from '../../../src/core/rng.ts';
import { langevin } from '../../../src/md/kernels/langevin.ts';
import { maxwellBoltzmann, thermalSpeeds } from '../../../src/md/masses.ts';
import { harmonic } from '../../../src/md/potentials/harmonic.ts';
import { rowPotential } from '../../../src/md/rowPotential.ts';
import { configurationalTemperature } from '../../../src/md/validation/configurationalTemperature.ts';
import { kineticTemperature } from '../../../src/md/validation/kineticTemperature.ts';
import { meanOf, varianceBound, varianceOf } from '../../analysis/series.ts';

const kT = 2.5;
const stiffness = Float64Array.of(50, 80, 2000);
const springs = harmonic({ stiffness });

function springSamples(key: Key, count: number, temperature = kT): Batch {
  const x = normal(key, 3 * count);
  return batch(
    x.map((z, i) => z * Math.sqrt(temperature / stiffness[i % 3])),
    3,
  );
}

/** U = a r⁴ in four dimensions: U/kT has the density e^(−U/kT), so that it can be drawn. */
const a = 30;
const quartic = rowPotential({
  name: 'quartic',
  dim: 4,
  units: { length: 'reduced', energy: 'reduced' },
  evaluationsPerGradient: 1,
  energy: (x, offset) => a * squaredLength(x, offset) ** 2,
  energyAndGradient(x, offset, gradient) {
    const r2 = squaredLength(x, offset);
    for (let i = offset; i < offset + 4; i++) gradient[i] = 4 * a * r2 * x[i];
    return a * r2 * r2;
  },
});

function squaredLength(x: Float64Array, offset: number): number {
  let sum = 0;
  for (let i = offset; i < offset + 4; i++) sum += x[i] ** 2;
  return sum;
}

function quarticSamples(key: Key, count: number, temperature = kT): Batch {
  const x = batch(normal(fold(key, 'direction'), 4 * count), 4);
  const u = uniform(fold(key, 'energy'), count);
  for (let b = 0; b < count; b++) {
    const own = row(x, b);
    const radius = ((-temperature * Math.log(1 - u[b])) / a) ** (1 / 4);
    const factor = radius / Math.sqrt(squaredLength(own, 0));
    for (let i = 0; i < 4; i++) own[i] *= factor;
  }
  return x;
}

describe('the kinetic temperature', () => {
  it('is Σ m v² by the degrees of freedom of each frame', () => {
    const velocities = Float64Array.of(1, 2, 3, 4);
    expect(kineticTemperature(velocities, [2, 3])).toEqual(
      Float64Array.of((2 + 12) / 2, (18 + 48) / 2),
    );
    expect(kineticTemperature(velocities, [2, 3], { degreesOfFreedom: 1 })).toEqual(
      Float64Array.of(14, 66),
    );
    expect(kineticTemperature(velocities, 2)).toEqual(Float64Array.of((2 * 30) / 4));
    expect(kineticTemperature(velocities, 2, { dim: 1 })).toEqual(Float64Array.of(2, 8, 18, 32));
  });

  it('scatters about kT by √(2/f) where velocities are drawn from the Maxwell–Boltzmann distribution', () => {
    const masses = Float64Array.of(1, 1, 1, 16, 16, 16);
    const count = 5000;
    const velocities = maxwellBoltzmann(rootKey(1), count, thermalSpeeds(masses, kT));
    const frames = kineticTemperature(velocities, masses);
    const width = kT * Math.sqrt(2 / 6);
    expect(Math.abs(meanOf(frames) - kT)).toBeLessThan((4 * width) / Math.sqrt(count));
    // Excess kurtosis 12/f of a χ² of f degrees widens what a variance may be off by.
    const bound = Math.sqrt((2 + 12 / 6) / count);
    expect(Math.abs(varianceOf(frames) / width ** 2 - 1)).toBeLessThan(4 * bound);
  });

  it('refuses velocities that are not rows, and no degrees of freedom', () => {
    expect(() => kineticTemperature(new Float64Array(5), [1, 1])).toThrow(
      'kineticTemperature: 5 velocities are not rows of 2',
    );
    expect(() => kineticTemperature(new Float64Array(4), [1, 1], { degreesOfFreedom: 0 })).toThrow(
      RangeError,
    );
    expect(() => kineticTemperature(new Float64Array(4), [1, -1])).toThrow(RangeError);
  });
});

describe('the configurational temperature', () => {
  it.each([
    ['springs', springs, springSamples(rootKey(2), 4000)],
    ['a quartic well', quartic, quarticSamples(rootKey(3), 4000)],
  ])('of samples in %s is theirs, whatever the masses', (_, potential, x) => {
    for (const masses of [1, Float64Array.of(1, 12, 30, 4).subarray(0, potential.dim)]) {
      const found = configurationalTemperature(potential, x, { masses });
      expect(Math.abs(found.kT - kT)).toBeLessThan(4 * found.standardError);
      expect(found.standardError).toBeLessThan(0.03 * kT);
    }
  });

  it('has curvatures by differences that are those by hand', () => {
    const masses = [1, 12, 30, 4];
    const x = quarticSamples(rootKey(4), 20);
    const { laplacian, squaredGradient } = configurationalTemperature(quartic, x, { masses });
    for (let b = 0; b < x.count; b++) {
      const own = row(x, b);
      const r2 = squaredLength(own, 0);
      let [expected, squares] = [0, 0];
      masses.forEach((mass, i) => {
        expected += (4 * a * r2 + 8 * a * own[i] ** 2) / mass;
        squares += (4 * a * r2 * own[i]) ** 2 / mass;
      });
      expect(Math.abs(laplacian[b] / expected - 1)).toBeLessThan(1e-7);
      expect(Math.abs(squaredGradient[b] / squares - 1)).toBeLessThan(1e-13);
    }
  });

  it('has z-scores of unit variance', () => {
    const count = 300;
    const scores = Array.from({ length: count }, (_, r) => {
      const found = configurationalTemperature(quartic, quarticSamples(at(rootKey(5), r), 100));
      return (found.kT - kT) / found.standardError;
    });
    // The ratio of means of 100 rows is off by a few hundredths of its error, and its scores are skewed.
    expect(Math.abs(meanOf(scores))).toBeLessThan(4 / Math.sqrt(count) + 0.1);
    expect(Math.abs(varianceOf(scores) - 1)).toBeLessThan(varianceBound(count, 5));
  });

  it('tells positions that are hot by 3 %, and forces that are too weak by 3 %', () => {
    const hot = configurationalTemperature(quartic, quarticSamples(rootKey(6), 20_000, 1.03 * kT));
    expect((hot.kT - kT) / hot.standardError).toBeGreaterThan(3);
    expect(Math.abs(hot.kT - 1.03 * kT)).toBeLessThan(4 * hot.standardError);
    const weak = harmonic({ stiffness: stiffness.map((k) => 0.97 * k) });
    const found = configurationalTemperature(weak, springSamples(rootKey(7), 20_000));
    expect((found.kT - kT) / found.standardError).toBeLessThan(-2);
  });

  it('refuses a single row, and a width that is none', () => {
    const one = batch(new Float64Array(3).fill(0.1), 3);
    expect(() => configurationalTemperature(springs, one)).toThrow(ShapeError);
    const two = springSamples(rootKey(8), 2);
    expect(() => configurationalTemperature(springs, two, { width: 0 })).toThrow(RangeError);
    expect(() => configurationalTemperature(springs, batch(new Float64Array(4), 2))).toThrow(
      ShapeError,
    );
  });
});

describe('both temperatures of BAOAB in springs', () => {
  const masses = [1, 12, 2];
  const timestep = 0.05;
  const chains = 4000;
  const kernel = langevin(springs, { kT, timestep, friction: 2, masses, steps: 200 });
  const { state } = kernel.step(
    startChains(springs, springSamples(rootKey(9), chains)),
    rootKey(10),
  );

  it('are kT in the positions and kT (1 − Δt² k/4m) in the velocities', () => {
    const positions = configurationalTemperature(springs, state.positions, { masses });
    expect(Math.abs(positions.kT - kT)).toBeLessThan(4 * positions.standardError);
    const frames = kineticTemperature(state.velocities!, masses);
    const error = Math.sqrt(varianceOf(frames) / chains);
    let expected = 0;
    masses.forEach((mass, i) => {
      expected += (kT / 3) * (1 - (timestep ** 2 * stiffness[i]) / (4 * mass));
    });
    expect(Math.abs(meanOf(frames) - expected)).toBeLessThan(4 * error);
    expect(kT - meanOf(frames)).toBeGreaterThan(5 * error);
  });

  it('are the same with what the forces say that the velocities lack', () => {
    const { squaredGradient } = configurationalTemperature(springs, state.positions, { masses });
    const frames = kineticTemperature(state.velocities!, masses).map(
      (each, b) => each + ((timestep ** 2 / 4) * squaredGradient[b]) / 3,
    );
    const error = Math.sqrt(varianceOf(frames) / chains);
    expect(Math.abs(meanOf(frames) - kT)).toBeLessThan(4 * error);
  });
});
