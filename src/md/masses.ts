import { ShapeError } from '../core/errors.ts';
import { expectPositive } from '../core/expectNumber.ts';
import { type Key, normal } from '../core/rng.ts';

/** One mass for all coordinates, or one for each, `[D]` (a particle's mass three times over); amu. */
export type Masses = number | ArrayLike<number>;

/**
 * The mass of each coordinate, `[D]`, amu; 1 where none is given.
 * @throws {ShapeError} where there are not `dim` of them. @throws {RangeError} unless all are positive.
 */
export function massPerCoordinate(masses: Masses | undefined, dim: number): Float64Array {
  if (masses === undefined) return new Float64Array(dim).fill(1);
  if (typeof masses === 'number') {
    return new Float64Array(dim).fill(expectPositive('masses', masses));
  }
  if (masses.length !== dim) {
    throw new ShapeError(
      `"masses" expected ${dim} numbers, one a coordinate, got ${masses.length}`,
    );
  }
  return Float64Array.from(masses, (mass, i) => expectPositive(`masses[${i}]`, mass));
}

/** √(kT/mᵢ), `[D]`: the standard deviation of each velocity in equilibrium, length/time. */
export function thermalSpeeds(masses: Float64Array, kT: number): Float64Array {
  return masses.map((mass) => Math.sqrt(kT / mass));
}

/** Velocities of `count` chains from the Maxwell–Boltzmann distribution, `[B, D]`. */
export function maxwellBoltzmann(key: Key, count: number, speeds: Float64Array): Float64Array {
  const dim = speeds.length;
  const velocities = normal(key, count * dim);
  for (let b = 0; b < count; b++) {
    for (let i = 0; i < dim; i++) velocities[b * dim + i] *= speeds[i];
  }
  return velocities;
}
