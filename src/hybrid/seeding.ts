import { batch, row, select } from '../core/batch.ts';
import { startChains } from '../core/kernel.ts';
import { booked } from '../core/ledger.ts';
import { fold, rootKey } from '../core/rng.ts';
import { chainArrays, resumedState } from './chainArrays.ts';
import { type Dataset, datasetArtifact, float64 } from './dataset.ts';
import type { Environment } from './environment.ts';
import { expectAlike } from './expectAlike.ts';
import { expectStarts } from './expectStarts.ts';
import { expectSymmetric } from './expectSymmetric.ts';
import { evaluationsPerBurst } from './flowMoves.ts';
import { stateLabels } from './labels.ts';
import { makeKernel } from './makeKernel.ts';
import { noMidway } from './midway.ts';
import { pacer } from './pace.ts';
import { keptRows, type LeftOut, leftOutReport, steadyBursts } from './steadyBursts.ts';

/**
 * Molecular dynamics from every known state: the seeds of the flow.
 *
 * Chains stay where their dynamics takes them; each frame is labelled by the state that it is in.
 * The last chains of each state are held out whole, so that no held-out frame is correlated with a
 * training frame. A chain that diverges is left out from the start. Frames of identical particles carry
 * their reference labels; that the particles are alike is checked first.
 */
export async function seed(env: Environment, signal: AbortSignal): Promise<{ seeds: string }> {
  const { plan, midway = noMidway } = env;
  const { chains, burnIn, frames, stride, heldOut, dynamics } = plan.seeding;
  const { identicalParticles: labels } = plan;
  const potential = booked(plan.potential, env.ledger, 'seeding');
  const kernel = makeKernel(dynamics, potential, plan);
  const perBurst = evaluationsPerBurst(dynamics);
  const pace = pacer(signal);
  const { dim } = potential;
  const total = plan.states.length * chains;

  const saved = midway.take();
  let state = resumedState(saved, dim, undefined, () => startChains(potential, seedStarts(env)));
  if (saved === undefined) {
    expectStarts(plan, state.energy);
    expectAlike(env);
    expectSymmetric(env);
  }
  const steps = burnIn + frames * stride;
  const kept = new Float64Array(frames * total * dim);
  const before = saved?.meta as { step: number; frame: number; leftOut: LeftOut[] } | undefined;
  let { step, frame } = before ?? { step: 0, frame: 0 };
  const leftOut = before?.leftOut ?? [];
  if (saved !== undefined) kept.set(float64(saved, 'kept'));
  midway.watch(() => ({
    arrays: { ...chainArrays(state), kept: kept.subarray(0, frame * total * dim) },
    meta: { step, frame, leftOut: [...leftOut] },
  }));
  const key = fold(rootKey(plan.seed), 'seeding');
  for (const transition of steadyBursts(kernel, state, key, step, perBurst, leftOut)) {
    state = transition.state;
    step++;
    if (step > burnIn && (step - burnIn) % stride === 0) {
      const { positions } = state;
      kept.set((labels?.relabel(positions) ?? positions).data, frame++ * total * dim);
    }
    if (step >= steps) break;
    env.emit({ type: 'progress', phase: 'seeding', done: step, total: steps, figure: undefined });
    midway.offer();
    await pace();
  }

  const all = batch(kept, dim);
  const reserved = Math.max(1, Math.round(heldOut * chains));
  const isHeldOut = (index: number): boolean => (index % total) % chains >= chains - reserved;
  if (leftOut.length > 0) {
    const names = plan.states.map(({ name }) => name);
    const recordsBefore = (burst: number): number =>
      Math.max(0, Math.floor((burst - burnIn) / stride));
    const labels = stateLabels(plan.states, all);
    env.emit({
      type: 'warning',
      message: leftOutReport('seeding', leftOut, labels, total, names, recordsBefore),
    });
  }
  const indices = keptRows(all.count, total, leftOut);
  const train = select(
    all,
    indices.filter((i) => !isHeldOut(i)),
  );
  const test = select(all, indices.filter(isHeldOut));
  const data: Dataset = {
    train,
    trainLabels: stateLabels(plan.states, train),
    heldOut: test,
    heldOutLabels: stateLabels(plan.states, test),
  };
  env.store.put('seeds', datasetArtifact(data));
  return { seeds: 'seeds' };
}

/** The first configurations, `[states × chains, D]`: the chains of a state take its starts in turn. */
function seedStarts({ plan }: Environment): ReturnType<typeof batch> {
  const { dim } = plan.potential;
  const { chains } = plan.seeding;
  const data = new Float64Array(plan.states.length * chains * dim);
  plan.states.forEach((state, s) => {
    for (let c = 0; c < chains; c++) {
      data.set(row(state.start, c % state.start.count), (s * chains + c) * dim);
    }
  });
  return batch(data, dim);
}
