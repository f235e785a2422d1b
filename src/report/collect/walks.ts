import { type Batch, batch, row } from '../../core/batch.ts';
import type { Dataset } from '../../hybrid/dataset.ts';
import type { Plan } from '../../hybrid/plan.ts';
import type { Walk } from '../reportData.ts';
import { evenly } from './evenly.ts';
import { rounded } from './rounded.ts';

const MOST = 150;

/** The frames of one seeding chain of each state, in the order of the states, each `[frames, D]`. */
export function seedChains(seeds: Dataset, plan: Plan): Batch[] {
  const { train } = seeds;
  const { frames } = plan.seeding;
  // Frame by frame, within a frame state by state, within a state chain by chain: see `seeding.ts`.
  const perFrame = train.count / frames;
  const perState = perFrame / plan.states.length;
  if (!Number.isInteger(perState)) return [];
  return plan.states.map((_, s) => {
    const data = new Float64Array(frames * train.dim);
    for (let f = 0; f < frames; f++) {
      data.set(row(train, f * perFrame + s * perState), f * train.dim);
    }
    return batch(data, train.dim);
  });
}

/** MD walks to be drawn on a landscape; none unless there are two coordinates. */
export function walks(chains: readonly Batch[], plan: Plan): Walk[] {
  if (plan.potential.dim !== 2) return [];
  return chains.map((chain, s) => ({
    state: plan.states[s].name,
    points: evenly(chain.count, MOST).map((f) => {
      const [x, y] = row(chain, f);
      return [rounded(x), rounded(y)] as const;
    }),
  }));
}
