import type { Batch } from '../core/batch.ts';
import type { EnergyAndGradient, Potential } from '../core/potential.ts';

/** B chains in motion. Every array is written to. */
export interface Motion {
  /** `[B, D]`, nm. */
  readonly positions: Batch;
  /** `[B, D]`, nm/ps. */
  readonly velocities: Float64Array;
  /** U and ∂U/∂x at `positions`. */
  readonly evaluated: EnergyAndGradient;
}

/**
 * One step of velocity Verlet (leapfrog), in place; one gradient.
 *
 *     v ← v − Δt/2m ∇U(x);   x ← x + Δt v;   v ← v − Δt/2m ∇U(x)
 *
 * Reversible in time and volume-preserving, which is what makes hybrid Monte Carlo exact.
 * `masses` is `[D]`, `timesteps` is `[B]`: each chain may have its own.
 * Swope, Andersen, Berens & Wilson, J. Chem. Phys. 76, 637, 1982. doi:10.1063/1.442716
 */
export function velocityVerlet(
  potential: Potential,
  { positions, velocities, evaluated }: Motion,
  masses: Float64Array,
  timesteps: Float64Array,
): void {
  const { count, dim, data: x } = positions;
  const { gradient } = evaluated;
  for (let b = 0, i = 0; b < count; b++) {
    const timestep = timesteps[b];
    for (let d = 0; d < dim; d++, i++) {
      velocities[i] -= ((0.5 * timestep) / masses[d]) * gradient[i];
      x[i] += timestep * velocities[i];
    }
  }
  potential.energyAndGradient(positions, evaluated);
  for (let b = 0, i = 0; b < count; b++) {
    for (let d = 0; d < dim; d++, i++) {
      velocities[i] -= ((0.5 * timesteps[b]) / masses[d]) * gradient[i];
    }
  }
}
