import { type Batch, copy } from '../../core/batch.ts';
import { expectInteger, expectPositive } from '../../core/expectNumber.ts';
import { energyAndGradientBuffer, type Potential } from '../../core/potential.ts';
import { fold, type Key } from '../../core/rng.ts';
import { type Masses, massPerCoordinate, maxwellBoltzmann, thermalSpeeds } from '../masses.ts';
import { expectFiniteTrajectory } from '../unadjusted.ts';
import { type Motion, velocityVerlet } from '../velocityVerlet.ts';
import { type DriftFit, fitDrift } from './fitDrift.ts';

/** A run without a thermostat. */
export interface EnergyDriftOptions {
  /** Starts, `[B, D]`, nm; from an equilibrium at kT, else potential energy turns into kinetic. */
  readonly positions: Batch;
  /** amu. */
  readonly masses: Masses;
  /** k_B T, kJ/mol, of the first velocities, and the unit of the drift. */
  readonly kT: number;
  /** Δt, ps. */
  readonly timestep: number;
  /** Of each chain. */
  readonly steps: number;
  readonly key: Key;
}

/** How well the total energy is conserved. */
export interface EnergyDrift extends Slope {
  /** Root mean square of the energy about its mean, averaged over the chains, kT. */
  readonly fluctuation: number;
  /** Of the shadow energy, whose slope is that of the energy in the long run, and sooner known. */
  readonly shadow: Slope & { readonly fluctuation: number };
  /** The slope that belongs to the random walk of the shadow energy; `growth` of its variance, kT²/ns. */
  readonly walk: Slope & { readonly growth: number };
}

/** The slope of an energy in time. */
export interface Slope {
  /** Mean over all chains, kT/ns per degree of freedom, D of which there are. */
  readonly slope: number;
  /** Its standard error, for energies that scatter and for energies that walk at random. */
  readonly standardError: number;
}

/** Means over so many stretches are what a line is fitted to. */
const blocks = 20;
/** Steps between two looks at the energy: the fastest motions have 20 steps or so. */
const stride = 5;

/**
 * The drift of the total energy of Newton's dynamics by velocity Verlet.
 *
 *     E = U + Σ ½ m v²,   Ẽ = E + Δt² (v·(∇²U) v/12 − Σ (∂U/∂x)²/24m)
 *     slope of the least-squares line through the means over 20 stretches
 *     ⟨exp(−ΔE/kT)⟩ = 1,  hence  ⟨ΔE⟩ = var ΔE/2kT + …,  and walk.slope = (d var Ẽ/dt)/2kT
 *
 * The energy fluctuates with Δt², as its parts among the vibrations change, which takes picoseconds and
 * more. The shadow energy Ẽ, which the integrator conserves to the order Δt⁴, differs from it by what stays
 * small, so that its slope is the same in the long run. Where the potential is not smooth enough for that, Ẽ walks
 * at random, and a line through a walk has a slope of either sign that says nothing of the mean: hence the
 * error of `fitDrift`, which falls with the root of the total time only.
 *
 * The mean follows sooner, from how fast the walk spreads. Each step maps phase space onto itself and keeps its
 * volumes, so that the exponential averages to 1 over starts of the canonical distribution at kT, for any
 * number of steps and any forces that are a function of positions; where the changes are small against kT this is
 * `walk.slope`. It says nothing of what breaks these conditions, such as forces that depend on what was before;
 * a slope beyond `walk.slope` by several of its own errors tells of them.
 *
 * Throws `DivergenceError` where the energy stops being finite, which is looked at every five steps.
 * Shadow energy: Hairer, Lubich & Wanner, Geometric Numerical Integration, 2nd ed., 2006, §IX.3. Exponential average:
 * Creutz, Phys. Rev. D 38, 1228, 1988, doi:10.1103/PhysRevD.38.1228; of work in general Jarzynski, Phys. Rev.
 * Lett. 78, 2690, 1997, doi:10.1103/PhysRevLett.78.2690.
 * @throws {RangeError} for settings out of range: steps are a multiple of 100.
 */
