import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../src/core/errors.ts';
import { rootKey } from '../../src/core/rng.ts';
import { massPerCoordinate, maxwellBoltzmann, thermalSpeeds } from '../../src/md/masses.ts';

describe('masses', () => {
  it('are 1 by default, one for all, or one for each coordinate', () => {
    expect([...massPerCoordinate(undefined, 2)]).toEqual([1, 1]);
    expect([...massPerCoordinate(12, 2)]).toEqual([12, 12]);
    expect([...massPerCoordinate([1, 16], 2)]).toEqual([1, 16]);
  });

  it('are refused where there are too few, or one is not positive', () => {
    expect(() => massPerCoordinate([1, 2], 3)).toThrow(ShapeError);
    expect(() => massPerCoordinate([1, 0], 2)).toThrow(/"masses\[1\]" expected a positive number/);
    expect(() => massPerCoordinate(-1, 2)).toThrow(/"masses" expected a positive number, got -1/);
  });
});

it('Maxwell–Boltzmann velocities have ½kT of kinetic energy in every coordinate', () => {
  const kT = 2.5;
  const masses = Float64Array.of(1, 16);
  const count = 50_000;
  const v = maxwellBoltzmann(rootKey(1), count, thermalSpeeds(masses, kT));
  for (let d = 0; d < 2; d++) {
    let [sum, squares] = [0, 0];
    for (let b = 0; b < count; b++) {
      sum += v[2 * b + d];
      squares += 0.5 * masses[d] * v[2 * b + d] ** 2;
    }
    const spread = Math.sqrt(kT / masses[d] / count);
    expect(Math.abs(sum / count) / spread).toBeLessThan(4);
    expect(Math.abs(squares / count - kT / 2) / ((kT / 2) * Math.sqrt(2 / count))).toBeLessThan(4);
  }
});
