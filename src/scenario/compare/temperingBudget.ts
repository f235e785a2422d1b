import { ScenarioError } from '../../core/errors.ts';
import { evaluationsPerBurst } from '../../hybrid/flowMoves.ts';
import type { Plan } from '../../hybrid/plan.ts';
import { statedLadder } from '../../hybrid/tempering/ladder.ts';
import type { Budget } from '../comparison.ts';

/**
 * What a run of a scenario without a flow spends: seeding, warm-up and production as planned.
 * @throws {ScenarioError} where pilots would have to find the ladder first.
 */
export function temperingBudget(name: string, plan: Plan): Budget {
  const { seeding, production, states, potential } = plan;
  if (production.tempering?.ladder === 'auto') {
    throw new ScenarioError(name, [
      {
        path: 'production.tempering.temperatures',
        message:
          'pilots choose the ladder, so what a run costs is not known before: give --evaluations or --seconds',
      },
    ]);
  }
  const rungs = statedLadder(plan)?.ladder.length ?? 1;
  const bursts = seeding.burnIn + seeding.frames * seeding.stride;
  const seeds =
    states.length * seeding.chains * (1 + bursts * evaluationsPerBurst(seeding.dynamics));
  // A cycle has a burst before the swaps of even pairs, and one before those of odd pairs.
  const burstsPerSweep = rungs > 2 ? 2 : 1;
  const sweeps = production.warmUp + production.sweeps;
  const rows = production.chains * rungs;
  const perRow = 2 + sweeps * burstsPerSweep * evaluationsPerBurst(production.local);
  return {
    unit: 'evaluations',
    amount: (seeds + rows * perRow) * potential.evaluationsPerGradient,
    rule: 'what the scenario\u2019s own run spends, seeding included',
  };
}
