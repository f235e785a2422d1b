import { batch } from '../../core/batch.ts';
import { expectInteger, expectNonNegative, expectPositive } from '../../core/expectNumber.ts';
import type { Kernel } from '../../core/kernel.ts';
import type { Potential } from '../../core/potential.ts';
import { at, fold, normal } from '../../core/rng.ts';
import { type Masses, massPerCoordinate, maxwellBoltzmann, thermalSpeeds } from '../masses.ts';
import { expectFiniteTrajectory, nothingRefused } from '../unadjusted.ts';

/** Settings of unadjusted Langevin dynamics. */
export interface LangevinOptions {
  /** k_B T, kJ/mol. */
  readonly kT: number;
  /** Δt, ps. */
  readonly timestep: number;
  /** γ, 1/ps; 0 makes it Newton's dynamics by velocity Verlet. */
  readonly friction: number;
  /** amu; 1 by default. */
  readonly masses?: Masses;
  /** Steps per burst. */
  readonly steps: number;
}

/**
 * Langevin dynamics with velocities, BAOAB splitting: half kick, half drift, thermostat, half drift,
 * half kick; one gradient a step; not Metropolised.
 *
 *     m dv = −∇U dt − γ m v dt + √(2 γ m kT) dW,   dx = v dt
 *     O:  v ← e^(−γΔt) v + √(1 − e^(−2γΔt)) √(kT/m) ξ
 *
 * Its averages are off by O(Δt²), and those over positions in a harmonic well not at all; the kinetic
 * temperature of a spring comes out as T (1 − Δt² k/4m). Velocities are drawn from the
 * Maxwell–Boltzmann distribution where the state has none.
 * Throws `DivergenceError` where energy or gradient stop being finite.
 * Leimkuhler & Matthews, Appl. Math. Res. eXpress 2013, 34. doi:10.1093/amrx/abs010
 */
export function langevin(potential: Potential, options: LangevinOptions): Kernel {
  const { dim } = potential;
  const kT = expectPositive('kT', options.kT);
  const timestep = expectPositive('timestep', options.timestep);
  const friction = expectNonNegative('friction', options.friction);
  const steps = expectInteger('steps', options.steps, 1);
  const masses = massPerCoordinate(options.masses, dim);
  const speeds = thermalSpeeds(masses, kT);

  const half = timestep / 2;
  const kick = masses.map((mass) => half / mass);
  const keep = Math.exp(-friction * timestep);
  // √(1 − e^(−2γΔt)), through expm1 so that weak friction keeps its digits.
  const renewed = Math.sqrt(-Math.expm1(-2 * friction * timestep));
  const renew = speeds.map((speed) => renewed * speed);
  let noise = new Float64Array(0);

  return {
    name: 'langevin',
    exact: false,
    step(state, key) {
      const { count } = state.positions;
      const x = state.positions.data.slice();
      const v =
        state.velocities?.slice() ?? maxwellBoltzmann(fold(key, 'velocities'), count, speeds);
      const positions = batch(x, dim);
      const evaluated = { energy: state.energy.slice(), gradient: state.gradient.slice() };
      if (noise.length !== x.length) noise = new Float64Array(x.length);
      const { gradient } = evaluated;

      expectFiniteTrajectory(potential, 0, positions, evaluated);
      for (let step = 0; step < steps; step++) {
        normal(fold(at(key, step), 'noise'), noise);
        for (let b = 0, i = 0; b < count; b++) {
          for (let d = 0; d < dim; d++, i++) {
            const kicked = v[i] - kick[d] * gradient[i];
            const renewedVelocity = keep * kicked + renew[d] * noise[i];
            x[i] += half * (kicked + renewedVelocity);
            v[i] = renewedVelocity;
          }
        }
        potential.energyAndGradient(positions, evaluated);
        expectFiniteTrajectory(potential, step + 1, positions, evaluated);
        for (let b = 0, i = 0; b < count; b++) {
          for (let d = 0; d < dim; d++, i++) v[i] -= kick[d] * gradient[i];
        }
      }
      return {
        state: { positions, ...evaluated, velocities: v, density: undefined },
        info: nothingRefused(count),
      };
    },
  };
}
