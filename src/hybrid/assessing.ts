import { essFraction } from '../analysis/effectiveSampleSize.ts';
import { paretoLimit, paretoSmooth } from '../analysis/paretoSmoothing.ts';
import { select } from '../core/batch.ts';
import { booked } from '../core/ledger.ts';
import { at, fold, rootKey } from '../core/rng.ts';
import { bookedDensity } from './bookedDensity.ts';
import type { Assessment } from './campaign.ts';
import { datasetFrom } from './dataset.ts';
import { drawWeights } from './drawWeights.ts';
import type { Environment } from './environment.ts';
import { independenceAcceptance } from './independenceAcceptance.ts';
import { stateLabels } from './labels.ts';
import { modelFrom } from './models.ts';
import { pacer } from './pace.ts';

/** Judges a flow by fresh draws, and by the held-out frames of every known state. */
export async function assess(
  env: Environment,
  input: { readonly round: number; readonly seeds: string; readonly model: string },
  signal: AbortSignal,
): Promise<Assessment> {
  const { plan, ledger } = env;
  const flow = bookedDensity(env.createDensity(modelFrom(env.store.get(input.model))), ledger);
  const draws = await drawWeights({
    flow,
    potential: booked(plan.potential, ledger, 'diagnostics'),
    kT: plan.kT,
    count: plan.assessing.draws,
    key: at(fold(rootKey(plan.seed), 'assessing'), input.round),
    pace: pacer(signal),
    onBlock: (done) =>
      env.emit({
        type: 'progress',
        phase: 'assessing',
        done,
        total: plan.assessing.draws,
        figure: undefined,
      }),
  });
  const labels = stateLabels(plan.states, draws.x);
  const seen = new Set<number>();
  labels.forEach((label, i) => {
    if (draws.logWeights[i] > -Infinity) seen.add(label);
  });

  const { heldOut, heldOutLabels } = datasetFrom(env.store.get(input.seeds));
  const logLikelihood: Record<string, number> = {};
  plan.states.forEach((state, s) => {
    const own = Array.from(heldOutLabels.keys()).filter((i) => heldOutLabels[i] === s);
    if (own.length === 0) return;
    const logProb = flow.logProb(select(heldOut, own));
    logLikelihood[state.name] = logProb.reduce((sum, value) => sum + value, 0) / own.length;
  });
  env.emit({ type: 'heldOut', round: input.round, logLikelihood });

  const assessment: Assessment = {
    essFraction: essFraction(draws.logWeights),
    paretoK: paretoSmooth(draws.logWeights).k,
    paretoLimit: paretoLimit(draws.logWeights.length),
    acceptance: independenceAcceptance(draws.logWeights),
    missingStates: plan.states.filter((_, s) => !seen.has(s)).map((state) => state.name),
  };
  env.emit({ type: 'assessment', round: input.round, assessment });
  return assessment;
}
