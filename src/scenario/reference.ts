import { boltzmannReference } from '../analysis/quadrature.ts';
import { stateLabels } from '../hybrid/labels.ts';
import type { Plan } from '../hybrid/plan.ts';
import { collapsed } from './collapsed.ts';
import type { Result } from './result.ts';
import type { Scenario } from './scenario.ts';

/** What the differences of a run are known to be at its temperature; null where nothing is known. */
export function referenceOf(
  scenario: Scenario,
  plan: Plan,
  temperature: number,
): Result['freeEnergy']['reference'] {
  const { reference } = scenario;
  if (reference === undefined) return null;
  switch (reference.kind) {
    case 'quadrature': {
      const { differences } = boltzmannReference(
        plan.potential,
        { box: reference.box, kT: plan.kT },
        (x) => stateLabels(plan.states, x),
        plan.states.length,
      );
      return {
        value: collapsed(Array.from(differences)),
        standardError: collapsed(Array.from(differences, () => 0)),
        source: 'quadrature',
      };
    }
    case 'value':
      if (reference.temperature !== temperature) return null;
      return {
        value: collapsed(reference.difference),
        standardError: collapsed(reference.difference.map(() => reference.standardError)),
        source: reference.source,
      };
  }
}
