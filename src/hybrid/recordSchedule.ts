import { rows as rowsOf } from '../core/batch.ts';
import { iterate } from '../core/iterate.ts';
import type { ChainState, Kernel, MoveInfo, RefusalCause } from '../core/kernel.ts';
import { noRefusals } from '../core/kernel.ts';
import type { Key } from '../core/rng.ts';
import type { Artifact, ArtifactArray } from './artifacts.ts';
import { chainArrays } from './chainArrays.ts';
import { float64 } from './dataset.ts';
import { type Midway, noMidway } from './midway.ts';
import type { Recorder } from './recorder.ts';

/** What a fixed schedule left behind: every recorded step of every chain, repeats of rejected moves included. */
export interface Recording {
  /** `[R · B, D]`, step by step, within a step chain by chain; empty where a recorder has them. */
  readonly positions: Float64Array;
  /** U, `[R · B]`. */
  readonly energies: Float64Array;
  /** log q where the step was a move of the flow, `[R · B]`; −∞ where it does not invert, NaN elsewhere. */
  readonly logProb: Float64Array;
  /** One entry a kernel of the cycle. */
  readonly moves: readonly MoveStatistics[];
  readonly last: ChainState;
}

export interface MoveStatistics {
  readonly kernel: string;
  /** Moves tried and accepted, over all chains. */
  attempts: number;
  accepted: number;
  readonly refused: Record<RefusalCause, number>;
}

/** Where a schedule records fewer rows or steps than it has, as parallel tempering does. */
export interface RecordedPart {
  /** One flag a kernel of the cycle: whether the state after it is recorded. */
  readonly isRecorded: readonly boolean[];
  /** The rows that are recorded: the first `count` of a state. */
  readonly count: number;
  /** Told every step, before it is recorded. */
  readonly observe: (step: number, info: MoveInfo) => void;
  /** What `observe` has gathered, for checkpoints. */
  readonly gathered: () => Record<string, ArtifactArray>;
}

/** The records that `steps` steps of a cycle leave. */
export function recordsOf(isRecorded: readonly boolean[], steps: number): number {
  const cycle = isRecorded.length;
  const perCycle = isRecorded.filter((one) => one).length;
  const rest = isRecorded.slice(0, steps % cycle).filter((one) => one).length;
  return Math.floor(steps / cycle) * perCycle + rest;
}

/**
 * Runs `steps` steps of a cycle of kernels and records the state after each of them. Both the order of
 * the kernels and the places of the records are fixed beforehand (design rule 2).
 *
 * Where `saved` is what an earlier process left, the steps that follow are those of one process.
 */
export async function recordSchedule(options: {
  readonly kernels: readonly [Kernel, ...Kernel[]];
  /** Where the chains are: at the start, or where `saved` left them. */
  readonly state: ChainState;
  readonly key: Key;
  readonly steps: number;
  /** Whether steps are kept; a warm-up keeps none. */
  readonly keep: boolean;
  readonly pace: () => Promise<void>;
  /** Takes the positions of what is kept, where they are too large for memory. */
  readonly recorder?: Recorder;
  /** What an earlier process left of this very recording. */
  readonly saved?: Artifact | undefined;
  readonly midway?: Midway;
  /** All rows after every step where undefined. */
  readonly part?: RecordedPart;
  readonly onStep: (done: number, moves: readonly MoveStatistics[]) => void;
}): Promise<Recording> {
  const { kernels, key, steps, keep, pace, saved, midway = noMidway, onStep } = options;
  const { recorder } = options;
  const { dim } = options.state.positions;
  const rows = options.state.positions.count;
  const { part } = options;
  const isRecorded = part?.isRecorded ?? kernels.map(() => true);
  const count = part?.count ?? rows;
  const recorded = keep ? recordsOf(isRecorded, steps) : 0;
  const positions = new Float64Array(recorder === undefined ? recorded * count * dim : 0);
  const energies = new Float64Array(recorded * count);
  const logProb = new Float64Array(recorded * count).fill(Number.NaN);
  const before = saved?.meta as { step: number; moves: MoveStatistics[] } | undefined;
  const moves =
    before?.moves ??
    kernels.map(
      (kernel): MoveStatistics => ({
        kernel: kernel.name,
        attempts: 0,
        accepted: 0,
        refused: noRefusals(),
      }),
    );
  let step = before?.step ?? 0;
  let record = recordsOf(isRecorded, step);
  let last = options.state;
  if (saved !== undefined && keep) {
    if (recorder === undefined) positions.set(float64(saved, 'positions'));
    energies.set(float64(saved, 'energies'));
    logProb.set(float64(saved, 'logProb'));
  }
  if (steps === 0) return { positions, energies, logProb, moves, last };
  midway.watch(() => {
    const gathered = recorder?.gathered();
    return {
      arrays: {
        ...chainArrays(last),
        ...(keep && {
          ...(gathered?.arrays ?? { positions: positions.subarray(0, record * count * dim) }),
          energies: energies.subarray(0, record * count),
          logProb: logProb.subarray(0, record * count),
        }),
        ...copied(part?.gathered() ?? {}),
      },
      meta: { step, moves: structuredClone(moves) },
      records: gathered?.records,
    };
  });
  for (const { state, info } of iterate(kernels, last, key, step)) {
    const move = moves[step % moves.length];
    move.attempts += info.attempts * rows;
    for (const accepted of info.accepted) move.accepted += accepted;
    move.refused.notFinite += info.refused.notFinite;
    move.refused.notInvertible += info.refused.notInvertible;
    move.refused.outsideDomain += info.refused.outsideDomain;
    part?.observe(step, info);
    if (keep && isRecorded[step % isRecorded.length]) {
      const own = rowsOf(state.positions, 0, count);
      if (recorder === undefined) positions.set(own.data, record * count * dim);
      else recorder.append(own);
      energies.set(state.energy.subarray(0, count), record * count);
      const { density } = state;
      if (density !== undefined) {
        for (let b = 0; b < count; b++) {
          logProb[record * count + b] =
            density.invertible[b] === 1 ? density.logProb[b] : -Infinity;
        }
      }
      record++;
    }
    last = state;
    step++;
    if (step === steps) break;
    onStep(step, moves);
    midway.offer();
    await pace();
  }
  return { positions, energies, logProb, moves, last };
}

/** Copies of arrays that go on changing. */
function copied(arrays: Readonly<Record<string, ArtifactArray>>): Record<string, ArtifactArray> {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, array.slice()]));
}
