import { startRun } from '../io/session.ts';
import { automaticScenario } from './automatic.ts';
import type { LimitOptions } from './limitOptions.ts';
import { loadSource } from './loadScenario.ts';
import { conclude, withInterrupt } from './runAndReport.ts';

export interface RunCommandOptions extends LimitOptions {
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

/** `ergoflow run <scenario>`; a file with nothing but a potential gets a scenario first. */
export async function runCommand(argument: string, options: RunCommandOptions): Promise<void> {
  const source = await loadSource(argument);
  const loaded =
    'scenario' in source ? source : { ...source, ...automaticScenario(source, options) };
  const outcome = await withInterrupt(options, (watching) =>
    startRun({
      ...loaded,
      ...watching,
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
    }),
  );
  await conclude(outcome, loaded.scenario, options);
}
