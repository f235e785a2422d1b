import { batch } from '../../src/core/batch.ts';
import { iterate, take } from '../../src/core/iterate.ts';
import { type ChainState, type Kernel, startChains } from '../../src/core/kernel.ts';
import type { Potential } from '../../src/core/potential.ts';
import { at, fold, type Key, normal } from '../../src/core/rng.ts';
import { eulerMaruyama } from '../../src/md/kernels/eulerMaruyama.ts';
import { langevin } from '../../src/md/kernels/langevin.ts';
import { rowPotential } from '../../src/md/rowPotential.ts';

/** U(x) = A cos x on the line, whose averages of periodic functions are those of a circle; reduced. */
function pendulum(amplitude: number): Potential {
  return rowPotential({
    name: `pendulum(${amplitude})`,
    dim: 1,
    units: { length: 'reduced', energy: 'reduced' },
    evaluationsPerGradient: 1,
    energy: (x, offset) => amplitude * Math.cos(x[offset]),
    energyAndGradient(x, offset, gradient) {
      gradient[offset] = -amplitude * Math.sin(x[offset]);
      return amplitude * Math.cos(x[offset]);
    },
  });
}

/** ⟨cos x⟩ of exp(−A cos x / kT), by the midpoint rule, which is exact to rounding on a circle. */
function meanCosine(amplitude: number, kT: number): number {
  let weight = 0;
  let sum = 0;
  for (let i = 0; i < 200; i++) {
    const cosine = Math.cos((2 * Math.PI * (i + 0.5)) / 200);
    weight += Math.exp((-amplitude * cosine) / kT);
    sum += cosine * Math.exp((-amplitude * cosine) / kT);
  }
  return sum / weight;
}

/** A time average over many chains, with a standard error from the spread of their averages. */
export interface Measured {
  readonly mean: number;
  readonly standardError: number;
}

export interface Measurement {
  readonly potential: Potential;
  readonly kernel: Kernel;
  readonly chains: number;
  /** Bursts left out at the start, and bursts averaged over. */
  readonly warmup: number;
  readonly bursts: number;
  readonly key: Key;
  readonly observables: readonly ((state: ChainState, b: number) => number)[];
}

/** Averages over bursts of chains that start from N(0, I), in the order of `observables`. */
export function measure(measurement: Measurement): Measured[] {
  const { potential, kernel, chains, warmup, bursts, key, observables } = measurement;
  const { dim } = potential;
  const start = startChains(potential, batch(normal(fold(key, 'start'), chains * dim), dim));
  const sums = observables.map(() => new Float64Array(chains));
  let burst = 0;
  for (const { state } of take(warmup + bursts, iterate(kernel, start, fold(key, 'run')))) {
    if (burst++ < warmup) continue;
    observables.forEach((value, o) => {
      const sum = sums[o];
      for (let b = 0; b < chains; b++) sum[b] += value(state, b);
    });
  }
  return sums.map((sum) => {
    const mean = sum.reduce((total, value) => total + value, 0) / chains / bursts;
    const squares = sum.reduce((total, value) => total + (value / bursts - mean) ** 2, 0);
    return { mean, standardError: Math.sqrt(squares / (chains - 1) / chains) };
  });
}

/**
 * The power p of bias ∝ Δtᵖ: the weighted least-squares slope of ln |bias| against ln Δt.
 *
 * The errors of the logarithms are those of the biases divided by the biases, which must be several.
 */
export function powerLaw(
  timesteps: readonly number[],
  biases: readonly Measured[],
): { slope: number; standardError: number } {
  let [s, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0];
  timesteps.forEach((timestep, n) => {
    const { mean, standardError } = biases[n];
    const weight = (mean / standardError) ** 2;
    const x = Math.log(timestep);
    const y = Math.log(Math.abs(mean));
    s += weight;
    sx += weight * x;
    sy += weight * y;
    sxx += weight * x * x;
    sxy += weight * x * y;
  });
  const determinant = s * sxx - sx * sx;
  return {
    slope: (s * sxy - sx * sy) / determinant,
    standardError: Math.sqrt(s / determinant),
  };
}

/** Bias of ⟨cos x⟩ in the pendulum (A = kT = 1) at each time step, in so many steps of all chains. */
export function eulerMaruyamaBias(
  timesteps: readonly number[],
  chainSteps: readonly number[],
  key: Key,
): Measured[] {
  const potential = pendulum(1);
  const truth = meanCosine(1, 1);
  return timesteps.map((timestep, n) => {
    const [cosine] = measure({
      potential,
      kernel: eulerMaruyama(potential, { kT: 1, timestep, steps: 2 }),
      chains: 2000,
      warmup: Math.ceil(10 / timestep / 2),
      bursts: Math.round(chainSteps[n] / 2000 / 2),
      key: at(key, n),
      observables: [cosineOf],
    });
    return { ...cosine, mean: cosine.mean - truth };
  });
}

/** Biases of ⟨cos x⟩ and ⟨m v²⟩/kT in the pendulum (A = 0.7, kT = m = 1, γ = 0.3). */
export function baoabBias(
  timesteps: readonly number[],
  chainSteps: readonly number[],
  key: Key,
): { cosine: Measured[]; temperature: Measured[] } {
  const potential = pendulum(0.7);
  const truth = meanCosine(0.7, 1);
  const cosine: Measured[] = [];
  const temperature: Measured[] = [];
  timesteps.forEach((timestep, n) => {
    const [x, v2] = measure({
      potential,
      kernel: langevin(potential, { kT: 1, timestep, friction: 0.3, steps: 2 }),
      chains: 2000,
      warmup: Math.ceil(30 / timestep / 2),
      bursts: Math.round(chainSteps[n] / 2000 / 2),
      key: at(key, n),
      observables: [cosineOf, ({ velocities }, b) => (velocities?.[b] ?? Number.NaN) ** 2],
    });
    cosine.push({ ...x, mean: x.mean - truth });
    temperature.push({ ...v2, mean: v2.mean - 1 });
  });
  return { cosine, temperature };
}

function cosineOf({ positions }: ChainState, b: number): number {
  return Math.cos(positions.data[b]);
}
