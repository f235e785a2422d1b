import { batch } from '../../core/batch.ts';
import { expectInteger, expectPositive, expectWithin } from '../../core/expectNumber.ts';
import { type Kernel, noRefusals } from '../../core/kernel.ts';
import { energyAndGradientBuffer, type Potential } from '../../core/potential.ts';
import { at, fold, type Key, normal, uniform } from '../../core/rng.ts';
import { type Masses, massPerCoordinate, maxwellBoltzmann, thermalSpeeds } from '../masses.ts';
import { type Motion, velocityVerlet } from '../velocityVerlet.ts';

/** Settings of generalised hybrid Monte Carlo. */
export interface GhmcOptions {
  /** k_B T, kJ/mol. */
  readonly kT: number;
  /** Δt, ps. */
  readonly timestep: number;
  /** L, velocity-Verlet steps per trajectory. */
  readonly steps: number;
  /** Trajectories offered to each chain per burst. */
  readonly attempts: number;
  /**
   * c in [0, 1): how much of a velocity outlives its refreshment; 0 is `hmc`. Langevin dynamics of
   * friction γ keeps c = e^(−γ L Δt).
   */
  readonly persistence: number;
  /** amu; 1 by default. */
  readonly masses?: Masses;
  /**
   * Each trajectory's time step is uniform on Δt (1 ± jitter), jitter in [0, 1), so that no chain is
   * caught in an orbit of one period; 0 by default.
   */
  readonly jitter?: number;
}

/**
 * Generalised hybrid Monte Carlo: velocities partly refreshed, a trajectory, and the Metropolis rule.
 *
 *     v ← c v + √(1 − c²) √(kT/m) ξ
 *     (x, v) → (x′, v′) by L steps of velocity Verlet
 *     log α = −[U(x′) − U(x) + ½ m (v′² − v²)] / kT;   on rejection (x, v) ← (x, −v)
 *
 * The reversal on rejection is what keeps exp(−U/kT) invariant: without it the chain is biased.
 * A trajectory along which the gradient stops being finite is rejected and counted as `notFinite`, a
 * symmetric rule, since the way back visits the same points; one that meets U = +∞ is merely rejected.
 * Horowitz, Phys. Lett. B 268, 247, 1991. doi:10.1016/0370-2693(91)90812-5
 */
