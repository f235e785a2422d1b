import { type ReplayOutcome, replay } from '../io/replay.ts';
import { EXIT, ExitRequest } from './exit.ts';
import { loadRunScenario } from './loadScenario.ts';
import { withInterrupt } from './runAndReport.ts';

export interface ReplayCommandOptions {
  readonly allowInexact?: true;
  readonly keep?: string;
}

/** `ergoflow replay <run-dir>`: exit code 0 where the second run is the first, 1 where it is not. */
export async function replayCommand(folder: string, options: ReplayCommandOptions): Promise<void> {
  const loaded = await loadRunScenario(folder);
  const outcome = await withInterrupt({}, (watching) =>
    replay({
      ...loaded,
      ...watching,
      folder,
      allowInexact: options.allowInexact === true,
      keep: options.keep,
    }),
  );
  const { lines, same } = describe(outcome);
  process.stdout.write(`${lines.join('\n')}\n`);
  if (!same) throw new ExitRequest(EXIT.missed);
}

function describe(outcome: ReplayOutcome): {
  readonly lines: readonly string[];
  readonly same: boolean;
} {
  if (outcome.kind === 'failure') {
    const { expected, found } = outcome;
    const same = found?.name === expected.name && found.message === expected.message;
    if (same) return { same, lines: [`the same failure: ${expected.message}`] };
    return {
      same,
      lines: [
        `expected: ${expected.name}: ${expected.message}`,
        found === undefined ? 'found: no failure' : `found: ${found.name}: ${found.message}`,
      ],
    };
  }
  const { files, kept } = outcome;
  const same = files.every(({ parts }) => parts === undefined);
  return {
    same,
    lines: [
      ...files.map(({ name, parts }) =>
        parts === undefined ? `${name}: the same` : `${name}: parts at ${parts}`,
      ),
      ...(kept === undefined ? [] : [`the second run is in ${kept}`]),
    ],
  };
}
