import { iterate, take } from '../../src/core/iterate.ts';
import { type ChainState, type Kernel, startChains } from '../../src/core/kernel.ts';
import { fold, type Key } from '../../src/core/rng.ts';
import type { ExactTarget } from './exactTarget.ts';

/** How far a mean over chains is from the truth, in standard errors. */
export interface Score {
  readonly name: string;
  readonly mean: number;
  readonly truth: number;
  /** (mean − truth) / standard error */
  readonly z: number;
}

export interface StationarityRun {
  readonly chains: number;
  readonly bursts: number;
  readonly key: Key;
  /** amu, `[D]`; given for kernels with velocities, whose moments are then scored too. */
  readonly masses?: readonly number[];
}

/**
 * Runs a kernel from exact samples and scores every average that must not change: observables, bin
 * occupancies and, with masses, moments of the velocities together with the positions.
 *
 * Each chain contributes one number, its average over the run, and chains are independent, so that the
 * standard errors are honest however slowly the chains mix.
 */
export function stationarityScores(
  kernel: Kernel,
  target: ExactTarget,
  { chains, bursts, key, masses }: StationarityRun,
): Score[] {
  const { dim } = target.potential;
  const start = startChains(target.potential, target.sample(chains, fold(key, 'start')));
  const { probability } = target.bins;
  const measured: {
    name: string;
    truth: number;
    value: (state: ChainState, b: number) => number;
  }[] = target.observables.map(({ name, mean, value }) => ({
    name,
    truth: mean,
    value: ({ positions }, b) => value(positions.data, b * dim),
  }));
  masses?.forEach((mass, d) => {
    const speed = ({ velocities }: ChainState, b: number): number =>
      (velocities?.[b * dim + d] ?? Number.NaN) / Math.sqrt(target.kT / mass);
    measured.push(
      { name: `v${d}`, truth: 0, value: speed },
      { name: `v${d}²`, truth: 1, value: (state, b) => speed(state, b) ** 2 },
      { name: `v${d}⁴`, truth: 3, value: (state, b) => speed(state, b) ** 4 },
      {
        name: `x${d} v${d}`,
        truth: 0,
        value: (state, b) => state.positions.data[b * dim + d] * speed(state, b),
      },
      {
        name: `U′${d} v${d}`,
        truth: 0,
        value: (state, b) => state.gradient[b * dim + d] * speed(state, b),
      },
    );
  });

  const sums = measured.map(() => new Float64Array(chains));
  const visits = Array.from(probability, () => new Float64Array(chains));
  for (const { state } of take(bursts, iterate(kernel, start, fold(key, 'run')))) {
    measured.forEach(({ value }, m) => {
      for (let b = 0; b < chains; b++) sums[m][b] += value(state, b);
    });
    for (let b = 0; b < chains; b++) visits[target.bins.of(state.positions.data, b * dim)][b]++;
  }
  const average = (sum: Float64Array): Float64Array => sum.map((value) => value / bursts);
  return [
    ...measured.map(({ name, truth }, m) => score(name, average(sums[m]), truth)),
    ...visits.map((visit, bin) => score(`bin ${bin}`, average(visit), probability[bin])),
  ];
}

/** The mean of independent values against the truth. */
export function score(name: string, values: Float64Array, truth: number): Score {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const standardError = Math.sqrt(squares / (values.length - 1) / values.length);
  return { name, mean, truth, z: (mean - truth) / standardError };
}

/** The score furthest from zero; one that is not a number is further than any. */
export function worst(scores: readonly Score[]): Score {
  return scores.reduce((far, next) => (Math.abs(next.z) <= Math.abs(far.z) ? far : next));
}
