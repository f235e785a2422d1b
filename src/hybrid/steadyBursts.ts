import { DivergenceError } from '../core/errors.ts';
import type { ChainState, Kernel, Transition } from '../core/kernel.ts';
import { at, type Key } from '../core/rng.ts';

/** A phase goes on while no more than this share of its chains has diverged. */
export const MOST_DIVERGED = 0.1;

/** A chain that is left out of its phase, and why. */
export interface LeftOut {
  readonly chain: number;
  /** The burst that it did not survive, from 0. */
  readonly burst: number;
  /** What the dynamics said. */
  readonly reason: string;
}

/**
 * `iterate` for dynamics that nothing rejects: a chain that diverges does not take the others along.
 *
 * Its row becomes a copy of another chain's, so that the batch keeps its shape and every other chain its
 * random numbers: they walk as if nothing had happened. Whoever uses the transitions leaves the chains in
 * `leftOut` out from the phase's first record on. Leaving one out from where it failed would condition the
 * others on their future.
 *
 * @param stepsPerBurst what the steps of a divergence are counted by, from the start of the phase.
 * @param leftOut grows; what an earlier process put there is respected.
 * @throws {DivergenceError} the last one, once more than `MOST_DIVERGED` of the chains have gone.
 */
export function* steadyBursts(
  kernel: Kernel,
  state: ChainState,
  key: Key,
  from: number,
  stepsPerBurst: number,
  leftOut: LeftOut[],
): Generator<Transition, never, void> {
  const { count } = state.positions;
  for (let burst = from; ; burst++) {
    let transition: Transition | undefined;
    for (let tries = 1; transition === undefined; tries++) {
      try {
        transition = kernel.step(state, at(key, burst));
      } catch (cause) {
        if (!(cause instanceof DivergenceError)) throw cause;
        const { chain } = cause;
        const error = new DivergenceError({
          ...cause.at,
          step: burst * stepsPerBurst + cause.step,
        });
        if (!leftOut.some((one) => one.chain === chain)) {
          if (leftOut.length + 1 > MOST_DIVERGED * count) throw error;
          leftOut.push({ chain, burst, reason: error.message });
        }
        // A copy may fail in its turn, by noise of its own; then another one is copied.
        if (tries > count) throw error;
        state = replaced(state, chain, healthy(chain + tries, count, leftOut));
      }
    }
    yield transition;
    state = transition.state;
  }
}

/** The first chain from `first` on, around the end, that is not left out. */
function healthy(first: number, count: number, leftOut: readonly LeftOut[]): number {
  const gone = new Set(leftOut.map(({ chain }) => chain));
  let chain = first % count;
  while (gone.has(chain)) chain = (chain + 1) % count;
  return chain;
}

/** `state` with the row of `chain` replaced by that of `other`. */
function replaced(state: ChainState, chain: number, other: number): ChainState {
  const { positions } = state;
  const { dim } = positions;
  const copied = (data: Float64Array, width: number): Float64Array => {
    const next = data.slice();
    next.set(data.subarray(other * width, (other + 1) * width), chain * width);
    return next;
  };
  return {
    positions: { ...positions, data: copied(positions.data, dim) },
    energy: copied(state.energy, 1),
    gradient: copied(state.gradient, dim),
    velocities: state.velocities && copied(state.velocities, dim),
    density: undefined,
  };
}

/** Indices of rows `[n · B]`, step by step, without those of chains that are left out. */
export function keptRows(rows: number, count: number, leftOut: readonly LeftOut[]): number[] {
  const gone = new Set(leftOut.map(({ chain }) => chain));
  return Array.from({ length: rows }, (_, i) => i).filter((i) => !gone.has(i % count));
}

/**
 * What a phase has to say about the chains that it leaves out: with its records of them up to where they
 * failed, and without.
 *
 * @param labels state of every record, `[n · B]`, −1 for none.
 * @param firstRecord of a burst: how many records a chain had made when it began.
 */
export function leftOutReport(
  phase: string,
  leftOut: readonly LeftOut[],
  labels: Int32Array,
  count: number,
  names: readonly string[],
  recordsBefore: (burst: number) => number,
): string {
  const end = new Map(leftOut.map(({ chain, burst }) => [chain, recordsBefore(burst)]));
  const tally = (counts: (chain: number, record: number) => boolean): string =>
    names
      .map((name, s) => {
        let sum = 0;
        labels.forEach((label, i) => {
          if (label === s && counts(i % count, Math.floor(i / count))) sum++;
        });
        return `${sum} in ${name}`;
      })
      .join(', ');
  const without = tally((chain) => !end.has(chain));
  const until = tally((chain, record) => record < (end.get(chain) ?? Infinity));
  const reasons = leftOut.map(({ burst, reason }) => `burst ${burst}: ${reason}`).join('\n  ');
  return (
    `${phase} leaves out ${leftOut.length} of ${count} chains from its start, for they diverged:\n` +
    `  ${reasons}\n` +
    `  frames without them: ${without}; with theirs up to where they diverged: ${until}`
  );
}
