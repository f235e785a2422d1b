import { RunDirectoryError, readManifest } from '../io/manifest.ts';
import { resumeRun } from '../io/session.ts';
import type { LimitOptions } from './limitOptions.ts';
import { loadRunScenario } from './loadScenario.ts';
import { conclude, withInterrupt } from './runAndReport.ts';

export interface ResumeCommandOptions extends LimitOptions {
  readonly json?: true;
  readonly check?: true;
  readonly report: boolean;
  readonly allowInexact?: true;
  readonly backend?: 'tensorflow' | 'wasm' | 'cpu';
}

/** `ergoflow resume <run-dir>` */
export async function resumeCommand(folder: string, options: ResumeCommandOptions): Promise<void> {
  const manifest = readManifest(folder);
  if (manifest.options['compare'] === true) {
    throw new RunDirectoryError(
      `${folder} holds a comparison, which is not taken up again: start ergoflow compare anew`,
    );
  }
  const loaded = await loadRunScenario(folder);
  const outcome = await withInterrupt(options, (watching) =>
    resumeRun({
      ...loaded,
      ...watching,
      folder,
      allowInexact: options.allowInexact === true,
      backend: options.backend,
    }),
  );
  await conclude(outcome, loaded.scenario, options);
}