export function ghmc(potential: Potential, options: GhmcOptions): Kernel {
  const { dim } = potential;
  const kT = expectPositive('kT', options.kT);
  const timestep = expectPositive('timestep', options.timestep);
  const steps = expectInteger('steps', options.steps, 1);
  const attempts = expectInteger('attempts', options.attempts, 1);
  const keep = expectWithin('persistence', options.persistence, 0, 1);
  const jitter = expectWithin('jitter', options.jitter ?? 0, 0, 1);
  const masses = massPerCoordinate(options.masses, dim);
  const speeds = thermalSpeeds(masses, kT);
  const renew = Math.sqrt(1 - keep * keep);
  let own = buffers(0, dim);

  /** Time step of every chain's next trajectory. */
  function drawTimesteps(key: Key): void {
    if (jitter === 0) {
      own.timesteps.fill(timestep);
      return;
    }
    uniform(key, own.timesteps);
    for (let b = 0; b < own.timesteps.length; b++) {
      own.timesteps[b] = timestep * (1 + jitter * (2 * own.timesteps[b] - 1));
    }
  }

  /** Moves `own.motion` along; marks the chains whose gradient is lost on the way, or at the start. */
  function follow(start: Motion): void {
    const { motion, lost } = own;
    motion.positions.data.set(start.positions.data);
    motion.velocities.set(start.velocities);
    motion.evaluated.energy.set(start.evaluated.energy);
    motion.evaluated.gradient.set(start.evaluated.gradient);
    lost.fill(0);
    for (let step = 0; step <= steps; step++) {
      if (step > 0) velocityVerlet(potential, motion, masses, own.timesteps);
      for (let b = 0; b < lost.length; b++) {
        if (lost[b] === 0) {
          if (hasFiniteGradient(motion, b)) continue;
          lost[b] = motion.evaluated.energy[b] === Infinity ? FORBIDDEN : NOT_FINITE;
        }
        // Rejected whatever happens; parked at its start it shows the potential nothing worse.
        const from = b * dim;
        const to = from + dim;
        motion.positions.data.set(start.positions.data.subarray(from, to), from);
        motion.evaluated.gradient.fill(0, from, to);
        motion.velocities.fill(0, from, to);
      }
    }
  }

  function kineticEnergy(velocities: Float64Array, b: number): number {
    let sum = 0;
    for (let d = 0; d < dim; d++) {
      const v = velocities[b * dim + d];
      sum += 0.5 * masses[d] * v * v;
    }
    return sum;
  }

  return {
    name: 'ghmc',
    exact: true,
    step(state, key) {
      const { count } = state.positions;
      if (own.coins.length !== count) own = buffers(count, dim);
      const current: Motion = {
        positions: batch(state.positions.data.slice(), dim),
        velocities:
          state.velocities?.slice() ?? maxwellBoltzmann(fold(key, 'velocities'), count, speeds),
        evaluated: { energy: state.energy.slice(), gradient: state.gradient.slice() },
      };
      const { energy, gradient } = current.evaluated;
      const { velocities } = current;
      const { motion, noise, coins, lost } = own;
      const accepted = new Float64Array(count);
      const logRatio = new Float64Array(count);
      const refused = noRefusals();
      let moved = false;

      for (let attempt = 0; attempt < attempts; attempt++) {
        const attemptKey = at(key, attempt);
        normal(fold(attemptKey, 'momenta'), noise);
        for (let b = 0, i = 0; b < count; b++) {
          for (let d = 0; d < dim; d++, i++) {
            velocities[i] = keep * velocities[i] + renew * speeds[d] * noise[i];
          }
        }
        drawTimesteps(fold(attemptKey, 'timesteps'));
        follow(current);
        uniform(fold(attemptKey, 'accept'), coins);

        for (let b = 0; b < count; b++) {
          const from = b * dim;
          const to = from + dim;
          const offered = motion.evaluated.energy[b];
          const kinetic = kineticEnergy(velocities, b) - kineticEnergy(motion.velocities, b);
          const ratio = lost[b] === FORBIDDEN ? -Infinity : (energy[b] - offered + kinetic) / kT;
          const isRefused = lost[b] === NOT_FINITE || offered === -Infinity || Number.isNaN(ratio);
          if (isRefused) refused.notFinite++;
          logRatio[b] = isRefused ? -Infinity : ratio;
          if (isRefused || coins[b] >= Math.exp(ratio)) {
            for (let i = from; i < to; i++) velocities[i] = -velocities[i];
            continue;
          }
          for (let i = from; i < to; i++) {
            current.positions.data[i] = motion.positions.data[i];
            velocities[i] = motion.velocities[i];
            gradient[i] = motion.evaluated.gradient[i];
          }
          energy[b] = offered;
          accepted[b]++;
          moved = true;
        }
      }
      return {
        state: {
          positions: current.positions,
          energy,
          gradient,
          velocities,
          // Whoever moved x without knowing q has made the cached q stale.
          density: moved ? undefined : state.density,
        },
        info: { attempts, accepted, logRatio, refused },
      };
    },
  };
}

// Why a trajectory was lost; 0 where it was not.
const FORBIDDEN = 1;
const NOT_FINITE = 2;

interface Buffers {
  readonly motion: Motion;
  /** `[B, D]` */
  readonly noise: Float64Array;
  /** `[B]` each. */
  readonly timesteps: Float64Array;
  readonly coins: Float64Array;
  readonly lost: Uint8Array;
}

function buffers(count: number, dim: number): Buffers {
  return {
    motion: {
      positions: batch(new Float64Array(count * dim), dim),
      velocities: new Float64Array(count * dim),
      evaluated: energyAndGradientBuffer(count, dim),
    },
    noise: new Float64Array(count * dim),
    timesteps: new Float64Array(count),
    coins: new Float64Array(count),
    lost: new Uint8Array(count),
  };
}

function hasFiniteGradient({ evaluated, positions: { dim } }: Motion, b: number): boolean {
  let zero = 0;
  for (let i = b * dim; i < (b + 1) * dim; i++) zero += 0 * evaluated.gradient[i];
  return zero === 0;
}
