import { type Batch, batch, rows } from '../../core/batch.ts';
import type { Potential } from '../../core/potential.ts';
import type { Key } from '../../core/rng.ts';
import { maxwellBoltzmann, thermalSpeeds } from '../masses.ts';
import { type Motion, velocityVerlet } from '../velocityVerlet.ts';
import { type Finding, finding, shown } from './finding.ts';

/** Trajectories that are followed. */
const chains = 8;
/** Steps of the coarsest run. */
const coarseSteps = 60;

/**
 * Whether the energy of undisturbed motion is conserved as it should be: its error falls as Δt².
 *
 * The same trajectories are run with Δt, Δt/2 and Δt/4, Δt a fifteenth of the shortest period; the order
 * is log₂ of the ratio of their energy errors (median over the trajectories). A gradient that does not
 * belong to the energy keeps its error however small the step: order 0.
 */
export function checkEnergyConservation(
  potential: Potential,
  options: {
    readonly starts: Batch;
    readonly kT: number;
    readonly masses: Float64Array;
    /** ω of the fastest motion, 1/time. */
    readonly frequency: number;
    readonly key: Key;
  },
): Finding {
  const { kT, masses, frequency, key } = options;
  const starts = rows(options.starts, 0, Math.min(chains, options.starts.count));
  const coarsest = frequency > 0 ? (2 * Math.PI) / (15 * frequency) : 0.1;
  const velocities = maxwellBoltzmann(key, starts.count, thermalSpeeds(masses, kT));
  const runs = [1, 2, 4].map((finer) =>
    followed(potential, starts, velocities, masses, coarsest / finer, coarseSteps * finer, finer),
  );
  const orders: number[] = [];
  for (let b = 0; b < starts.count; b++) {
    const [, middle, fine] = runs.map(({ errors }) => errors[b]);
    const floor = 1e-12 * (Math.abs(runs[0].energies[b]) + kT);
    if (fine > floor && Number.isFinite(middle)) orders.push(Math.log2(middle / fine));
  }
  orders.sort((a, b) => a - b);
  const order = orders[Math.floor(orders.length / 2)];
  const error = Math.max(...runs[0].errors) / kT;
  const drift = median(runs[2].drifts) / kT;
  const lost = runs.some(({ errors }) => errors.some((value) => !Number.isFinite(value)));
  const figures = {
    timestep: coarsest,
    errorInKT: error,
    driftInKTPerTime: drift,
    ...(order === undefined ? {} : { order }),
  };
  if (lost) {
    return finding(
      'energy conservation',
      'failed',
      `a trajectory at Δt = ${shown(coarsest)} reached energies that are not finite`,
      figures,
    );
  }
  if (order === undefined) {
    return finding(
      'energy conservation',
      'passed',
      'NVE conserves the energy to rounding at every time step',
      figures,
    );
  }
  const said =
    `NVE energy error of ${shown(error)} kT at Δt = ${shown(coarsest)}, falling as Δt^${order.toFixed(2)}; ` +
    `drift ${shown(drift, 2)} kT per unit of time at Δt = ${shown(coarsest / 4)}`;
  if (order < 0.8) {
    return finding(
      'energy conservation',
      'failed',
      `${said}. Δt² is expected: the force is not the derivative of the energy`,
      figures,
    );
  }
  return finding(
    'energy conservation',
    order < 1.5 ? 'warned' : 'passed',
    order < 1.5 ? `${said}. Δt² is expected: look for steps of the force` : said,
    figures,
  );
}

interface Followed {
  /** Root mean square of E(t) − E(0), `[B]`. */
  readonly errors: Float64Array;
  /** Slope of E(t), energy/time, `[B]`. */
  readonly drifts: Float64Array;
  /** E(0), `[B]`. */
  readonly energies: Float64Array;
}

function followed(
  potential: Potential,
  starts: Batch,
  velocities: Float64Array,
  masses: Float64Array,
  timestep: number,
  steps: number,
  every: number,
): Followed {
  const { count, dim } = starts;
  const positions = batch(starts.data.slice(), dim);
  const motion: Motion = {
    positions,
    velocities: velocities.slice(),
    evaluated: potential.energyAndGradient(positions),
  };
  const total = (b: number): number => {
    let sum = motion.evaluated.energy[b];
    for (let i = 0; i < dim; i++) sum += 0.5 * masses[i] * motion.velocities[b * dim + i] ** 2;
    return sum;
  };
  const energies = Float64Array.from({ length: count }, (_, b) => total(b));
  const squares = new Float64Array(count);
  const moments = new Float64Array(count);
  const timesteps = new Float64Array(count).fill(timestep);
  // All runs are read at the same times, so that their errors are comparable.
  const reads = steps / every;
  const meanTime = (timestep * every * (reads + 1)) / 2;
  let timeSquares = 0;
  for (let read = 1; read <= reads; read++) {
    for (let n = 0; n < every; n++) velocityVerlet(potential, motion, masses, timesteps);
    const time = timestep * every * read - meanTime;
    timeSquares += time * time;
    for (let b = 0; b < count; b++) {
      const error = total(b) - energies[b];
      squares[b] += error * error;
      moments[b] += error * time;
    }
  }
  return {
    errors: squares.map((sum) => Math.sqrt(sum / reads)),
    drifts: moments.map((sum) => sum / timeSquares),
    energies,
  };
}

function median(values: Float64Array): number {
  return values.slice().sort()[Math.floor(values.length / 2)];
}
