import type { EssConsistency } from './essConsistency.ts';
import type { Estimate } from './estimate.ts';
import { paretoLimit } from './paretoSmoothing.ts';

/** Why a figure is not given, and what would help. */
export interface Withholding {
  readonly reason: string;
  readonly advice: string;
}

/** What is known about the weights of the flow's draws. */
export interface WeightEvidence {
  /** k̂, see `paretoSmooth`. */
  readonly paretoK: number;
  /** N, all draws. */
  readonly draws: number;
  /** Every known state, from seeding or production, with the draws of weight above 0 in it. */
  readonly states: readonly { readonly name: string; readonly draws: number }[];
  /** Forward against reverse ESS; left out where there are no samples of the target. */
  readonly consistency?: EssConsistency;
  /** The same difference from the weights and from the chain; left out where either is missing. */
  readonly agreement?: readonly { readonly weighted: Estimate; readonly chain: Estimate }[];
}

/**
 * Whether a figure that rests on flow weights must be withheld (design rule 11); undefined where it need not.
 *
 * In this order: a known state without flow draws; k̂ above min(1 − 1/log₁₀ N, 0.7); forward and reverse ESS
 * that cannot both be true; the weighted and the chain's estimate more than four joint standard errors
 * apart. One reason is given, the first: the others usually follow from it.
 */
export function withholdWeighted(evidence: WeightEvidence): Withholding | undefined {
  const { paretoK, draws, states, consistency, agreement = [] } = evidence;
  const missing = states.filter((state) => state.draws === 0).map((state) => `"${state.name}"`);
  if (missing.length > 0) {
    return {
      reason: `none of ${draws} flow draws is in ${missing.join(', ')}, which exists`,
      advice: 'train by example with data from every state; the flow has forgotten this one',
    };
  }
  const limit = paretoLimit(draws);
  // Written so that a k of NaN is withheld as well.
  if (!(paretoK <= limit)) {
    return {
      reason: `Pareto k is ${shown(paretoK)}, above ${shown(limit)} for ${draws} draws: a few of them carry the average`,
      advice: 'train the flow further, or rely on the chain, which does not need these weights',
    };
  }
  if (consistency !== undefined && !consistency.isConsistent) {
    const { reverse, forward, unreached } = consistency;
    return {
      reason:
        `the ESS per draw is ${shown(reverse)} by the flow's own draws but ${shown(forward)} by samples of the target, ` +
        `${shown(100 * unreached)} % of which outweigh every draw: they cannot both be true`,
      advice:
        reverse > forward
          ? 'the flow misses part of the target that the chain has seen; add that data and train again'
          : 'the chain has not seen all that the flow proposes; run it longer',
    };
  }
  const apart = agreement.find(
    ({ weighted, chain }) => !(distance(weighted, chain) <= ALLOWED_STANDARD_ERRORS),
  );
  if (apart !== undefined) {
    const { weighted, chain } = apart;
    return {
      reason: `the weights give ${shown(weighted.value)} ± ${shown(weighted.standardError)} kT, the chain ${shown(chain.value)} ± ${shown(chain.standardError)}: further apart than their errors allow`,
      advice: 'run the chain longer and draw more; one of the two has not seen everything yet',
    };
  }
  return undefined;
}

/**
 * Whether a chain's own estimate must be withheld (design rule 11): below ten transitions in each direction
 * it repeats the fractions of its starts.
 * @param counts Core-to-core transitions, `[K][K]`, by any move: see `countTransitions`.
 * @param names Of the states, `[K]`.
 */
export function withholdChain(
  counts: readonly (readonly number[])[],
  names: readonly string[],
): Withholding | undefined {
  for (let i = 0; i < names.length; i++) {
    const left = counts[i].reduce((a, b) => a + b, 0);
    const entered = counts.reduce((sum, own) => sum + own[i], 0);
    if (Math.min(left, entered) >= NEEDED_TRANSITIONS) continue;
    return {
      reason: `the chains entered "${names[i]}" ${entered} times and left it ${left} times; below ${NEEDED_TRANSITIONS} each way their populations are those of the start`,
      advice:
        'run longer, or make moves that are accepted between the states, as a trained flow does',
    };
  }
  return undefined;
}

/** |a − b| in joint standard errors. */
function distance(a: Estimate, b: Estimate): number {
  return Math.abs(a.value - b.value) / Math.hypot(a.standardError, b.standardError);
}

function shown(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : String(value);
}

// A chance of 6e-5 for a normal error: rare enough for many runs, far below any real disagreement.
const ALLOWED_STANDARD_ERRORS = 4;
const NEEDED_TRANSITIONS = 10;
