import { dirname, relative, resolve, sep } from 'node:path';
import { proposeScenario, type ScenarioProposal } from '../scenario/automatic/proposeScenario.ts';
import { scenarioText } from '../scenario/automatic/scenarioText.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type LoadedPotential, UsageError } from './loadScenario.ts';
import { progressReporter } from './progress.ts';

/** A scenario made for a bare potential, and the file that would repeat it, as seen from a folder. */
export interface AutomaticScenario {
  readonly scenario: Scenario;
  readonly scenarioText: (folder: string) => string;
}

/**
 * Looks at a potential and makes a scenario of it, in the open: the file that repeats it is printed.
 * @throws {UsageError} with every reason, where none can be made.
 */
export function automaticScenario(
  { potential, file }: LoadedPotential,
  options: { readonly temperature?: number; readonly seed?: number },
): AutomaticScenario {
  const reporter = progressReporter(process.stderr);
  let proposal: ScenarioProposal;
  try {
    process.stderr.write(`${potential.name} is a potential alone: looking for states\n`);
    proposal = proposeScenario(potential, {
      ...options,
      onProgress: ({ stage, done }) =>
        reporter.onEvent({ type: 'progress', phase: stage, done, total: 1, figure: undefined }),
    });
  } finally {
    reporter.end();
  }
  if (proposal.kind === 'refused') {
    throw new UsageError(
      `no scenario can be made of ${potential.name} alone:\n` +
        `${proposal.reasons.map((reason) => `  ${reason}`).join('\n')}\n` +
        `ergoflow check says more about it; ergoflow new scenario <name> writes a scenario to begin with`,
    );
  }
  const { choices, evaluations } = proposal;
  const text = (folder: string): string => scenarioText(choices, importPath(folder, file));
  process.stderr.write(
    `${text(dirname(file))}\nfound in ${evaluations} evaluations, which the ledger of the run leaves out\n`,
  );
  return { scenario: proposal.scenario, scenarioText: text };
}

/** `../../my-potential.ts`: the potential as a file in `folder` imports it. */
function importPath(folder: string, file: string): string {
  const path = relative(resolve(folder), file).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}
