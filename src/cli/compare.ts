import { type CompareSettings, startComparison } from '../io/compareSession.ts';
import { comparisonTable } from './comparisonTable.ts';
import { EXIT } from './exit.ts';
import { loadScenario } from './loadScenario.ts';
import { progressReporter } from './progress.ts';
import { makeReport } from './report.ts';

export interface CompareCommandOptions extends CompareSettings {
  readonly seeds?: number;
  readonly out?: string;
  readonly force?: true;
  readonly json?: true;
  readonly backend?: 'tensorflow' | 'wasm' | 'cpu';
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
