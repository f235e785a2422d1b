import { RunDirectoryError, readManifest } from '../io/manifest.ts';
import { resumeRun } from '../io/session.ts';
import { loadScenario } from './loadScenario.ts';
import { conclude, withInterrupt } from './runAndReport.ts';

/** `ergoflow resume <run-dir>` */
export async function resumeCommand(
  folder: string,
  options: { readonly json?: true; readonly check?: true },
): Promise<void> {
  const manifest = readManifest(folder);
  if (manifest.options['compare'] === true) {
    throw new RunDirectoryError(
      `${folder} holds a comparison, which is not taken up again: start ergoflow compare anew`,
    );
  }
  const loaded = await loadScenario(manifest.scenario.argument);
  const outcome = await withInterrupt((signal, onEvent, onStart) =>
    resumeRun({ ...loaded, folder, signal, onEvent, onStart }),
  );
  await conclude(outcome, loaded.scenario, options);
}
