import { type Batch, batch, fromRows, row, select } from '../../core/batch.ts';
import { DivergenceError } from '../../core/errors.ts';
import { type ChainState, startChains } from '../../core/kernel.ts';
import type { Potential } from '../../core/potential.ts';
import { at, fold, type Key, normal } from '../../core/rng.ts';
import { randomWalk } from '../kernels/randomWalk.ts';
import { type Minimum, minimize } from '../minimize.ts';
import { tuneStepSize, usefulAcceptance } from '../stepSize.ts';

/** The ends of all descents. */
export interface Bottoms {
  /** The bottom below each start, lowest first. */
  readonly minima: readonly Minimum[];
  /** Descents that went on for ever: U has no lower bound there. */
  readonly endless: readonly Minimum[];
}

/** Where a potential takes a chain at some temperature. */
export interface Exploration {
  /** Configurations at kT, `[P, D]`. */
  readonly reached: Batch;
  /** Configurations at 2 kT, `[P, D]`. */
  readonly hot: Batch;
  /** Standard deviation of a random-walk step that accepts some 30 % at kT. */
  readonly stepSize: number;
}

/** Bursts of ten moves at each temperature. */
const bursts = 20;
/** An energy so low, kT, is no minimum of any model: descent met a hole. */
const bottomless = -1e9;

/**
 * Goes downhill from every row of `starts`, `[S, D]`, where energies are finite.
 *
 * By the gradient where it holds; otherwise by random walks at falling temperature.
 */
export function findBottoms(
  potential: Potential,
  starts: Batch,
  options: { readonly kT: number; readonly gradientHolds: boolean; readonly key: Key },
): Bottoms {
  const { kT, gradientHolds, key } = options;
  const all = Array.from({ length: starts.count }, (_, s) =>
    gradientHolds
      ? downhill(potential, row(starts, s))
      : quenched(potential, row(starts, s), kT, at(key, s)),
  ).filter((minimum) => minimum !== undefined);
  const isEndless = (one: Minimum): boolean => !(one.energy > bottomless * kT);
  return {
    minima: all.filter((one) => !isEndless(one)).sort((a, b) => a.energy - b.energy),
    endless: all.filter(isEndless),
  };
}

/**
 * Wanders from the bottoms at kT and at 2 kT by random-walk Metropolis, which asks for energies alone
 * and therefore works where gradients do not; `points` configurations of each are kept.
 *
 * Everything that a run at this temperature might meet soon is met: energies that are not finite are
 * noted by the potential (see `guarded`).
 */
export function wanderFrom(
  potential: Potential,
  minima: readonly Minimum[],
  options: { readonly kT: number; readonly points: number; readonly key: Key },
): Exploration {
  const { kT, points, key } = options;
  const chains = Math.min(points, 32);
  const from = fromRows(Array.from({ length: chains }, (_, c) => shared(minima, c)));
  const cold = wander(potential, startChains(potential, from), kT, points, fold(key, 'reached'));
  const hot = wander(potential, cold.state, 2 * kT, points, fold(key, 'hot'));
  return { reached: cold.frames, hot: hot.frames, stepSize: cold.stepSize };
}

/** Starts for a potential of which nothing is known: Gaussian points of several widths, `[S, D]`. */
export function blindStarts(potential: Potential, count: number, key: Key): Batch {
  const { dim } = potential;
  const data = normal(key, count * dim);
  for (let s = 0; s < count; s++) {
    const width = [1, 0.5, 2, 4][s % 4];
    for (let i = 0; i < dim; i++) data[s * dim + i] *= width;
  }
  return batch(data, dim);
}

/** The rows of `x` at which U is finite. */
export function finiteRows(potential: Potential, x: Batch): Batch {
  const energies = potential.energy(x);
  return select(
    x,
    Array.from({ length: x.count }, (_, b) => b).filter((b) => Number.isFinite(energies[b])),
  );
}

/** Half of the chains begin in the lowest place, the others in all places in turn. */
function shared(minima: readonly Minimum[], chain: number): Float64Array {
  return chain % 2 === 0 ? minima[0].x : minima[((chain - 1) / 2) % minima.length].x;
}

function downhill(potential: Potential, start: Float64Array): Minimum | undefined {
  try {
    const minimum = minimize(potential, start, { maxIterations: 500 });
    return minimum.converged ? minimum : (fallen(potential, minimum) ?? minimum);
  } catch (error) {
    // A start where the gradient is not finite leads nowhere; that it is not finite has been noted.
    if (error instanceof DivergenceError) return undefined;
    throw error;
  }
}

/** Where the steepest descent from an unfinished minimum leads for ever; undefined where it does not. */
function fallen(potential: Potential, from: Minimum): Minimum | undefined {
  const { gradient } = potential.energyAndGradient(fromRows([from.x]));
  const doublings = 40;
  const line = fromRows(
    Array.from({ length: doublings }, (_, k) =>
      from.x.map((value, i) => value - (2 ** k * gradient[i]) / from.gradientNorm),
    ),
  );
  const energies = potential.energy(line);
  const isFalling = energies.every(
    (energy, k) => energy < (k === 0 ? from.energy : energies[k - 1]),
  );
  if (!isFalling) return undefined;
  const last = doublings - 1;
  return { ...from, x: row(line, last).slice(), energy: energies[last] };
}

/** Downhill without a gradient: random walks at falling temperature. */
function quenched(potential: Potential, start: Float64Array, kT: number, key: Key): Minimum {
  let state = startChains(potential, fromRows([start]));
  let stepSize = 0.5;
  let iterations = 0;
  for (let round = 0; round < 12; round++) {
    const kernel = randomWalk(potential, { kT: kT / 2 ** round, stepSize, attempts: 20 });
    const { state: next, info } = kernel.step(state, at(key, round));
    state = next;
    stepSize *= info.accepted[0] > 6 ? 1.5 : 0.5;
    iterations += 20;
  }
  return {
    x: row(state.positions, 0).slice(),
    energy: state.energy[0],
    gradientNorm: Number.NaN,
    iterations,
    converged: false,
  };
}

function wander(
  potential: Potential,
  start: ChainState,
  kT: number,
  points: number,
  key: Key,
): { readonly frames: Batch; readonly state: ChainState; readonly stepSize: number } {
  const make = (stepSize: number) => randomWalk(potential, { kT, stepSize, attempts: 10 });
  const tuned = tuneStepSize({
    make,
    state: start,
    key: fold(key, 'tune'),
    target: usefulAcceptance.randomWalk,
    initial: 0.3,
    tolerance: 0.1,
    // On a flat surface everything is accepted: a step of some thousands is long enough.
    maxPilots: 14,
  });
  const kernel = make(tuned.stepSize);
  let { state } = tuned;
  const { count } = state.positions;
  const perBurst = Math.ceil(points / bursts);
  const kept: Float64Array[] = [];
  for (let burst = 0; burst < bursts; burst++) {
    state = kernel.step(state, at(fold(key, 'wander'), burst)).state;
    for (let k = 0; k < perBurst && kept.length < points; k++) {
      kept.push(row(state.positions, (burst * perBurst + k) % count).slice());
    }
  }
  return { frames: fromRows(kept), state, stepSize: tuned.stepSize };
}
