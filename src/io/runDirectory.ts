import { existsSync, mkdirSync, readdirSync, realpathSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { atomicWrite } from './atomicWrite.ts';
import { type CheckpointStore, checkpointStore } from './checkpointStore.ts';
import { type EventLog, openEventLog } from './eventLog.ts';
import { lockFolder } from './lockFile.ts';
import { makeFolder } from './makeFolder.ts';
import {
  type Manifest,
  type ManifestStart,
  newManifest,
  RunDirectoryError,
  readManifest,
} from './manifest.ts';
import { codeOf, writeFailure } from './storageError.ts';

export { RunDirectoryError } from './manifest.ts';

/** Where runs go that are given no folder. */
export const RUNS = 'runs';

/** One run on the disk, held by this process until `close`. */
export interface RunDirectory {
  /** As it was asked for; absolute paths are of no use to a person. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** `checkpoint/`: what a later process needs to go on. */
  readonly checkpoint: CheckpointStore;
  /** `events.jsonl` */
  readonly events: EventLog;
  /** Writes a file of the run, whole or not at all. @throws {StorageError} */
  write(name: string, content: Parameters<typeof atomicWrite>[1]): void;
  /**
   * Notes how the run ended, and gives the folder back. Safe to call twice; the first call counts.
   * @throws {StorageError} for `done` only: where nothing more can be written, `run.json` goes on saying
   *   `running`, as after a crash.
   */
  close(status: Exclude<Manifest['status'], 'running'>): void;
}

export interface CreateOptions {
  /** `runs/<scenario>-seed<seed>` by default, with `-2`, `-3` … where that is taken. */
  readonly out?: string | undefined;
  /** Where `out` is not empty, rename it to `<out>.previous-<n>` first. */
  readonly force?: boolean;
}

/**
 * Makes the directory of a new run. Nothing that exists is ever overwritten or removed.
 *
 * @throws {RunDirectoryError} where `out` is not empty and `force` is not given, or is in use.
 * @throws {StorageError} where it cannot be written.
 */
export function createRunDirectory(
  start: ManifestStart,
  { out, force = false }: CreateOptions = {},
): RunDirectory {
  const folder =
    out === undefined
      ? makeUnused(join(RUNS, `${start.scenario.name}-seed${start.seed}`))
      : makeAt(out, force);
  const release = lockFolder(folder);
  return opened(folder, newManifest(start), release);
}

/**
 * Takes up the directory of a run that has stopped.
 *
 * @throws {RunDirectoryError} where it is none, is in use or is complete.
 * @param inexact differences from where it began that were taken, to be noted in `run.json`.
 */
export function openRunDirectory(folder: string, inexact: readonly string[] = []): RunDirectory {
  // A folder that is no run gets no lock.
  readManifest(folder);
  const release = lockFolder(folder);
  // Another process may have finished the run before the lock was ours.
  const manifest = readManifest(folder);
  if (manifest.status === 'done') {
    release();
    throw new RunDirectoryError(`${folder} is complete; there is nothing to resume`);
  }
  return opened(
    folder,
    {
      ...manifest,
      status: 'running',
      finished: null,
      resumed: [...manifest.resumed, new Date().toISOString()],
      ...(inexact.length === 0
        ? {}
        : { inexact: [...new Set([...(manifest.inexact ?? []), ...inexact])] }),
    },
    release,
  );
}

function opened(folder: string, manifest: Manifest, release: () => void): RunDirectory {
  let held = true;
  const save = (content: Manifest): void =>
    atomicWrite(join(folder, 'run.json'), `${JSON.stringify(content, undefined, 2)}\n`);
  try {
    save(manifest);
    const events = openEventLog(join(folder, 'events.jsonl'));
    return {
      folder,
      manifest,
      checkpoint: checkpointStore(join(folder, 'checkpoint')),
      events,
      write: (name, content) => atomicWrite(join(folder, name), content),
      close(status) {
        if (!held) return;
        held = false;
        try {
          events.close();
          save({ ...manifest, status, finished: new Date().toISOString() });
        } catch (error) {
          // What stopped the run, a full disk perhaps, is the caller's to report, and not its echo here.
          if (status === 'done') throw error;
        } finally {
          release();
        }
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

function makeUnused(wanted: string): string {
  for (let n = 1; ; n++) {
    const folder = n === 1 ? wanted : `${wanted}-${n}`;
    try {
      makeFolder(dirname(folder));
      // Fails where it exists: of two runs that start together, one gets the next name.
      mkdirSync(folder);
      return folder;
    } catch (cause) {
      if (codeOf(cause) !== 'EEXIST' || !existsSync(folder)) throw writeFailure(folder, 0, cause);
    }
  }
}

function makeAt(folder: string, force: boolean): string {
  try {
    makeFolder(folder);
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') {
      throw new RunDirectoryError(`${folder} is a file; name a folder that is new or empty`);
    }
    throw writeFailure(folder, 0, cause);
  }
  if (readdirSync(folder).length === 0) return folder;
  if (!force) {
    throw new RunDirectoryError(
      `${folder} is not empty, and a run overwrites nothing: name another folder, ` +
        'or use --force to move what is in it aside',
    );
  }
  moveAside(resolve(folder));
  return folder;
}

/** Renames a folder to `<folder>.previous-<n>`, and makes an empty one in its place. */
function moveAside(folder: string): void {
  const path = realpathSync(folder);
  if ([process.cwd(), homedir()].some((kept) => `${kept}${sep}`.startsWith(`${path}${sep}`))) {
    throw new RunDirectoryError(`${folder} holds the folder you work in, and is not moved aside`);
  }
  // Taken and given back at once: refuses where a process is still writing into it.
  lockFolder(folder)();
  const names = new Set(readdirSync(dirname(folder)));
  let n = 1;
  while (names.has(`${basename(folder)}.previous-${n}`)) n += 1;
  try {
    renameSync(folder, `${folder}.previous-${n}`);
    mkdirSync(folder);
  } catch (cause) {
    throw writeFailure(folder, 0, cause);
  }
}
