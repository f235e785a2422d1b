import { startRun } from '../io/session.ts';
import type { LimitOptions } from './limitOptions.ts';
import { loadScenario } from './loadScenario.ts';
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

/** `ergoflow run <scenario>` */
export async function runCommand(argument: string, options: RunCommandOptions): Promise<void> {
  const loaded = await loadScenario(argument);
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
