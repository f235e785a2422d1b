import { ShapeError } from '../../core/errors.ts';
import { expectPositive } from '../../core/expectNumber.ts';
import { type Masses, massPerCoordinate } from '../masses.ts';

/** What a kinetic temperature is averaged over. */
export interface KineticTemperatureOptions {
  /** D, the coordinates of a configuration; by default the number of masses, or one frame if that is 1. */
  readonly dim?: number;
  /**
   * f, D by default, which is right for Langevin dynamics and hybrid Monte Carlo: their velocities have no
   * conserved momentum. Without a thermostat an isolated molecule has D − 3, or D − 6 without rotation.
   */
  readonly degreesOfFreedom?: number;
}

/**
 * The kinetic temperature of each frame, `[B]`, as kT in the energy's unit.
 *
 *     kT = Σᵢ mᵢ vᵢ² / f
 *
 * In kelvin after division by `molarGasConstant`. A frame's own value scatters by kT √(2/f).
 *
 * BAOAB's velocities are too slow by O(Δt²), at whole steps and in a harmonic well by
 *
 *     kT − ⟨Σ m v²⟩/f = Δt² ⟨Σ (∂U/∂x)²/m⟩ / 4f,   for a spring kT (1 − Δt² k/4m),
 *
 * while its positions there are exact: a kinetic temperature below the thermostat's says that the time step
 * is long, not that the positions are cold. See `configurationalTemperature`.
 * Leimkuhler & Matthews, J. Chem. Phys. 138, 174102, 2013. doi:10.1063/1.4802990
 * @param velocities `[B, D]`, length/time, as in `ChainState`.
 * @throws {ShapeError} where they are not rows of D. @throws {RangeError} unless masses and f are positive.
 */
export function kineticTemperature(
  velocities: Float64Array,
  masses: Masses,
  options: KineticTemperatureOptions = {},
): Float64Array {
  const dim =
    options.dim ?? (typeof masses === 'number' ? Math.max(1, velocities.length) : masses.length);
  const mass = massPerCoordinate(masses, dim);
  const degreesOfFreedom = expectPositive('degreesOfFreedom', options.degreesOfFreedom ?? dim);
  if (velocities.length % dim !== 0) {
    throw new ShapeError(
      `kineticTemperature: ${velocities.length} velocities are not rows of ${dim}`,
    );
  }
  const frames = new Float64Array(velocities.length / dim);
  for (let b = 0; b < frames.length; b++) {
    let sum = 0;
    for (let i = 0; i < dim; i++) sum += mass[i] * velocities[b * dim + i] ** 2;
    frames[b] = sum / degreesOfFreedom;
  }
  return frames;
}
