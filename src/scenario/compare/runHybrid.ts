import { batch } from '../../core/batch.ts';
import { startChains } from '../../core/kernel.ts';
import { booked } from '../../core/ledger.ts';
import { flowScore } from '../../flow/flowScore.ts';
import { float64 } from '../../hybrid/dataset.ts';
import type { Environment } from '../../hybrid/environment.ts';
import {
  chooseFlowMoves,
  evaluationsPerBurst,
  evaluationsPerFlowMove,
} from '../../hybrid/flowMoves.ts';
import { frozenFlow } from '../../hybrid/frozenFlow.ts';
import { modelFrom } from '../../hybrid/models.ts';
import { pacer } from '../../hybrid/pace.ts';
import type { Plan } from '../../hybrid/plan.ts';
import { warmUp } from '../../hybrid/producing.ts';
import { biasLogWeightsAt, productionTarget } from '../../hybrid/productionTarget.ts';
import { productionSchedule } from '../../hybrid/schedule.ts';
import { BudgetSpentError, limited, meter } from './meter.ts';
import type { MethodInput, MethodOutcome } from './methodOutcome.ts';
import { recordChains } from './recordChains.ts';
import type { ChainSamples } from './samples.ts';
import type { TrainedFlow } from './trainFlow.ts';

/**
 * The whole machine: what is left after training pays for the scenario's warm-up and then for production,
 * as many sweeps as it buys. The estimate is the chain's own, so nothing goes to reweighting.
 */
export async function runHybrid(input: MethodInput, trained: TrainedFlow): Promise<MethodOutcome> {
  const { plan, budget, signal } = input;
  const ledger = { ...trained.ledger };
  const own = meter(budget, ledger, trained.seconds);
  const env: Environment = {
    plan: { ...plan, potential: limited(plan.potential, own, budget) },
    store: trained.store,
    ledger,
    emit: () => {},
    ...input.tiers,
  };
  const outcome = (samples: ChainSamples | undefined, warnings: readonly string[]) => ({
    method: 'hybrid' as const,
    description: `${plan.production.chains} chains of ${plan.production.local.kind} and flow moves by turns, after training`,
    samples,
    ledger,
    preparingSeconds: trained.seconds,
    totalSeconds: own.seconds(),
    ladder: null,
    warnings: [...trained.warnings, ...warnings],
  });
  const { frozen } = trained;
  if (frozen === undefined) return outcome(undefined, []);

  try {
    const { chains } = await warmUp(env, frozen, signal);
    const { flowMoves } = chooseFlowMoves(plan, frozen.acceptance);
    const model = modelFrom(env.store.get(frozen.model));
    const flow = frozenFlow(env, model);
    const { kernels, isFlowMove } = productionSchedule(env.plan, flow, ledger, flowMoves, () =>
      flowScore(model, env.createStepper),
    );
    const start = batch(float64(env.store.get(chains), 'positions'), plan.potential.dim);
    const samples = await recordChains({
      kernels,
      state: startChains(booked(productionTarget(env.plan), ledger, 'localMoves'), start),
      key: input.key,
      states: plan.states,
      isRecorded: isFlowMove.map(() => true),
      isFlowMove,
      positions: ({ positions }) => positions,
      logWeights: (x) => biasLogWeightsAt(plan, x),
      cycleCost: sweepCost(plan, flowMoves),
      meter: own,
      pace: pacer(signal),
      observe: () => {},
      onCycle: () => input.onProgress('hybridProduction', own.share()),
    });
    return outcome(samples, []);
  } catch (error) {
    if (!(error instanceof BudgetSpentError)) throw error;
    return outcome(undefined, ['the budget ended in the warm-up of production']);
  }
}

/** The most evaluations that one sweep of production can cost, over all chains. */
export function sweepCost({ potential, production }: Plan, flowMoves: number): number {
  const { chains, local, latent } = production;
  const proposals = flowMoves * evaluationsPerFlowMove(production);
  const moves = evaluationsPerBurst(local) + proposals + (latent?.moves ?? 0);
  return chains * moves * potential.evaluationsPerGradient;
}
