import { chainProfile, type Profile, reweightedProfile } from '../analysis/profile.ts';
import type { BinnedReference } from '../analysis/profileDeparture.ts';
import type { ArtifactStore } from '../hybrid/artifacts.ts';
import { float64 } from '../hybrid/dataset.ts';
import type { Plan } from '../hybrid/plan.ts';
import type { ProductionMeta } from '../hybrid/producing.ts';
import { exactProfile } from './exactProfile.ts';
import { inBins, knownProfiles } from './knownProfiles.ts';
import { perChain } from './perChain.ts';
import type { Scenario } from './scenario.ts';

/** The free energy along the scenario's coordinate, by every road there is, in one set of bins. */
export interface RunProfiles {
  readonly coordinate: string;
  readonly hybrid: Profile;
  /** Undefined in a run without a flow. */
  readonly reweighted: Profile | undefined;
  /** By quadrature, or the first that the scenario brings along; undefined where it has neither. */
  readonly reference: ReferenceInBins | undefined;
}

/** What F is known to be in each bin. */
export interface ReferenceInBins extends BinnedReference {
  readonly source: string;
  /** Whether it is an integral, without an error. */
  readonly isExact: boolean;
  /** F in kT, `[K]`; NaN in bins that a reference does not reach. */
  readonly freeEnergy: Float64Array;
  /** kT, `[K]`. */
  readonly standardError: Float64Array;
}

/** Reads the artifacts of a finished run. */
export function runProfiles(scenario: Scenario, plan: Plan, store: ArtifactStore): RunProfiles {
  const { variable, min, max, bins } = plan.coordinate;
  const edges = Float64Array.from({ length: bins + 1 }, (_, k) => min + ((max - min) * k) / bins);
  const production = store.get('production');
  const { chains } = production.meta as ProductionMeta;
  const along = perChain(float64(production, 'coordinate'), chains);
  const logWeights =
    production.arrays['logWeights'] && perChain(float64(production, 'logWeights'), chains);
  const draws = plan.flow && store.get('draws');
  return {
    coordinate: variable.name,
    hybrid: chainProfile(
      along.map((values, c) => ({ values, ...(logWeights && { logWeights: logWeights[c] }) })),
      edges,
    ),
    reweighted:
      draws && reweightedProfile(float64(draws, 'coordinate'), float64(draws, 'logWeights'), edges),
    reference: referenceInBins(scenario, plan, edges),
  };
}

function referenceInBins(
  scenario: Scenario,
  plan: Plan,
  edges: Float64Array,
): ReferenceInBins | undefined {
  const { reference } = scenario;
  if (reference?.kind === 'quadrature') {
    return {
      source: 'quadrature',
      isExact: true,
      freeEnergy: exactProfile(plan, reference.box),
      standardError: new Float64Array(edges.length - 1),
    };
  }
  const [known] = knownProfiles(scenario, plan);
  return known && { source: known.source, isExact: false, ...inBins(known, edges) };
}