export function energyDrift(potential: Potential, options: EnergyDriftOptions): EnergyDrift {
  const { dim } = potential;
  const kT = expectPositive('kT', options.kT);
  const timestep = expectPositive('timestep', options.timestep);
  const steps = expectInteger('steps', options.steps, blocks * stride);
  if (steps % (blocks * stride) !== 0) {
    throw new RangeError(`"steps" expected a multiple of ${blocks * stride}, got ${steps}`);
  }
  const masses = massPerCoordinate(options.masses, dim);
  const { count } = options.positions;
  const motion: Motion = {
    positions: copy(options.positions),
    velocities: maxwellBoltzmann(fold(options.key, 'velocities'), count, thermalSpeeds(masses, kT)),
    evaluated: energyAndGradientBuffer(count, dim),
  };
  potential.energyAndGradient(motion.positions, motion.evaluated);
  const timesteps = new Float64Array(count).fill(timestep);
  const advance = (): void => velocityVerlet(potential, motion, masses, timesteps);
  const looks = steps / blocks / stride;
  // Energies less their first value, so that squares keep their digits.
  const first = totalEnergies(motion, masses);
  const energy = runningMeans(count, looks);
  const shadow = runningMeans(count, looks);

  for (let done = stride; done <= steps; done += stride) {
    for (let step = 0; step < stride - 2; step++) advance();
    const before = motion.evaluated.gradient.slice();
    advance();
    const seen = totalEnergies(motion, masses).map((each, b) => each - first[b]);
    const { gradient } = motion.evaluated;
    // Before the next step writes over the gradient.
    const corrections = seen.map((_, b) => -forceTerm(gradient, masses, b) / 24);
    const velocities = motion.velocities.slice();
    advance();
    expectFiniteTrajectory(potential, done, motion.positions, motion.evaluated);
    const block = Math.floor((done - stride) / stride / looks);
    for (let b = 0; b < count; b++) {
      // v·(∇²U) v is v·d∇U/dt, by the steps before and after.
      let curvature = 0;
      for (let i = b * dim; i < (b + 1) * dim; i++) {
        curvature += (velocities[i] * (gradient[i] - before[i])) / (2 * timestep);
      }
      energy.add(b, block, seen[b]);
      shadow.add(b, block, seen[b] + timestep ** 2 * (curvature / 12 + corrections[b]));
    }
  }

  const nanoseconds = (steps * timestep) / 1000 / blocks;
  const perSlope = 1 / (kT * dim * nanoseconds);
  const inUnits = ({ fit, fluctuation }: { fit: DriftFit; fluctuation: number }) => ({
    slope: fit.slope * perSlope,
    standardError: fit.standardError * perSlope,
    fluctuation: fluctuation / kT,
  });
  const wandering = shadow.result();
  const { growth, growthError } = wandering.fit;
  return {
    ...inUnits(energy.result()),
    shadow: inUnits(wandering),
    walk: {
      growth: growth / (kT ** 2 * nanoseconds),
      slope: (growth * perSlope) / (2 * kT),
      standardError: (growthError * perSlope) / (2 * kT),
    },
  };
}

/** Σ (∂U/∂x)²/m of chain `b`. */
function forceTerm(gradient: Float64Array, masses: Float64Array, b: number): number {
  const dim = masses.length;
  let sum = 0;
  for (let i = 0; i < dim; i++) sum += gradient[b * dim + i] ** 2 / masses[i];
  return sum;
}

function totalEnergies({ velocities, evaluated }: Motion, masses: Float64Array): Float64Array {
  const dim = masses.length;
  return evaluated.energy.map((potentialEnergy, b) => {
    let kinetic = 0;
    for (let i = 0; i < dim; i++) kinetic += 0.5 * masses[i] * velocities[b * dim + i] ** 2;
    return potentialEnergy + kinetic;
  });
}

/** Means over the stretches of `count` chains, of which each has `looks` values. */
function runningMeans(count: number, looks: number) {
  const means = Array.from({ length: count }, () => new Float64Array(blocks));
  const squares = new Float64Array(count);
  return {
    add(b: number, block: number, value: number): void {
      means[b][block] += value / looks;
      squares[b] += value ** 2 / (blocks * looks);
    },
    /** The line, and the root mean square about the mean, averaged over the chains. */
    result(): { readonly fit: DriftFit; readonly fluctuation: number } {
      const roots = means.map((own, b) => {
        const mean = own.reduce((sum, each) => sum + each / blocks, 0);
        return Math.sqrt(Math.max(0, squares[b] - mean * mean));
      });
      const fluctuation = roots.reduce((sum, each) => sum + each / count, 0);
      return { fit: fitDrift(means), fluctuation };
    },
  };
}
