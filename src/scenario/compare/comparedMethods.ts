import { ScenarioError } from '../../core/errors.ts';
import type { MethodName } from '../comparison.ts';
import type { Scenario } from '../scenario.ts';
import { methodNames } from './ranking.ts';

const flowless: readonly MethodName[] = ['md', 'tempering'];

/**
 * The methods that are compared, in their order; all that the scenario has where none are asked for.
 * @throws {ScenarioError} where one is asked for that needs a flow, and the scenario has none.
 */
export function comparedMethods(
  { name, flow }: Pick<Scenario, 'name' | 'flow'>,
  asked: readonly MethodName[] | undefined,
): MethodName[] {
  const known = flow === false ? flowless : methodNames;
  const missing = (asked ?? []).filter((method) => !known.includes(method));
  if (missing.length > 0) {
    throw new ScenarioError(name, [
      {
        path: 'flow',
        message: `there is none, and ${missing.join(' and ')} would need it; this scenario can compare ${known.join(', ')}`,
      },
    ]);
  }
  return known.filter((method) => (asked ?? known).includes(method));
}
