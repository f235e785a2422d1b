import { type Batch, batch, concat, select } from '../core/batch.ts';
import { type ChainState, startChains } from '../core/kernel.ts';
import { booked } from '../core/ledger.ts';
import { at, fold, integers, type Key, rootKey } from '../core/rng.ts';
import { flowScore } from '../flow/flowScore.ts';
import { chainStateFrom, resumedState } from './chainArrays.ts';
import { type Dataset, datasetArtifact, datasetFrom } from './dataset.ts';
import type { Environment } from './environment.ts';
import { chooseFlowMoves } from './flowMoves.ts';
import { frozenFlow } from './frozenFlow.ts';
import { stateLabels } from './labels.ts';
import { noMidway, partOf } from './midway.ts';
import { modelFrom } from './models.ts';
import { pacer } from './pace.ts';
import { productionTarget } from './productionTarget.ts';
import { recordSchedule } from './recordSchedule.ts';
import { productionSchedule } from './schedule.ts';
import { startPositions } from './startPositions.ts';

/**
 * Hybrid moves with the current flow: its frames are (nearly) equilibrium ones, so the flow that learns
 * from them learns the right share of every state. One frame a sweep; nothing of it is counted later.
 *
 * Every known state keeps a floor share of the data, filled up with seeds.
 */
export async function explore(
  env: Environment,
  input: {
    readonly round: number;
    readonly seeds: string;
    readonly model: string;
    readonly acceptance: number;
  },
  signal: AbortSignal,
): Promise<{ dataset: string }> {
  const { plan, ledger, midway = noMidway } = env;
  const saved = midway.take();
  const { chains, warmUp, sweeps, stateFloor } = plan.exploring;
  const key = at(fold(rootKey(plan.seed), 'exploring'), input.round);
  const model = modelFrom(env.store.get(input.model));
  const flow = frozenFlow(env, model);
  const seeds = datasetFrom(env.store.get(input.seeds));
  const { flowMoves } = chooseFlowMoves(plan, input.acceptance);
  const { kernels } = productionSchedule(plan, flow, ledger, flowMoves, () =>
    flowScore(model, env.createStepper),
  );
  const length = kernels.length;
  const pace = pacer(signal);
  const total = (warmUp + sweeps) * length;
  const onStep =
    (before: number) =>
    (done: number): void =>
      env.emit({
        type: 'progress',
        phase: 'exploring',
        done: before + done,
        total,
        figure: undefined,
      });

  const starts = startPositions(seeds, plan.states, chains, fold(key, 'starts'));
  const warming = partOf(midway, saved, 'warm-up');
  const sweeping = partOf(midway, saved, 'sweeps');
  const swept = sweeping.take();
  const begin = (): ChainState =>
    startChains(booked(productionTarget(plan), ledger, 'localMoves'), starts);
  const warmSaved = warming.take();
  // Chains that had begun their sweeps are warm.
  const warm =
    swept !== undefined
      ? chainStateFrom(swept, plan.potential.dim, flow)
      : (
          await recordSchedule({
            kernels,
            state: resumedState(warmSaved, plan.potential.dim, flow, begin),
            saved: warmSaved,
            key: fold(key, 'warm-up'),
            steps: warmUp * length,
            keep: false,
            pace,
            midway: warming,
            onStep: onStep(0),
          })
        ).last;
  const recording = await recordSchedule({
    kernels,
    state: warm,
    saved: swept,
    key: fold(key, 'sweeps'),
    steps: sweeps * length,
    keep: true,
    pace,
    midway: sweeping,
    onStep: onStep(warmUp * length),
  });

  const all = batch(recording.positions, plan.potential.dim);
  const ends = Array.from({ length: all.count }, (_, i) => i).filter(
    (i) => Math.floor(i / chains) % length === length - 1,
  );
  // Whole chains are held out, one in five, at least one.
  const isHeldOut = (i: number): boolean => i % chains >= chains - Math.ceil(chains / 5);
  const frames = select(
    all,
    ends.filter((i) => !isHeldOut(i)),
  );
  const heldOut = select(all, ends.filter(isHeldOut));
  const data: Dataset = {
    ...withStateFloor(
      frames,
      stateLabels(plan.states, frames),
      seeds,
      plan.states.length,
      stateFloor,
      fold(key, 'floor'),
    ),
    heldOut,
    heldOutLabels: stateLabels(plan.states, heldOut),
  };
  const id = `dataset-${input.round}`;
  env.store.put(id, datasetArtifact(data));
  return { dataset: id };
}

/**
 * The explored frames with seeds added to every known state that holds less than its floor: n frames more
 * bring k of N to a share f where n = (f N − k)/(1 − f).
 *
 * MD frames are in equilibrium within their state, so they move the share alone. Rare states would
 * otherwise be forgotten, or be drawn so seldom that their free energy has no precision.
 */
export function withStateFloor(
  frames: Batch,
  labels: Int32Array,
  seeds: Dataset,
  states: number,
  floor: number,
  key: Key,
): Pick<Dataset, 'train' | 'trainLabels'> {
  const parts = [frames];
  const partLabels = [...labels];
  for (let s = 0; s < states; s++) {
    const held = labels.reduce((sum, label) => sum + (label === s ? 1 : 0), 0);
    const lacking = Math.ceil((floor * frames.count - held) / (1 - floor));
    const own = Array.from(seeds.trainLabels.keys()).filter((i) => seeds.trainLabels[i] === s);
    if (lacking <= 0 || own.length === 0) continue;
    const picks = integers(at(key, s), lacking, own.length);
    parts.push(
      select(
        seeds.train,
        Array.from(picks, (pick) => own[pick]),
      ),
    );
    for (let i = 0; i < lacking; i++) partLabels.push(s);
  }
  return { train: concat(parts), trainLabels: Int32Array.from(partLabels) };
}
