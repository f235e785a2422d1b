import { batch } from '../../core/batch.ts';
import { expectInteger, expectPositive } from '../../core/expectNumber.ts';
import type { Kernel } from '../../core/kernel.ts';
import type { Potential } from '../../core/potential.ts';
import { at, fold, normal } from '../../core/rng.ts';
import { expectFiniteTrajectory, nothingRefused } from '../unadjusted.ts';

/** Settings of overdamped Langevin dynamics. */
export interface EulerMaruyamaOptions {
  /** k_B T, in the potential's energy unit. */
  readonly kT: number;
  /**
   * Δt, length²/energy: a time times the mobility 1/(γ m), which is 1 in reduced units. With a friction
   * γ in 1/ps and a mass m in amu, a time step h in ps is Δt = h / (γ m).
   */
  readonly timestep: number;
  /** Steps per burst. */
  readonly steps: number;
}

/**
 * Overdamped (Brownian) Langevin dynamics by the Euler–Maruyama scheme; not Metropolised.
 *
 *     x′ = x − Δt ∇U(x) + √(2 kT Δt) ξ,   ξ ~ N(0, I)
 *
 * Its averages are off by O(Δt): for a spring of stiffness k the variance is kT / k(1 − k Δt/2). `mala`
 * is the same step made exact. Velocities are left as they are.
 * Throws `DivergenceError` where energy or gradient stop being finite.
 */
export function eulerMaruyama(potential: Potential, options: EulerMaruyamaOptions): Kernel {
  const kT = expectPositive('kT', options.kT);
  const timestep = expectPositive('timestep', options.timestep);
  const steps = expectInteger('steps', options.steps, 1);
  const spread = Math.sqrt(2 * kT * timestep);
  let noise = new Float64Array(0);

  return {
    name: 'euler-maruyama',
    exact: false,
    step(state, key) {
      const x = state.positions.data.slice();
      const positions = batch(x, state.positions.dim);
      const evaluated = { energy: state.energy.slice(), gradient: state.gradient.slice() };
      if (noise.length !== x.length) noise = new Float64Array(x.length);
      const { gradient } = evaluated;

      expectFiniteTrajectory(potential, 0, positions, evaluated);
      for (let step = 0; step < steps; step++) {
        normal(fold(at(key, step), 'noise'), noise);
        for (let i = 0; i < x.length; i++) x[i] += spread * noise[i] - timestep * gradient[i];
        potential.energyAndGradient(positions, evaluated);
        expectFiniteTrajectory(potential, step + 1, positions, evaluated);
      }
      return {
        state: { positions, ...evaluated, velocities: state.velocities, density: undefined },
        info: nothingRefused(positions.count),
      };
    },
  };
}
