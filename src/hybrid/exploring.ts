import { batch, concat, select } from '../core/batch.ts';
import { startChains } from '../core/kernel.ts';
import { booked } from '../core/ledger.ts';
import { at, fold, rootKey } from '../core/rng.ts';
import { bookedDensity } from './bookedDensity.ts';
import { type Dataset, datasetArtifact, datasetFrom } from './dataset.ts';
import type { Environment } from './environment.ts';
import { chooseFlowMoves } from './flowMoves.ts';
import { stateLabels } from './labels.ts';
import { modelFrom } from './models.ts';
import { pacer } from './pace.ts';
import { recordSchedule } from './recordSchedule.ts';
import { productionSchedule } from './schedule.ts';
import { startPositions } from './startPositions.ts';

/**
 * Hybrid moves with the current flow: its frames are (nearly) equilibrium ones, so the flow that learns
 * from them learns the right share of every state. One frame a sweep; nothing of it is counted later.
 *
 * A known state that exploring did not visit keeps its seeds, lest the flow forget it.
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
  const { plan, ledger } = env;
  const { chains, warmUp, sweeps } = plan.exploring;
  const key = at(fold(rootKey(plan.seed), 'exploring'), input.round);
  const flow = bookedDensity(env.createDensity(modelFrom(env.store.get(input.model))), ledger);
  const seeds = datasetFrom(env.store.get(input.seeds));
  const { flowMoves } = chooseFlowMoves(plan, input.acceptance);
  const { kernels } = productionSchedule(plan, flow, ledger, flowMoves);
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
  const warm = await recordSchedule({
    kernels,
    state: startChains(booked(plan.potential, ledger, 'localMoves'), starts),
    key: fold(key, 'warm-up'),
    steps: warmUp * length,
    keep: false,
    pace,
    onStep: onStep(0),
  });
  const recording = await recordSchedule({
    kernels,
    state: warm.last,
    key: fold(key, 'sweeps'),
    steps: sweeps * length,
    keep: true,
    pace,
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
    ...withForgottenStates(env, frames, seeds),
    heldOut,
    heldOutLabels: stateLabels(plan.states, heldOut),
  };
  const id = `dataset-${input.round}`;
  env.store.put(id, datasetArtifact(data));
  return { dataset: id };
}

function withForgottenStates(
  { plan, emit }: Environment,
  frames: Dataset['train'],
  seeds: Dataset,
): Pick<Dataset, 'train' | 'trainLabels'> {
  const labels = stateLabels(plan.states, frames);
  const forgotten = plan.states.flatMap((state, s) => {
    if (labels.includes(s)) return [];
    emit({
      type: 'warning',
      message: `exploring never visited "${state.name}" (${state.definition}); its seeds are kept for training`,
    });
    return [s];
  });
  if (forgotten.length === 0) return { train: frames, trainLabels: labels };
  const kept = Array.from(seeds.trainLabels.keys()).filter((i) =>
    forgotten.includes(seeds.trainLabels[i]),
  );
  const extra = select(seeds.train, kept);
  const train = concat([frames, extra]);
  return { train, trainLabels: stateLabels(plan.states, train) };
}
