import { type Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { type CompareSettings, startComparison } from '../io/compareSession.ts';
import { methodNames } from '../scenario/compare/ranking.ts';
import type { MethodName } from '../scenario/comparison.ts';
import { didYouMean } from '../scenario/didYouMean.ts';
import { comparisonTable } from './comparisonTable.ts';
import { EXIT } from './exit.ts';
import { loadScenario } from './loadScenario.ts';
import { integer, positive } from './numberOption.ts';
import { progressReporter } from './progress.ts';
import { makeReport } from './report.ts';

export interface CompareCommandOptions extends CompareSettings {
  readonly seeds?: number;
  readonly out?: string;
  readonly force?: true;
  readonly json?: true;
  readonly backend?: 'tensorflow' | 'wasm' | 'cpu';
}

/** Adds `ergoflow compare` to the commands. */
export function addCompareCommand(ergoflow: Pick<Command, 'command'>): void {
  ergoflow
    .command('compare')
    .description('plain MD, parallel tempering, the flow alone and the hybrid at equal cost')
    .argument('<scenario>', 'a name from `ergoflow list`, or a .ts, .mts, .js or .mjs file')
    .option('--methods <list>', `some of ${methodNames.join(',')} (default: all)`, methodList)
    .option('--seeds <n>', 'runs of every method (default: 3)', integer(1, 1000))
    .addOption(
      new Option(
        '--evaluations <n>',
        'energy evaluations of every run (default: what the scenario’s own run spends)',
      )
        .argParser(integer(1, Number.MAX_SAFE_INTEGER))
        .conflicts('seconds'),
    )
    .addOption(
      new Option('--seconds <s>', 'wall-clock seconds of every run, instead').argParser(positive),
    )
    .option('--temperature <T>', 'K, or kT itself for a model system in reduced units', positive)
    .option('--out <folder>', 'run directory (default: runs/<scenario>-compare)')
    .option('--force', 'where the folder exists, move what is in it aside first')
    .option('--smoke', 'a training of seconds; proves nothing about the methods')
    .option('--json', 'print compare.json')
    .addOption(
      new Option('--backend <name>', 'tensor backend (default: the fastest that works)').choices([
        'tensorflow',
        'wasm',
        'cpu',
      ] as const),
    )
    .action(compareCommand);
}

/** `ergoflow compare <scenario>` */
export async function compareCommand(
  argument: string,
  options: CompareCommandOptions,
): Promise<void> {
  const loaded = await loadScenario(argument);
  const { seeds = 3, out, force, json, backend, ...settings } = options;
  const controller = new AbortController();
  const reporter = progressReporter(process.stderr);
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    reporter.end();
    process.stderr.write(
      'stopping; a comparison is not taken up again. Once more to stop at once\n',
    );
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  let current = '';
  try {
    const { comparison, folder } = await startComparison({
      ...loaded,
      settings,
      seeds,
      out,
      force: force === true,
      backend,
      signal: controller.signal,
      onStart: (lines) => process.stderr.write(`${lines.join('\n')}\n`),
      onProgress({ seed, phase, share }) {
        const shown = `seed ${seed} ${phase}`;
        if (shown !== current) reporter.onEvent({ type: 'phase', phase: shown, round: 0 });
        current = shown;
        reporter.onEvent({
          type: 'progress',
          phase: shown,
          done: share,
          total: 1,
          figure: undefined,
        });
      },
      onWarning: (message) => reporter.onEvent({ type: 'warning', message }),
    });
    reporter.end();
    const page = await makeReport(folder, loaded.scenario);
    process.stdout.write(
      json === true
        ? `${JSON.stringify(comparison, null, 2)}\n`
        : `${comparisonTable(comparison)}\n\n${page}\n`,
    );
  } finally {
    reporter.end();
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

function methodList(text: string): MethodName[] {
  return text.split(',').map((word) => {
    const found = methodNames.find((name) => name === word.trim());
    if (found !== undefined) return found;
    const suggestion = didYouMean(word, methodNames);
    const help =
      suggestion === undefined
        ? `known are ${methodNames.join(', ')}`
        : `did you mean "${suggestion}"?`;
    throw new InvalidArgumentError(`unknown method "${word}"; ${help}`);
  });
}
