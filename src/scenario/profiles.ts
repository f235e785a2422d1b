import { chainProfile, type Profile, reweightedProfile } from '../analysis/profile.ts';
import { referenceProfile } from '../analysis/quadrature.ts';
import type { ArtifactStore } from '../hybrid/artifacts.ts';
import { float64 } from '../hybrid/dataset.ts';
import type { Plan } from '../hybrid/plan.ts';
import type { ProductionMeta } from '../hybrid/producing.ts';
import type { Scenario } from './scenario.ts';
import { perChain } from './summarise.ts';

/** The free energy along the scenario's coordinate, by every road there is, in one set of bins. */
export interface RunProfiles {
  readonly coordinate: string;
  readonly hybrid: Profile;
  /** Undefined in a run without a flow. */
  readonly reweighted: Profile | undefined;
  /** F in kT, `[K]`, by quadrature; undefined where the scenario names no box. */
  readonly reference: Float64Array | undefined;
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
  const { reference } = scenario;
  return {
    coordinate: variable.name,
    hybrid: chainProfile(
      along.map((values, c) => ({ values, ...(logWeights && { logWeights: logWeights[c] }) })),
      edges,
    ),
    reweighted:
      draws && reweightedProfile(float64(draws, 'coordinate'), float64(draws, 'logWeights'), edges),
    reference:
      reference?.kind === 'quadrature'
        ? referenceProfile(plan.potential, { box: reference.box, kT: plan.kT }, variable, edges)
        : undefined,
  };
}
