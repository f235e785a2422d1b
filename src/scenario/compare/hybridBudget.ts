import { totalEvaluations } from '../../core/ledger.ts';
import { chooseFlowMoves } from '../../hybrid/flowMoves.ts';
import type { Plan } from '../../hybrid/plan.ts';
import { evaluationsPerDraw } from '../../hybrid/weightedDrawer.ts';
import type { Budget } from '../comparison.ts';
import { sweepCost } from './runHybrid.ts';
import type { TrainedFlow } from './trainFlow.ts';

/**
 * What a run of the scenario itself spends: its seeding and training as measured, with warm-up, production
 * and reweighting as long as it plans them.
 */
export function hybridBudget(plan: Plan, { ledger, frozen }: TrainedFlow): Budget {
  const { production, reweighting, potential } = plan;
  const { flowMoves } = chooseFlowMoves(plan, frozen?.acceptance ?? 0);
  const starts = 2 * production.chains * potential.evaluationsPerGradient;
  const sweeps = production.warmUp + production.sweeps;
  return {
    unit: 'evaluations',
    amount:
      totalEvaluations(ledger) +
      starts +
      sweeps * sweepCost(plan, flowMoves) +
      reweighting.draws * evaluationsPerDraw(plan),
    rule: `what the scenario's own run spends with seed ${plan.seed}, training included`,
  };
}
