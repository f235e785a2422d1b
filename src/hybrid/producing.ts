import { batch } from '../core/batch.ts';
import { ErgoflowError } from '../core/errors.ts';
import { startChains } from '../core/kernel.ts';
import { booked } from '../core/ledger.ts';
import { fold, rootKey } from '../core/rng.ts';
import { flowScore } from '../flow/flowScore.ts';
import { resumedState } from './chainArrays.ts';
import { datasetFrom, float64 } from './dataset.ts';
import type { Environment } from './environment.ts';
import { chooseFlowMoves } from './flowMoves.ts';
import { frozenFlow } from './frozenFlow.ts';
import { noMidway } from './midway.ts';
import { fingerprint, modelFrom } from './models.ts';
import { pacer } from './pace.ts';
import { productionTarget } from './productionTarget.ts';
import { productionRecorder, productionRecords } from './recorder.ts';
import { type MoveStatistics, recordSchedule } from './recordSchedule.ts';
import { productionSchedule } from './schedule.ts';
import { startPositions } from './startPositions.ts';
import type { SwapMeta } from './tempering/replicas.ts';

/** What `produce` leaves in its artifact's `meta`. */
export interface ProductionMeta {
  readonly dim: number;
  readonly chains: number;
  /** One flag a step of the cycle. */
  readonly isFlowMove: readonly boolean[];
  readonly moves: readonly MoveStatistics[];
  /** Of the frozen flow; undefined without one. */
  readonly fingerprint: string | undefined;
  /** Of parallel tempering; undefined with a flow. */
  readonly swaps?: SwapMeta;
}

/** Runs the frozen schedule from starts in every known state, and discards all of it but its end. */
export async function warmUp(
  env: Environment,
  input: { readonly seeds: string; readonly model: string; readonly acceptance: number },
  signal: AbortSignal,
): Promise<{ chains: string }> {
  const { plan, ledger, midway = noMidway } = env;
  const saved = midway.take();
  const model = modelFrom(env.store.get(input.model));
  if (saved === undefined) {
    env.emit({ type: 'frozen', model: input.model, fingerprint: fingerprint(model) });
  }
  const key = fold(rootKey(plan.seed), 'warm-up');
  const flow = frozenFlow(env, model);
  const seeds = datasetFrom(env.store.get(input.seeds));
  const starts = startPositions(seeds, plan.states, plan.production.chains, fold(key, 'starts'));
  const choice = chooseFlowMoves(plan, input.acceptance);
  if (saved === undefined) env.emit({ type: 'decision', reason: choice.reason });
  const { kernels } = productionSchedule(plan, flow, ledger, choice.flowMoves, () =>
    flowScore(model, env.createStepper),
  );
  const total = plan.production.warmUp * kernels.length;
  const { last } = await recordSchedule({
    kernels,
    state: resumedState(saved, plan.potential.dim, flow, () =>
      startChains(booked(productionTarget(plan), ledger, 'localMoves'), starts),
    ),
    saved,
    midway,
    key: fold(key, 'sweeps'),
    steps: total,
    keep: false,
    pace: pacer(signal),
    onStep: (done) =>
      env.emit({ type: 'progress', phase: 'warmingUp', done, total, figure: undefined }),
  });
  env.store.put('chains', {
    arrays: { positions: last.positions.data },
    meta: { dim: plan.potential.dim },
  });
  return { chains: 'chains' };
}

/** The samples that count: a schedule of fixed length with a frozen flow, every step recorded. */
export async function produce(
  env: Environment,
  input: { readonly chains: string; readonly model: string; readonly acceptance: number },
  signal: AbortSignal,
): Promise<{ production: string }> {
  const { plan, ledger, midway = noMidway } = env;
  const saved = midway.take();
  const { dim } = plan.potential;
  const model = modelFrom(env.store.get(input.model));
  const before = fingerprint(model);
  const flow = frozenFlow(env, model);
  const { flowMoves } = chooseFlowMoves(plan, input.acceptance);
  const schedule = productionSchedule(plan, flow, ledger, flowMoves, () =>
    flowScore(model, env.createStepper),
  );
  const chains = batch(float64(env.store.get(input.chains), 'positions'), dim);
  const total = plan.production.sweeps * schedule.kernels.length;
  const recorder = productionRecorder(env, total * chains.count, saved);
  const recording = await recordSchedule({
    kernels: schedule.kernels,
    state: resumedState(saved, dim, flow, () =>
      startChains(booked(productionTarget(plan), ledger, 'localMoves'), chains),
    ),
    saved,
    midway,
    recorder,
    key: fold(rootKey(plan.seed), 'production'),
    steps: total,
    keep: true,
    pace: pacer(signal),
    onStep: (done, moves) =>
      env.emit({
        type: 'progress',
        phase: 'producing',
        done,
        total,
        figure: { name: 'acceptance', value: acceptanceOf(moves, schedule.isFlowMove) },
      }),
  });
  if (fingerprint(model) !== before) {
    throw new ErgoflowError('the flow changed during production; nothing of this run counts');
  }
  const meta: ProductionMeta = {
    dim,
    chains: chains.count,
    isFlowMove: schedule.isFlowMove,
    moves: recording.moves,
    fingerprint: before,
  };
  env.store.put('production', {
    ...productionRecords(plan, recording, recorder),
    meta,
  });
  return { production: 'production' };
}

/** Accepted over tried, of the flow's moves. */
export function acceptanceOf(
  moves: readonly MoveStatistics[],
  isFlowMove: readonly boolean[],
): number {
  let attempts = 0;
  let accepted = 0;
  moves.forEach((move, i) => {
    if (!isFlowMove[i]) return;
    attempts += move.attempts;
    accepted += move.accepted;
  });
  return attempts === 0 ? 0 : accepted / attempts;
}
