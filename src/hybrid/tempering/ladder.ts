import { ErgoflowError } from '../../core/errors.ts';
import { booked } from '../../core/ledger.ts';
import { fold, rootKey } from '../../core/rng.ts';
import type { TemperingLadder } from '../../md/temperingLadder.ts';
import type { Environment } from '../environment.ts';
import type { Plan } from '../plan.ts';
import { productionTarget } from '../productionTarget.ts';
import { localStep } from './localStep.ts';
import { ladderWarnings, planLadder } from './planTempering.ts';

/** What `buildLadder` leaves in its artifact's `meta`: the rungs of a run without a flow. */
export type LadderMeta = Pick<TemperingLadder, 'ladder' | 'stepSizes'> & {
  /** Predicted share of accepted swaps; undefined for a ladder that the scenario states. */
  readonly predictedSwaps: number | undefined;
};

/**
 * The ladder of a run without a flow, fixed before anything counts (design rule 1): what the scenario
 * states, or what pilots of the production kernel find; one rung without tempering.
 */
export function buildLadder(env: Environment): { ladder: string } {
  const { plan, ledger, emit } = env;
  const found = ladderOf(plan, () => {
    const pilots = booked(productionTarget(plan), ledger, 'diagnostics');
    const search = planLadder(plan, pilots, {
      chains: plan.production.chains,
      maxKT: undefined,
      key: fold(rootKey(plan.seed), 'ladder'),
    });
    for (const message of ladderWarnings(search)) emit({ type: 'warning', message });
    return search;
  });
  if (found.ladder.length > 1) {
    const temperatures = found.ladder.map((kT) => Number(kT.toPrecision(4))).join(', ');
    const swaps =
      found.predictedSwaps === undefined
        ? 'set by the scenario'
        : `pilots predict ${(100 * found.predictedSwaps).toFixed(0)} % of the swaps accepted`;
    emit({
      type: 'decision',
      reason: `parallel tempering over ${found.ladder.length} rungs, kT ${temperatures}: ${swaps}`,
    });
  }
  const { ladder, stepSizes, predictedSwaps } = found;
  env.store.put('ladder', { arrays: {}, meta: { ladder, stepSizes, predictedSwaps } });
  return { ladder: 'ladder' };
}

/** The ladder that a plan states, the same step at every rung; undefined where it states none. */
export function statedLadder({ kT, production }: Plan): LadderMeta | undefined {
  const { tempering, local } = production;
  if (tempering === undefined || tempering.ladder === 'auto') return undefined;
  const { ladder } = tempering;
  if (ladder[0] !== kT) {
    throw new ErgoflowError(
      `production.tempering: the first rung expected the run's kT ${kT}, got ${ladder[0]}`,
    );
  }
  const { step } = localStep(local);
  return { ladder, stepSizes: ladder.map(() => step), predictedSwaps: undefined };
}

function ladderOf(plan: Plan, search: () => TemperingLadder): LadderMeta {
  const stated = statedLadder(plan);
  if (stated !== undefined) return stated;
  const { step } = localStep(plan.production.local);
  return plan.production.tempering === undefined
    ? { ladder: [plan.kT], stepSizes: [step], predictedSwaps: undefined }
    : search();
}
