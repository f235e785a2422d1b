import { batch } from '../../core/batch.ts';
import { startChains } from '../../core/kernel.ts';
import { booked } from '../../core/ledger.ts';
import { fold, rootKey } from '../../core/rng.ts';
import { swapStatistics } from '../../md/swapStatistics.ts';
import type { Tempering } from '../../md/tempering.ts';
import { resumedState } from '../chainArrays.ts';
import { datasetFrom, float64 } from '../dataset.ts';
import type { Environment } from '../environment.ts';
import { noMidway } from '../midway.ts';
import { pacer } from '../pace.ts';
import type { ProductionMeta } from '../producing.ts';
import { productionTarget } from '../productionTarget.ts';
import { productionRecorder, productionRecords } from '../recorder.ts';
import { recordSchedule, recordsOf } from '../recordSchedule.ts';
import { startPositions } from '../startPositions.ts';
import type { LadderMeta } from './ladder.ts';
import { planTempering } from './planTempering.ts';

/** What the swaps of a production without a flow did; part of its artifact's `meta`. */
export interface SwapMeta {
  /** k_B T of every rung. */
  readonly ladder: readonly number[];
  /** Share of accepted swaps of rungs r and r + 1, `[R − 1]`. */
  readonly acceptance: readonly number[];
  /** Journeys cold → hot → cold of all replicas. */
  readonly roundTrips: number;
}

/** Runs the replicas from starts in every known state, and discards all of it but its end. */
export async function warmUpReplicas(
  env: Environment,
  input: { readonly seeds: string; readonly ladder: string },
  signal: AbortSignal,
): Promise<{ chains: string }> {
  const { plan, ledger, midway = noMidway } = env;
  const saved = midway.take();
  const key = fold(rootKey(plan.seed), 'warm-up');
  const potential = booked(productionTarget(plan), ledger, 'localMoves');
  const replicas = replicasOf(env, input.ladder);
  const seeds = datasetFrom(env.store.get(input.seeds));
  const starts = startPositions(seeds, plan.states, plan.production.chains, fold(key, 'starts'));
  const total = plan.production.warmUp * replicas.kernels.length;
  const { last } = await recordSchedule({
    kernels: replicas.kernels,
    state: resumedState(saved, plan.potential.dim, undefined, () =>
      replicas.start(potential, starts),
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

/**
 * The samples that count in a run without a flow: the first rung after each round of swaps, or after each
 * local burst where there is one rung alone.
 */
export async function produceReplicas(
  env: Environment,
  input: { readonly chains: string; readonly ladder: string },
  signal: AbortSignal,
): Promise<{ production: string }> {
  const { plan, ledger, midway = noMidway } = env;
  const { dim } = plan.potential;
  const saved = midway.take();
  const potential = booked(productionTarget(plan), ledger, 'localMoves');
  const replicas = replicasOf(env, input.ladder);
  const chains = plan.production.chains;
  const isSwap = replicas.swaps.map((lower) => lower.length > 0);
  const swaps = swapStatistics(replicas, chains, saved?.arrays);
  const isRecorded = isSwap.map((one) => one || replicas.ladder.length === 1);
  const total = plan.production.sweeps * replicas.kernels.length;
  const recorder = productionRecorder(env, recordsOf(isRecorded, total) * chains, saved);
  const recording = await recordSchedule({
    kernels: replicas.kernels,
    state: resumedState(saved, dim, undefined, () =>
      startChains(potential, batch(float64(env.store.get(input.chains), 'positions'), dim)),
    ),
    saved,
    midway,
    recorder,
    key: fold(rootKey(plan.seed), 'production'),
    steps: total,
    keep: true,
    pace: pacer(signal),
    part: {
      isRecorded,
      count: chains,
      observe: swaps.observe,
      gathered: swaps.gathered,
    },
    onStep: (done) =>
      env.emit({ type: 'progress', phase: 'producing', done, total, figure: undefined }),
  });
  const { acceptance, roundTrips } = swaps.figures();
  const meta: ProductionMeta = {
    dim,
    chains,
    isFlowMove: [false],
    moves: recording.moves,
    fingerprint: undefined,
    swaps: {
      ladder: replicas.ladder,
      acceptance,
      roundTrips: roundTrips.reduce((sum, trips) => sum + trips, 0),
    },
  };
  env.store.put('production', {
    ...productionRecords(plan, recording, recorder),
    meta,
  });
  return { production: 'production' };
}

function replicasOf(env: Environment, id: string): Tempering {
  const { plan, ledger } = env;
  return planTempering(
    plan,
    booked(productionTarget(plan), ledger, 'localMoves'),
    env.store.get(id).meta as LadderMeta,
  );
}
