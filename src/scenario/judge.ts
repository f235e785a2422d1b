import { listed } from './collapsed.ts';
import type { Check, Figure, Result } from './result.ts';
import type { Scenario } from './scenario.ts';
import type { PlanOverrides } from './toPlan.ts';
import { ALLOWED_RHAT } from './withhold.ts';

/** A figure may be this many standard errors from its reference: one honest run in 2000 is further. */
const STANDARD_ERRORS = 3.5;

/**
 * Holds the figures of a run against what is known. Differences are checked wherever a reference is
 * known; targets only where the run is the full one, at the scenario's own temperature.
 */
export function judge(
  result: Omit<Result, 'checks'>,
  scenario: Scenario,
  overrides: PlanOverrides,
): Check[] {
  const checks: Check[] = [];
  const { reference } = result.freeEnergy;
  if (reference !== null) {
    const compare = (name: string, figure: Figure): void => {
      if (figure.value === null) return;
      const found = listed(figure.value);
      const errors = listed(figure.standardError);
      const expected = listed(reference.value);
      const expectedErrors = listed(reference.standardError);
      found.forEach((value, i) => {
        const tolerance = STANDARD_ERRORS * Math.hypot(errors[i], expectedErrors[i]);
        checks.push({
          name: found.length === 1 ? name : `${name}, ${result.states[i + 1].name}`,
          relation: 'about',
          expected: expected[i],
          found: value,
          tolerance,
          source: reference.source,
          passed: Math.abs(value - expected[i]) <= tolerance,
        });
      });
    };
    compare(
      result.tempering === null ? 'free energy, hybrid' : 'free energy, tempering',
      result.freeEnergy.difference,
    );
    compare('free energy, reweighted', result.reweighted.difference);
    compare('free energy, combined', result.combined.difference);
  }
  // A flow that is good enough is what else a run must reach; without one the chain has to speak.
  if (result.tempering !== null && overrides.smoke !== true) {
    const { rhat } = result.hybrid;
    const agrees = rhat !== null && rhat <= ALLOWED_RHAT;
    const common = { tolerance: 0, source: 'design rule 11' } as const;
    checks.push(
      {
        ...common,
        name: 'R-hat of the states',
        relation: 'at most',
        expected: ALLOWED_RHAT,
        found: rhat,
        passed: agrees,
      },
      {
        ...common,
        name: 'transitions, ten each way',
        relation: 'at least',
        expected: 20,
        found: result.tempering.transitions,
        // Chains that agree are withheld for nothing else.
        passed: result.freeEnergy.difference.value !== null || !agrees,
      },
    );
  }
  const { targets } = scenario;
  const isFull =
    overrides.smoke !== true &&
    overrides.chains === undefined &&
    (overrides.temperature === undefined || overrides.temperature === scenario.temperature);
  if (targets === undefined || !isFull) return checks;
  const bound = (
    name: string,
    relation: 'at least' | 'at most',
    expected: number | undefined,
    found: number | null,
  ): void => {
    if (expected === undefined) return;
    const passed =
      found !== null && (relation === 'at least' ? found >= expected : found <= expected);
    checks.push({
      name,
      relation,
      expected,
      found,
      tolerance: 0,
      source: 'scenario targets',
      passed,
    });
  };
  bound(
    result.tempering === null ? 'standard error, hybrid' : 'standard error, tempering',
    'at most',
    targets.standardError,
    errorOf(result.freeEnergy.difference),
  );
  if (result.tempering !== null) return checks;
  bound(
    'standard error, reweighted',
    'at most',
    targets.standardError,
    errorOf(result.reweighted.difference),
  );
  bound('flow ESS fraction', 'at least', targets.essFraction, result.reweighted.essFraction);
  bound('useful acceptance', 'at least', targets.usefulAcceptance, result.hybrid.usefulAcceptance);
  return checks;
}

function errorOf(figure: Figure): number | null {
  return figure.value === null ? null : listed(figure.standardError)[0];
}
