import type { SessionOutcome, Watching } from '../io/carryOut.ts';
import { resultTable } from '../report/resultTable.ts';
import { InterruptedError } from '../scenario/runScenario.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { EXIT, ExitRequest } from './exit.ts';
import { type LimitOptions, limitsOf } from './limitOptions.ts';
import { progressReporter } from './progress.ts';
import { makeReport } from './report.ts';

/**
 * Runs `work` with progress on stderr. The first Ctrl-C (or SIGTERM) asks it to stop between two steps
 * and keeps what is done; the second ends the process at once. SIGUSR2 asks for a checkpoint.
 */
export async function withInterrupt<T>(
  options: LimitOptions,
  work: (watching: Omit<Watching, 'scenario' | 'file' | 'shipped'>) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const reporter = progressReporter(process.stderr);
  let folder: string | undefined;
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    reporter.end();
    process.stderr.write('stopping after this step; once more to stop at once\n');
    controller.abort();
  };
  let wanted = false;
  const ask = (): void => {
    wanted = true;
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('SIGUSR2', ask);
  try {
    const { limits, checkpoint } = limitsOf(options);
    return await work({
      signal: controller.signal,
      onEvent: reporter.onEvent,
      onStart(start) {
        folder = start.folder;
        process.stderr.write(`${start.lines.join('\n')}\n`);
      },
      limits,
      checkpoint: {
        ...checkpoint,
        wanted() {
          const asked = wanted;
          wanted = false;
          return asked;
        },
      },
    });
  } catch (error) {
    reporter.end();
    if (error instanceof InterruptedError && folder !== undefined) {
      process.stderr.write(`kept; go on with: ergoflow resume ${folder}\n`);
    }
    throw error;
  } finally {
    reporter.end();
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    process.off('SIGUSR2', ask);
  }
}

/** Writes the report, prints the result, and ends with exit code 1 where an expectation was missed. */
export async function conclude(
  { result, folder }: SessionOutcome,
  scenario: Scenario,
  options: { readonly json?: true; readonly check?: true; readonly report?: boolean },
): Promise<void> {
  const page = options.report === false ? folder : await makeReport(folder, scenario);
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(result, null, 2)}\n`
      : `${resultTable(result)}\n${page}\n`,
  );
  const withheld = [
    result.freeEnergy.difference,
    result.reweighted.difference,
    result.combined.difference,
  ].some((figure) => figure.value === null);
  const strict = options.check === true && (withheld || result.verdict === 'exhausted');
  if (result.verdict === 'missed' || strict) throw new ExitRequest(EXIT.missed);
}
