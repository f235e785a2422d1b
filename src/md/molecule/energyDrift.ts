import { type Batch, copy } from '../../core/batch.ts';
import { expectInteger, expectPositive } from '../../core/expectNumber.ts';
import {
  type EnergyAndGradient,
  energyAndGradientBuffer,
  type Potential,
} from '../../core/potential.ts';
import { fold, type Key } from '../../core/rng.ts';
import { type Masses, massPerCoordinate, maxwellBoltzmann, thermalSpeeds } from '../masses.ts';
import { expectFiniteTrajectory } from '../unadjusted.ts';
import { velocityVerlet } from '../velocityVerlet.ts';

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
export interface EnergyDrift {
  /** Mean slope of the energy over all chains, kT/ns per degree of freedom, D of which there are. */
  readonly slope: number;
  /** Its standard error. */
  readonly standardError: number;
  /** Root mean square of the energy about its mean, averaged over the chains, kT. */
  readonly fluctuation: number;
}

/** Means over so many stretches are what a line is fitted to. */
const blocks = 20;
/** Steps between two looks at the energy: the fastest motions have 20 steps or so. */
const stride = 5;

/**
 * The drift of the total energy of Newton's dynamics by velocity Verlet.
 *
 *     E = U + Σ ½ m v²,   slope of the least-squares line through the means of E over 20 stretches
 *
 * The standard error is that of the line, from what the means scatter about it, and holds where a stretch
 * is longer than the energy remembers: picoseconds for a molecule.
 * Throws `DivergenceError` where the energy stops being finite, which is looked at every five steps.
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
  const motion = {
    positions: copy(options.positions),
    velocities: maxwellBoltzmann(fold(options.key, 'velocities'), count, thermalSpeeds(masses, kT)),
    evaluated: energyAndGradientBuffer(count, dim),
  };
  potential.energyAndGradient(motion.positions, motion.evaluated);
  const timesteps = new Float64Array(count).fill(timestep);
  const looks = steps / blocks / stride;
  const first = totalEnergies(motion, masses);
  // Of E less its first value, so that squares keep their digits.
  const means = new Float64Array(count * blocks);
  const squares = new Float64Array(count);

  for (let block = 0; block < blocks; block++) {
    for (let look = 0; look < looks; look++) {
      for (let step = 0; step < stride; step++) {
        velocityVerlet(potential, motion, masses, timesteps);
      }
      const done = (block * looks + look + 1) * stride;
      expectFiniteTrajectory(potential, done, motion.positions, motion.evaluated);
      const energies = totalEnergies(motion, masses);
      for (let b = 0; b < count; b++) {
        const away = energies[b] - first[b];
        means[b * blocks + block] += away / looks;
        squares[b] += (away * away) / (blocks * looks);
      }
    }
  }

  const perUnit = 1 / (kT * dim * ((steps * timestep) / 1000 / blocks));
  let [slope, variance, fluctuation] = [0, 0, 0];
  for (let b = 0; b < count; b++) {
    const own = means.subarray(b * blocks, (b + 1) * blocks);
    const line = fitLine(own);
    slope += (line.slope * perUnit) / count;
    variance += (line.standardError * perUnit) ** 2 / count ** 2;
    const mean = own.reduce((sum, each) => sum + each / blocks, 0);
    fluctuation += Math.sqrt(Math.max(0, squares[b] - mean * mean)) / kT / count;
  }
  return { slope, standardError: Math.sqrt(variance), fluctuation };
}

function totalEnergies(
  motion: { readonly velocities: Float64Array; readonly evaluated: EnergyAndGradient },
  masses: Float64Array,
): Float64Array {
  const dim = masses.length;
  return motion.evaluated.energy.map((potentialEnergy, b) => {
    let kinetic = 0;
    for (let i = 0; i < dim; i++) kinetic += 0.5 * masses[i] * motion.velocities[b * dim + i] ** 2;
    return potentialEnergy + kinetic;
  });
}

/** The least-squares line through values at 0, 1, 2, … */
function fitLine(values: Float64Array): { readonly slope: number; readonly standardError: number } {
  const n = values.length;
  const middle = (n - 1) / 2;
  const spread = (n * (n * n - 1)) / 12;
  const mean = values.reduce((sum, each) => sum + each / n, 0);
  const slope = values.reduce((sum, each, i) => sum + ((i - middle) * each) / spread, 0);
  const residual = values.reduce(
    (sum, each, i) => sum + (each - mean - slope * (i - middle)) ** 2,
    0,
  );
  return { slope, standardError: Math.sqrt(residual / (n - 2) / spread) };
}
