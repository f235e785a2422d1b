import type { WeightedStates } from '../analysis/combineChainAndFlow.ts';
import type { Withholding } from '../analysis/weightQuality.ts';
import type { Plan } from '../hybrid/plan.ts';
import type { ChainFigures } from './summarise.ts';

/** Production records with weights of the same kind as those of the draws, chain by chain. */
export interface ScoredChains {
  readonly chains: readonly WeightedStates[];
  /** Why there are none, and with it no forward ESS and no estimate of both together. */
  readonly unscored: Withholding | undefined;
}

/** The records made by flow moves, with log w = −U/kT − log q. */
export function scoredChains(plan: Plan, chain: ChainFigures): ScoredChains {
  const unscored = whyUnscored(plan, chain);
  if (unscored !== undefined) return { chains: [], unscored };
  const { chains, isFlowMove } = chain.meta;
  const steps: number[] = [];
  for (let n = 0; n < chain.records; n++) if (isFlowMove[n % isFlowMove.length]) steps.push(n);
  const scored = chain.labels.map((own, c) => ({
    labels: Int32Array.from(steps, (n) => own[n]),
    logWeights: Float64Array.from(steps, (n) => {
      const i = n * chains + c;
      return -chain.energies[i] / plan.kT - chain.logProb[i];
    }),
  }));
  return { chains: scored, unscored };
}

function whyUnscored({ production, reweighting }: Plan, { meta }: ChainFigures) {
  const advice = "the chain's own estimate and that of the weights are independent of each other";
  if (reweighting.annealed !== undefined) {
    return { reason: 'weights of annealed draws are works, which no chain record has', advice };
  }
  if (production.bias !== undefined) {
    return { reason: 'the chain has sampled under a bias, the weights are without it', advice };
  }
  if (production.annealed !== undefined || !meta.isFlowMove.includes(true)) {
    return { reason: 'no record of the chain has a density of the flow', advice };
  }
  return undefined;
}

/** The log-weights of all chains as one. */
export function pooledWeights(chains: readonly WeightedStates[]): Float64Array {
  const out = new Float64Array(chains.reduce((sum, { logWeights }) => sum + logWeights.length, 0));
  let offset = 0;
  for (const { logWeights } of chains) {
    out.set(logWeights, offset);
    offset += logWeights.length;
  }
  return out;
}
