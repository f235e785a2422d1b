import { startChains } from '../core/kernel.ts';
import { totalEvaluations } from '../core/ledger.ts';
import { fold, rootKey } from '../core/rng.ts';
import { chainArrays, resumedState } from './chainArrays.ts';
import { datasetFrom, int32 } from './dataset.ts';
import type { Environment } from './environment.ts';
import { evaluationsPerBurst } from './flowMoves.ts';
import { coreLabels, stateLabels } from './labels.ts';
import { makeKernel } from './makeKernel.ts';
import { noMidway } from './midway.ts';
import { pacer } from './pace.ts';
import { startPositions } from './startPositions.ts';
import { keptRows, type LeftOut, leftOutReport, steadyBursts } from './steadyBursts.ts';

/** What `runBaseline` leaves in its artifact's `meta`. */
export interface BaselineMeta {
  /** Without those that diverged. */
  readonly chains: number;
  /** Evaluations spent; 0 where the plan has no baseline. */
  readonly evaluations: number;
  /** Evaluations of one chain between two records. */
  readonly evaluationsPerRecord: number;
}

/**
 * Plain MD from the same starts with as many energy evaluations as everything else together: the
 * answer to "was it worth it?". It is a reference and is not booked.
 */
export async function runBaseline(
  env: Environment,
  input: { readonly seeds: string; readonly production: string },
  signal: AbortSignal,
): Promise<{ baseline: string }> {
  const { plan, midway = noMidway } = env;
  const id = 'baseline';
  if (plan.baseline === undefined) {
    const meta: BaselineMeta = { chains: 0, evaluations: 0, evaluationsPerRecord: 1 };
    env.store.put(id, { arrays: { states: new Int32Array(0), cores: new Int32Array(0) }, meta });
    return { baseline: id };
  }
  const { dynamics, chains } = plan.baseline;
  const key = fold(rootKey(plan.seed), 'baseline');
  const seeds = datasetFrom(env.store.get(input.seeds));
  const kernel = makeKernel(dynamics, plan.potential, plan);
  const perBurst = evaluationsPerBurst(dynamics);
  const budget = totalEvaluations(env.ledger);
  const bursts = Math.max(1, Math.floor((budget / chains - 1) / perBurst));
  const states = new Int32Array(bursts * chains);
  const cores = new Int32Array(bursts * chains);
  const pace = pacer(signal);
  const starts = startPositions(seeds, plan.states, chains, fold(key, 'starts'));
  const saved = midway.take();
  const before = saved?.meta as { done: number; leftOut: LeftOut[] } | undefined;
  let done = before?.done ?? 0;
  const leftOut = before?.leftOut ?? [];
  let last = resumedState(saved, plan.potential.dim, undefined, () =>
    startChains(plan.potential, starts),
  );
  if (saved !== undefined) {
    states.set(int32(saved, 'states'));
    cores.set(int32(saved, 'cores'));
  }
  midway.watch(() => ({
    arrays: {
      ...chainArrays(last),
      states: states.subarray(0, done * chains),
      cores: cores.subarray(0, done * chains),
    },
    meta: { done, leftOut: [...leftOut] },
  }));
  const dynamicsKey = fold(key, 'dynamics');
  for (const { state } of steadyBursts(kernel, last, dynamicsKey, done, perBurst, leftOut)) {
    states.set(stateLabels(plan.states, state.positions), done * chains);
    cores.set(coreLabels(plan.states, state.positions), done * chains);
    last = state;
    done++;
    if (done === bursts) break;
    env.emit({ type: 'progress', phase: 'comparing', done, total: bursts, figure: undefined });
    midway.offer();
    await pace();
  }
  if (leftOut.length > 0) {
    const names = plan.states.map(({ name }) => name);
    const message = leftOutReport('plain MD', leftOut, states, chains, names, (burst) => burst);
    env.emit({ type: 'warning', message });
  }
  const kept = keptRows(states.length, chains, leftOut);
  const meta: BaselineMeta = {
    chains: chains - leftOut.length,
    evaluations: chains * (1 + bursts * perBurst),
    evaluationsPerRecord: perBurst,
  };
  const of = (labels: Int32Array): Int32Array => Int32Array.from(kept, (i) => labels[i]);
  env.store.put(id, { arrays: { states: of(states), cores: of(cores) }, meta });
  return { baseline: id };
}
