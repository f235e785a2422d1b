import { startRun } from '../io/session.ts';
import { loadScenario } from './loadScenario.ts';
import { conclude, withInterrupt } from './runAndReport.ts';

export interface RunCommandOptions {
  readonly seed?: number;
  readonly out?: string;
  readonly force?: true;
  readonly chains?: number;
  readonly temperature?: number;
  readonly model?: string;
  readonly smoke?: true;
  readonly report: boolean;
  readonly check?: true;
  readonly json?: true;
  readonly backend?: 'tensorflow' | 'wasm' | 'cpu';
}

/** `ergoflow run <scenario>` */
export async function runCommand(argument: string, options: RunCommandOptions): Promise<void> {
  const loaded = await loadScenario(argument);
  const outcome = await withInterrupt((signal, onEvent, onStart) =>
    startRun({
      ...loaded,
      overrides: {
        ...(options.seed === undefined ? {} : { seed: options.seed }),
        ...(options.chains === undefined ? {} : { chains: options.chains }),
        ...(options.temperature === undefined ? {} : { temperature: options.temperature }),
        ...(options.smoke === true ? { smoke: true } : {}),
      },
      out: options.out,
      force: options.force === true,
      modelFrom: options.model,
      backend: options.backend,
      signal,
      onEvent,
      onStart,
    }),
  );
  await conclude(outcome, loaded.scenario, options);
}
