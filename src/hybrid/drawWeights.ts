import { type Batch, batch, select } from '../core/batch.ts';
import type { Domain } from '../core/domain.ts';
import type { Potential } from '../core/potential.ts';
import { at, type Key } from '../core/rng.ts';
import type { FlowDensity } from '../flow/density.ts';
import type { Artifact } from './artifacts.ts';
import { float64 } from './dataset.ts';
import { invertedDensity } from './invertedDensity.ts';
import { type Midway, noMidway } from './midway.ts';
import type { Recorder } from './recorder.ts';

/** Independent draws of a flow with their importance weights towards exp(−U/kT). */
export interface WeightedDraws {
  /** `[N, D]`; no rows where a recorder has them. */
  readonly x: Batch;
  /** U, `[N]`; NaN for a draw that was refused before U was asked. */
  readonly energies: Float64Array;
  /** log q, `[N]`. */
  readonly logProb: Float64Array;
  /** −U/kT − log q, `[N]`; −∞ for a draw of weight 0, which stays in N. */
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

/** What a checkpoint between two blocks counts; `done` is a multiple of the block, or the end. */
interface DrawsSoFar {
  readonly done: number;
  readonly notInvertible: number;
  readonly outsideDomain: number;
  readonly notFinite: number;
}

/** Draws per block: one network pass each, small enough to let others run in between. */
const BLOCK = 4096;

/**
 * `count` draws x ~ q with log w = −U(x)/kT − log q(x).
 *
 * A draw outside the domain, or that the flow does not invert, or whose energy is not a number, has
 * weight 0 and stays in N (design rules 5, 6, 9). With a domain the weights are those of Z_domain, and
 * ln Z = ln Z_domain + `domain.logCopies`.
 */
export async function drawWeights(options: {
  readonly flow: FlowDensity;
  readonly potential: Potential;
  readonly kT: number;
  readonly count: number;
  readonly domain?: Domain;
  readonly key: Key;
  readonly pace: () => Promise<void>;
  readonly midway?: Midway;
  /** Makes what takes the draws, where they are too large for memory, from what `midway` saved. */
  readonly createRecorder?: (saved: Artifact | undefined) => Recorder;
  readonly onBlock: (done: number) => void;
}): Promise<WeightedDraws> {
  const { flow, potential, kT, count, domain, key, pace, midway = noMidway, onBlock } = options;
  const { dim } = potential;
  const saved = midway.take();
  const recorder = options.createRecorder?.(saved);
  const positions = new Float64Array(recorder === undefined ? count * dim : 0);
  const energies = new Float64Array(count).fill(Number.NaN);
  const logProb = new Float64Array(count);
  const logWeights = new Float64Array(count).fill(-Infinity);
  let { done, notInvertible, outsideDomain, notFinite } = (saved?.meta as
    | DrawsSoFar
    | undefined) ?? {
    done: 0,
    notInvertible: 0,
    outsideDomain: 0,
    notFinite: 0,
  };
  if (saved !== undefined) {
    if (recorder === undefined) positions.set(float64(saved, 'positions'));
    energies.set(float64(saved, 'energies'));
    logProb.set(float64(saved, 'logProb'));
    logWeights.set(float64(saved, 'logWeights'));
  }
  midway.watch(() => {
    const gathered = recorder?.gathered();
    return {
      arrays: {
        ...(gathered?.arrays ?? { positions: positions.subarray(0, done * dim) }),
        energies: energies.subarray(0, done),
        logProb: logProb.subarray(0, done),
        logWeights: logWeights.subarray(0, done),
      },
      meta: { done, notInvertible, outsideDomain, notFinite } satisfies DrawsSoFar,
      records: gathered?.records,
    };
  });
  for (let from = done, block = done / BLOCK; from < count; from += BLOCK, block++) {
    const { x } = flow.sample(Math.min(BLOCK, count - from), at(key, block));
    const density = invertedDensity(flow, x);
    logProb.set(density.logProb, from);
    const kept: number[] = [];
    const inside = domain?.contains(x);
    for (let b = 0; b < x.count; b++) {
      if (inside?.[b] === 0) outsideDomain++;
      else if (density.invertible[b] !== 1) notInvertible++;
      else kept.push(b);
    }
    const energy = kept.length > 0 ? potential.energy(select(x, kept)) : new Float64Array(0);
    kept.forEach((b, i) => {
      energies[from + b] = energy[i];
      if (energy[i] > -Infinity) logWeights[from + b] = -energy[i] / kT - density.logProb[b];
      else notFinite++;
    });
    // With `done`, for what a checkpoint counts and what it holds must be one.
    if (recorder === undefined) positions.set(x.data, from * dim);
    else recorder.append(x);
    done = from + x.count;
    onBlock(done);
    midway.offer();
    await pace();
  }
  return {
    x: batch(positions, dim),
    energies,
    logProb,
    logWeights,
    notInvertible,
    outsideDomain,
    notFinite,
    recorder,
  };
}
