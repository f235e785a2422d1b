import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore } from '../hybrid/artifacts.ts';
import { InterruptedError, runScenario } from '../scenario/runScenario.ts';
import { toPlan } from '../scenario/toPlan.ts';
import { type Backend, chooseBackend } from './backend.ts';
import { carryOut, type Watching } from './carryOut.ts';
import { checkpointStore } from './checkpointStore.ts';
import { codeHash } from './codeHash.ts';
import { fileDifference } from './fileDifference.ts';
import { expectRoomFor } from './limits.ts';
import { type Manifest, RunDirectoryError, readManifest } from './manifest.ts';
import { findProgress, newProgress, referencesOf } from './progressStore.ts';
import { type Failure, failureOf, readFailure } from './reproducer.ts';
import { createRunDirectory } from './runDirectory.ts';
import { expectSameNumbers } from './sameNumbers.ts';
import { modelGiven, overridesOf, surroundings } from './session.ts';
import { tiersOf } from './tiers.ts';
import { version } from './version.ts';

export interface Replay extends Watching {
  readonly folder: string;
  /** Try where last digits may differ. */
  readonly allowInexact: boolean;
  /** Where the second run is kept; a temporary folder by default, removed where all is the same. */
  readonly keep: string | undefined;
}

/** What came of running something again. */
export type ReplayOutcome =
  | {
      readonly kind: 'run';
      /** One entry a file of the run; `parts` says where it parts first, if it does. */
      readonly files: readonly { readonly name: string; readonly parts: string | undefined }[];
      /** The second run; undefined where it was removed. */
      readonly kept: string | undefined;
    }
  | { readonly kind: 'failure'; readonly expected: Failure; readonly found: Failure | undefined };

/**
 * Runs a finished run again from its manifest, or a failed one from just before its failure.
 *
 * @throws {RunDirectoryError} where the run is not finished, or where scenario, code or machine are not
 *   those of the run, so that equal bytes are not to be expected.
 */
export async function replay(options: Replay): Promise<ReplayOutcome> {
  const { folder } = options;
  const manifest = readManifest(folder);
  const failure = readFailure(folder);
  if (failure === undefined && manifest.status !== 'done') {
    throw new RunDirectoryError(
      `${folder} is not finished (${manifest.status}); ergoflow resume ${folder} goes on with it`,
    );
  }
  const backend = await chooseBackend(manifest.backend.name, manifest.backend.threads);
  expectSameNumbers(manifest, surroundings(options.file, backend), options.allowInexact);
  return failure === undefined
    ? replayRun(options, manifest, backend)
    : replayFailure(options, manifest, backend, failure);
}

async function replayRun(
  options: Replay,
  manifest: Manifest,
  backend: Backend,
): Promise<ReplayOutcome> {
  const { folder, keep, scenario } = options;
  const { schema: _, status: _status, started: _started, resumed: _resumed, ...rest } = manifest;
  const { finished: _finished, inexact: _inexact, ...start } = rest;
  const out = keep ?? mkdtempSync(join(tmpdir(), 'ergoflow-replay-'));
  // What runs now, which `--allow-inexact` may have let differ.
  const now = { version, code: codeHash() };
  expectRoomFor(toPlan(scenario, overridesOf(manifest)), out);
  const directory = createRunDirectory({ ...start, ...now }, { out });
  await carryOut(directory, options, {
    overrides: overridesOf(manifest),
    backend,
    model: modelGiven(manifest, scenario),
    progress: newProgress(directory.checkpoint),
    found: undefined,
  });
  const files = readdirSync(out, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'run.json')
    .map(({ name }) => ({
      name,
      parts: fileDifference(name, join(folder, name), join(out, name)),
    }));
  const isSame = files.every(({ parts }) => parts === undefined);
  if (isSame && keep === undefined) rmSync(out, { recursive: true, force: true });
  return { kind: 'run', files, kept: isSame && keep === undefined ? undefined : out };
}

async function replayFailure(
  options: Replay,
  manifest: Manifest,
  backend: Backend,
  expected: Failure,
): Promise<ReplayOutcome> {
  const { folder, scenario, onEvent, onStart } = options;
  const stored = checkpointStore(join(folder, 'checkpoint'));
  const { progress, damaged } = findProgress(stored);
  if (progress === undefined) {
    throw new RunDirectoryError(`${folder} has no whole checkpoint: ${damaged.join('; ')}`);
  }
  // A reproducer is replayed in memory, and stays as it is.
  const store = memoryStore();
  for (const id of referencesOf(progress.saved)) store.put(id, stored.get(id));
  const model = modelGiven(manifest, scenario);
  const tiers = tiersOf(backend, (message) => onEvent({ type: 'warning', message }));
  onStart({ folder, lines: [`expected: ${expected.name}: ${expected.message}`] });
  try {
    await runScenario(scenario, {
      ...overridesOf(manifest),
      store,
      // Without someone to take checkpoints, a phase would not ask where it was.
      onCheckpoint: () => {},
      resume: progress.saved,
      signal: options.signal,
      emit: onEvent,
      ...(model === undefined ? {} : { model }),
      createStepper: tiers.createStepper,
      createDensity: tiers.createDensity,
      backend: { name: backend.name, library: backend.library },
    });
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    return { kind: 'failure', expected, found: failureOf(error) };
  }
  return { kind: 'failure', expected, found: undefined };
}
