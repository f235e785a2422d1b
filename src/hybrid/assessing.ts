import { essFraction } from '../analysis/effectiveSampleSize.ts';
import { logPartition } from '../analysis/logPartition.ts';
import { paretoLimit } from '../analysis/paretoSmoothing.ts';
import { paretoTail } from '../analysis/paretoTail.ts';
import { select } from '../core/batch.ts';
import { booked } from '../core/ledger.ts';
import { at, fold, rootKey } from '../core/rng.ts';
import type { FlowDensity } from '../flow/density.ts';
import type { Assessment } from './campaign.ts';
import { isGoodEnough, isSpent } from './campaignGuards.ts';
import { datasetFrom } from './dataset.ts';
import type { Environment } from './environment.ts';
import { frozenFlow } from './frozenFlow.ts';
import type { WeightedDraws } from './gatherDraws.ts';
import { independenceAcceptance } from './independenceAcceptance.ts';
import { stateLabels } from './labels.ts';
import { medianLogWeight, modeCollapse, type StateCoverage } from './modeCollapse.ts';
import { modelFrom } from './models.ts';
import { pacer } from './pace.ts';
import type { Plan } from './plan.ts';
import { biasLogWeightsAt } from './productionTarget.ts';
import { weightedDrawer } from './weightedDrawer.ts';

/**
 * Judges a flow by fresh draws, annealed where reweighting will anneal them, and by the held-out frames of
 * every known state.
 */
export async function assess(
  env: Environment,
  input: { readonly round: number; readonly seeds: string; readonly model: string },
  signal: AbortSignal,
): Promise<Assessment> {
  const { plan } = env;
  const model = modelFrom(env.store.get(input.model));
  const flow = frozenFlow(env, model);
  const drawer = weightedDrawer(env, model, 'diagnostics');
  const draws = await drawer
    .draw({
      count: plan.assessing.draws,
      key: at(fold(rootKey(plan.seed), 'assessing'), input.round),
      pace: pacer(signal),
      ...(env.midway === undefined ? {} : { midway: env.midway }),
      onBlock: (done) =>
        env.emit({
          type: 'progress',
          phase: 'assessing',
          done,
          total: plan.assessing.draws,
          figure: undefined,
        }),
    })
    .finally(() => drawer.dispose());
  const labels = stateLabels(plan.states, draws.x);
  const seen = new Set<number>();
  labels.forEach((label, i) => {
    if (draws.logWeights[i] > -Infinity) seen.add(label);
  });

  heldOutFrames(env, input, { flow, logZ: logPartition(draws.logWeights)?.value ?? -Infinity });

  const assessment: Assessment = {
    essFraction: essFraction(draws.logWeights),
    paretoK: paretoTail(draws.logWeights).k,
    paretoLimit: paretoLimit(draws.logWeights.length),
    acceptance: independenceAcceptance(biased(plan, draws)),
    missingStates: plan.states.filter((_, s) => !seen.has(s)).map((state) => state.name),
  };
  env.emit({ type: 'assessment', round: input.round, assessment });
  env.emit({ type: 'decision', reason: verdictOnFlow(env, input.round, assessment) });
  return assessment;
}

/** The log-weights of draws towards what production samples. */
function biased(plan: Plan, { x, logWeights }: WeightedDraws): Float64Array {
  const bias = biasLogWeightsAt(plan, x);
  return bias === undefined ? logWeights : logWeights.map((w, i) => w - bias[i]);
}

/** Scores the held-out frames of every known state, and gives the alarm where the flow has lost one. */
function heldOutFrames(
  { plan, ledger, store, emit }: Environment,
  { round, seeds }: { readonly round: number; readonly seeds: string },
  { flow, logZ }: { readonly flow: FlowDensity; readonly logZ: number },
): void {
  const potential = booked(plan.potential, ledger, 'diagnostics');
  const { heldOut, heldOutLabels } = datasetFrom(store.get(seeds));
  const logLikelihood: Record<string, number> = {};
  const coverage: StateCoverage[] = [];
  plan.states.forEach((state, s) => {
    const own = Array.from(heldOutLabels.keys()).filter((i) => heldOutLabels[i] === s);
    if (own.length === 0) return;
    const frames = select(heldOut, own);
    const logProb = flow.logProb(frames);
    logLikelihood[state.name] = logProb.reduce((sum, value) => sum + value, 0) / own.length;
    const logWeights = potential.energy(frames).map((u, i) => -u / plan.kT - logProb[i]);
    coverage.push({ state: state.name, logWeight: medianLogWeight(logWeights, logZ) });
  });
  const logWeight = Object.fromEntries(coverage.map((one) => [one.state, one.logWeight]));
  emit({ type: 'heldOut', round, logLikelihood, logWeight });
  const alarm = modeCollapse(coverage);
  if (alarm !== undefined) emit({ type: 'warning', message: `round ${round}: ${alarm}` });
}

/** What the machine will do next, and which number decides it. */
function verdictOnFlow({ plan }: Environment, round: number, assessment: Assessment): string {
  const { targetEssFraction, targetAcceptance, maxRounds } = plan.assessing;
  if (isGoodEnough({ assessment, targetEssFraction, targetAcceptance })) {
    return 'training stops: the flow meets its targets';
  }
  const short = [
    assessment.essFraction < targetEssFraction &&
      `ESS fraction ${assessment.essFraction.toPrecision(3)} < ${targetEssFraction}`,
    assessment.acceptance < targetAcceptance &&
      `acceptance ${assessment.acceptance.toPrecision(3)} < ${targetAcceptance}`,
    !(assessment.paretoK <= assessment.paretoLimit) &&
      `Pareto k ${assessment.paretoK.toPrecision(3)} > ${assessment.paretoLimit.toPrecision(3)}`,
    assessment.missingStates.length > 0 && `no draws in ${assessment.missingStates.join(', ')}`,
  ].filter((reason) => reason !== false);
  return isSpent({ round, maxRounds })
    ? `training stops: no round is left, although ${short.join(', ')}`
    : `exploring, then round ${round + 1} of ${maxRounds}: ${short.join(', ')}`;
}
