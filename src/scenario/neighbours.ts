import type { WeightedStates } from '../analysis/combineChainAndFlow.ts';
import { essFraction, essPerState } from '../analysis/effectiveSampleSize.ts';
import type { Estimate } from '../analysis/estimate.ts';
import { chainFreeEnergies, reweightedFreeEnergies } from '../analysis/freeEnergy.ts';
import { paretoTail } from '../analysis/paretoTail.ts';
import { temperatureLogWeights } from '../analysis/temperatureReweighting.ts';
import { withholdChain, withholdWeighted } from '../analysis/weightQuality.ts';
import type { Plan } from '../hybrid/plan.ts';
import { referenceOf } from './reference.ts';
import type { CarriedFigure, Neighbour } from './result.ts';
import type { Scenario } from './scenario.ts';
import type { ChainFigures, DrawFigures } from './summarise.ts';
import { figure, withoutFlow } from './withhold.ts';

/**
 * The free energies at temperatures a tenth below and above the one that was sampled.
 *
 * Nothing is sampled again. Records of the chain get the weight exp(U/kT − U/kT′), draws of the flow the
 * weight exp(−U/kT′)/q, and each set is judged by its own ESS and Pareto k: how far it reaches depends on
 * how far the energy distributions overlap. Both are in kT′, the thermal energy of the neighbour.
 */
export function neighbours(evidence: {
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly temperature: number;
  readonly chain: ChainFigures;
  /** Undefined in a run without a flow. */
  readonly draws: DrawFigures | undefined;
}): Neighbour[] {
  const { scenario, plan, temperature, chain, draws } = evidence;
  return FACTORS.map((factor) => {
    const kT = plan.kT * factor;
    // Written without the digits of the product: 1.1 × 300 is 330.
    const there = Number((temperature * factor).toPrecision(12));
    return {
      temperature: there,
      hybrid: ofChain(plan, kT, chain),
      reweighted:
        draws === undefined
          ? { difference: { value: null, withheld: withoutFlow }, essFraction: 0, paretoK: null }
          : ofDraws(plan, kT, draws),
      reference: referenceOf(scenario, { ...plan, kT }, there),
    };
  });
}

const FACTORS = [0.9, 1.1];

function ofDraws(plan: Plan, kT: number, draws: DrawFigures): CarriedFigure {
  const carried = temperatureLogWeights(draws.energies, plan.kT, kT);
  // A draw of weight 0 has no energy to carry.
  const logWeights = draws.logWeights.map((w, i) => (w > -Infinity ? w + carried[i] : w));
  const estimates = reweightedFreeEnergies(draws.labels, logWeights, plan.states.length);
  return judged(plan, [{ labels: draws.labels, logWeights }], estimates, undefined);
}

function ofChain(plan: Plan, kT: number, chain: ChainFigures): CarriedFigure {
  const { chains } = chain.meta;
  const carried = temperatureLogWeights(chain.energies, plan.kT, kT);
  const series = chain.labels.map((labels, c) => ({
    labels,
    logWeights: Float64Array.from(
      labels,
      (_, n) => carried[n * chains + c] + (chain.logWeights?.[c][n] ?? 0),
    ),
  }));
  const estimates = chainFreeEnergies(series, plan.states.length);
  const names = plan.states.map((state) => state.name);
  return judged(plan, series, estimates, withholdChain(chain.transitions.counts, names));
}

function judged(
  plan: Plan,
  series: readonly WeightedStates[],
  estimates: readonly (Estimate | undefined)[],
  reason: ReturnType<typeof withholdChain>,
): CarriedFigure {
  const { logWeights, labels } = pooled(series);
  const coverage = essPerState(logWeights, labels, plan.states.length);
  const { k } = paretoTail(logWeights);
  const withheld =
    reason ??
    withholdWeighted({
      paretoK: k,
      draws: logWeights.length,
      states: plan.states.map(({ name }, s) => ({ name, draws: coverage[s].draws })),
    });
  return {
    difference: figure(estimates, withheld),
    essFraction: essFraction(logWeights),
    paretoK: Number.isFinite(k) ? k : null,
  };
}

/** All series as one, in arrays of numbers: records may be so many that lists of them are felt. */
function pooled(series: readonly WeightedStates[]): WeightedStates {
  const count = series.reduce((sum, { labels }) => sum + labels.length, 0);
  const [labels, logWeights] = [new Int32Array(count), new Float64Array(count)];
  let offset = 0;
  for (const one of series) {
    labels.set(one.labels, offset);
    logWeights.set(one.logWeights, offset);
    offset += one.labels.length;
  }
  return { labels, logWeights };
}
