import type { Issue } from '../core/errors.ts';
import { isRecord } from './scenarioSchema.ts';
import { show } from './show.ts';

/** What needs a flow, and what is done without one. */
export function flowlessIssues(input: unknown): Issue[] {
  if (!isRecord(input)) return [];
  const production = isRecord(input['production']) ? input['production'] : {};
  const { tempering } = production;
  if (input['flow'] !== false) {
    return tempering === undefined
      ? []
      : [
          {
            path: 'production.tempering',
            message:
              'expected `flow: false` beside it: a run has flow moves or replicas; `ergoflow compare` runs both',
          },
        ];
  }
  const needless = ['training', 'assessing', 'exploring', 'reweighting']
    .map((entry) => [entry, input[entry]] as const)
    .concat(
      ['flowMoves', 'passCost', 'annealed', 'latent'].map(
        (entry) => [`production.${entry}`, production[entry]] as const,
      ),
    )
    .filter(([, value]) => value !== undefined)
    .map(([path]) => ({
      path,
      message: 'expected nothing, for `flow: false` leaves no use for it',
    }));
  return [...needless, ...ladderIssues(input['temperature'] ?? usual(input), tempering)];
}

/** The temperature of a scenario that names none. */
function usual({ potential }: Record<string, unknown>): number | undefined {
  const units = isRecord(potential) ? potential['units'] : undefined;
  if (!isRecord(units)) return undefined;
  return units['energy'] === 'reduced' ? 1 : 300;
}

function ladderIssues(temperature: unknown, tempering: unknown): Issue[] {
  const rungs = isRecord(tempering) ? tempering['temperatures'] : undefined;
  if (!Array.isArray(rungs)) return [];
  const path = 'production.tempering.temperatures';
  const issues: Issue[] = [];
  if (temperature !== undefined && rungs[0] !== temperature) {
    issues.push({
      path: `${path}[0]`,
      message: `expected the scenario's own temperature, ${show(temperature)}, got ${show(rungs[0])}`,
    });
  }
  rungs.forEach((rung: unknown, r) => {
    if (r > 0 && !(Number(rung) > Number(rungs[r - 1]))) {
      issues.push({
        path: `${path}[${r}]`,
        message: `expected more than the rung below it, ${show(rungs[r - 1])}, got ${show(rung)}`,
      });
    }
  });
  return issues;
}
