import { clipHeaviest } from '../analysis/clipHeaviest.ts';
import type { CombinedFreeEnergies } from '../analysis/combineChainAndFlow.ts';
import { type EssConsistency, essConsistency } from '../analysis/essConsistency.ts';
import type { Estimate } from '../analysis/estimate.ts';
import type { Transitions } from '../analysis/transitions.ts';
import { type Withholding, withholdChain, withholdWeighted } from '../analysis/weightQuality.ts';
import type { Plan, StateSpec } from '../hybrid/plan.ts';
import { collapsed } from './collapsed.ts';
import type { Figure } from './result.ts';
import type { ChainFigures, DrawFigures } from './summarise.ts';

/** The figures of a run, each stated or withheld with a reason (design rule 11). */
export interface JudgedFigures {
  readonly hybrid: Figure;
  readonly reweighted: Figure;
  readonly combined: Figure;
  readonly logZ: Figure;
}

/** Chains that forgot their starts agree to this, by the usual rule (Vehtari et al., Bayesian Anal. 16, 667, 2021). */
export const ALLOWED_RHAT = 1.1;

/**
 * Whether the first rungs still remember where they started. Swaps bring two configurations back and forth
 * without either having crossed, so that their transitions alone say little; chains that disagree say more.
 */
function withholdDisagreement(rhat: number | undefined): Withholding | undefined {
  if (rhat !== undefined && rhat <= ALLOWED_RHAT) return undefined;
  const shown = rhat === undefined ? 'unknown' : rhat.toPrecision(3);
  return {
    reason: `R-hat of the states is ${shown}, above ${ALLOWED_RHAT}: the chains have not forgotten where they started`,
    advice: 'run longer (production.sweeps), or with a longer warm-up and a hotter last rung',
  };
}

/** Why a run without a flow has no weights. */
export const withoutFlow: Withholding = {
  reason: 'this run has no flow',
  advice: "the chain's own estimate is the answer",
};

/** Decides which of a run's estimates may be stated. */
export function withholding(evidence: {
  readonly plan: Plan;
  readonly chain: ChainFigures;
  /** Undefined in a run without a flow. */
  readonly draws: DrawFigures | undefined;
  readonly combined: CombinedFreeEnergies | undefined;
}): JudgedFigures {
  const { plan, chain, draws, combined } = evidence;
  const ofChain = withholdChain(
    chain.transitions.counts,
    plan.states.map((state) => state.name),
  );
  if (draws === undefined) {
    const none: Figure = { value: null, withheld: withoutFlow };
    return {
      hybrid: figure(chain.estimates, ofChain ?? withholdDisagreement(chain.rhat)),
      reweighted: none,
      combined: none,
      logZ: none,
    };
  }
  const agreement = draws.estimates.flatMap((weighted, i) => {
    const own = chain.estimates[i];
    return ofChain === undefined && weighted !== undefined && own !== undefined
      ? [{ weighted, chain: own }]
      : [];
  });
  const ofWeights = withholdWeighted({
    paretoK: draws.paretoK,
    draws: draws.count,
    states: plan.states.map((state, s) => ({ name: state.name, draws: draws.drawsPerState[s] })),
    ...(draws.scored.unscored === undefined
      ? { consistency: consistencyThatMatters(plan, draws) }
      : {}),
    agreement,
  });
  return {
    hybrid: figure(chain.estimates, ofChain),
    reweighted: figure(draws.estimates, ofWeights),
    combined: figure(
      combined?.differences ?? [undefined],
      ofWeights ?? ofChain ?? draws.scored.unscored,
    ),
    logZ: figure([draws.logZ], ofWeights),
  };
}

/**
 * Forward against reverse ESS, on weights clipped where they cannot move a difference by more than half
 * of its standard error.
 */
function consistencyThatMatters(plan: Plan, draws: DrawFigures): EssConsistency {
  const errors = draws.estimates.flatMap((estimate) => estimate?.standardError ?? []);
  const share = errors.length === 0 ? 0 : Math.min(0.05, Math.min(...errors) / 2);
  const { flow, target } = clipHeaviest(draws, draws.scored.chains, plan.states.length, share);
  return essConsistency(flow, target);
}

/** The differences of a chain, stated unless its transitions are too few. */
export function chainFigure(
  estimates: readonly (Estimate | undefined)[],
  transitions: Transitions,
  states: readonly StateSpec[],
): Figure {
  return figure(
    estimates,
    withholdChain(
      transitions.counts,
      states.map((state) => state.name),
    ),
  );
}

/** Differences in `result.json`'s shape, or why they are not given. */
export function figure(
  estimates: readonly (Estimate | undefined)[],
  withheld: Withholding | undefined,
): Figure {
  if (withheld !== undefined) return { value: null, withheld };
  const known = estimates.flatMap((estimate) => estimate ?? []);
  if (known.length < estimates.length) {
    return {
      value: null,
      withheld: {
        reason: 'a state has no samples, or their spread cannot be known',
        advice: 'run longer',
      },
    };
  }
  return {
    value: collapsed(known.map((estimate) => estimate.value)),
    standardError: collapsed(known.map((estimate) => estimate.standardError)),
  };
}
