import { profileDeparture } from '../analysis/profileDeparture.ts';
import type { ArtifactStore } from '../hybrid/artifacts.ts';
import type { Plan } from '../hybrid/plan.ts';
import { runProfiles } from './profiles.ts';
import type { Result } from './result.ts';
import type { Scenario } from './scenario.ts';

/** How far the profiles of a finished run are from what is known; null where nothing is. */
export function profileFigures(
  scenario: Scenario,
  plan: Plan,
  store: ArtifactStore,
): Result['profile'] {
  const { hybrid, reweighted, reference } = runProfiles(scenario, plan, store);
  if (reference === undefined) return null;
  return {
    source: reference.source,
    hybrid: profileDeparture(hybrid, reference),
    reweighted: reweighted === undefined ? null : profileDeparture(reweighted, reference),
  };
}
