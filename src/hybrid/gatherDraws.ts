import { type Batch, batch } from '../core/batch.ts';
import type { Artifact } from './artifacts.ts';
import { float64 } from './dataset.ts';
import { type Midway, noMidway } from './midway.ts';
import type { Recorder } from './recorder.ts';

/** Independent draws of a flow with their importance weights towards exp(−U/kT). */
export interface WeightedDraws {
  /** `[N, D]`; no rows where a recorder has them. */
  readonly x: Batch;
  /** U, `[N]`; NaN for a draw that was refused before U was asked. */
  readonly energies: Float64Array;
  /** `[N]`, up to no constant: their exponentials have Z for a mean; −∞ for a draw of weight 0, which stays in N. */
  readonly logWeights: Float64Array;
  /** Draws that the flow does not invert. */
  readonly notInvertible: number;
  /** Draws outside the domain of relabelled configurations. */
  readonly outsideDomain: number;
  /** Draws whose energy was NaN or −∞. */
  readonly notFinite: number;
  /** What `createRecorder` made. */
  readonly recorder: Recorder | undefined;
}

/** How draws are gathered, whatever they are and weigh. */
export interface GatheringOptions {
  readonly count: number;
  readonly pace: () => Promise<void>;
  readonly midway?: Midway;
  /** Makes what takes the draws, where they are too large for memory, from what `midway` saved. */
  readonly createRecorder?: (saved: Artifact | undefined) => Recorder;
  readonly onBlock: (done: number) => void;
}

/** What a checkpoint between two blocks counts; `done` is a multiple of the block, or the end. */
interface DrawsSoFar {
  readonly done: number;
  readonly notInvertible: number;
  readonly outsideDomain: number;
  readonly notFinite: number;
}

/**
 * Makes `count` weighted draws of `dim` coordinates in blocks, and may be put down between any two of them.
 * @param size draws a block. @param draw makes `n` draws, a function of `n` and the block's number alone.
 */
export async function gatherDraws(
  options: GatheringOptions,
  dim: number,
  size: number,
  draw: (n: number, block: number) => Omit<WeightedDraws, 'recorder'>,
): Promise<WeightedDraws> {
  const { count, pace, midway = noMidway, onBlock } = options;
  const saved = midway.take();
  const recorder = options.createRecorder?.(saved);
  const positions = new Float64Array(recorder === undefined ? count * dim : 0);
  const energies = new Float64Array(count);
  const logWeights = new Float64Array(count);
  let { done, notInvertible, outsideDomain, notFinite } = (saved?.meta as
    | DrawsSoFar
    | undefined) ?? { done: 0, notInvertible: 0, outsideDomain: 0, notFinite: 0 };
  if (saved !== undefined) {
    if (recorder === undefined) positions.set(float64(saved, 'positions'));
    energies.set(float64(saved, 'energies'));
    logWeights.set(float64(saved, 'logWeights'));
  }
  midway.watch(() => {
    const gathered = recorder?.gathered();
    return {
      arrays: {
        ...(gathered?.arrays ?? { positions: positions.subarray(0, done * dim) }),
        energies: energies.subarray(0, done),
        logWeights: logWeights.subarray(0, done),
      },
      meta: { done, notInvertible, outsideDomain, notFinite } satisfies DrawsSoFar,
      records: gathered?.records,
    };
  });
  for (let from = done, block = done / size; from < count; from += size, block++) {
    const made = draw(Math.min(size, count - from), block);
    energies.set(made.energies, from);
    logWeights.set(made.logWeights, from);
    notInvertible += made.notInvertible;
    outsideDomain += made.outsideDomain;
    notFinite += made.notFinite;
    // With `done`, for what a checkpoint counts and what it holds must be one.
    if (recorder === undefined) positions.set(made.x.data, from * dim);
    else recorder.append(made.x);
    done = from + made.x.count;
    onBlock(done);
    midway.offer();
    await pace();
  }
  return {
    x: batch(positions, dim),
    energies,
    logWeights,
    notInvertible,
    outsideDomain,
    notFinite,
    recorder,
  };
}
