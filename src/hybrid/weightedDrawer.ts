import { booked, type LedgerAccount } from '../core/ledger.ts';
import type { Key } from '../core/rng.ts';
import { flowScore } from '../flow/flowScore.ts';
import type { FlowModel } from '../flow/model.ts';
import { annealedWeights } from './annealing/annealedWeights.ts';
import { bookedScore } from './bookedScore.ts';
import { drawWeights } from './drawWeights.ts';
import type { Environment } from './environment.ts';
import { frozenFlow } from './frozenFlow.ts';
import type { GatheringOptions, WeightedDraws } from './gatherDraws.ts';
import type { Plan } from './plan.ts';

/** Makes weighted draws of one flow. */
export interface WeightedDrawer {
  draw(options: GatheringOptions & { readonly key: Key }): Promise<WeightedDraws>;
  /** Frees the memory that the flow's score holds. */
  dispose(): void;
}

/** Energy evaluations that one draw of the plan's reweighting costs at most. */
export function evaluationsPerDraw({
  reweighting: { annealed },
  potential,
}: Pick<Plan, 'reweighting' | 'potential'>): number {
  if (annealed === undefined) return 1;
  return ((annealed.levels - 1) * annealed.steps + 1) * potential.evaluationsPerGradient;
}

/**
 * Draws as the plan's reweighting has them: of the flow itself, or annealed towards the target, and in the
 * domain of its identical particles.
 */
export function weightedDrawer(
  env: Pick<Environment, 'plan' | 'ledger' | 'createDensity' | 'createStepper'>,
  model: FlowModel,
  account: LedgerAccount,
): WeightedDrawer {
  const { ledger } = env;
  const { kT, masses, identicalParticles, potential, reweighting } = env.plan;
  const { annealed } = reweighting;
  const shared = {
    ...(identicalParticles && { domain: identicalParticles }),
    kT,
    flow: frozenFlow(env, model),
    potential: booked(potential, ledger, account),
  };
  if (annealed === undefined) {
    return { draw: (options) => drawWeights({ ...options, ...shared }), dispose: () => {} };
  }
  const score = flowScore(model, env.createStepper);
  const bridged = { ...shared, ...annealed, ...(masses && { masses }) };
  return {
    draw: (options) =>
      annealedWeights({ ...options, ...bridged, score: bookedScore(score, ledger) }),
    dispose: () => score.dispose(),
  };
}
