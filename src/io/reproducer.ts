import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Artifact } from '../hybrid/artifacts.ts';
import type { SavedRun } from '../scenario/runScenario.ts';
import { atomicWrite } from './atomicWrite.ts';
import { checkpointStore } from './checkpointStore.ts';
import { RunDirectoryError } from './manifest.ts';
import { newProgress, referencesOf } from './progressStore.ts';
import type { RunDirectory } from './runDirectory.ts';
import { codeOf } from './storageError.ts';

const schema = 'ergoflow.failure/1';

const failureSchema = z.object({
  schema: z.literal(schema),
  /** Name and message of the error. */
  error: z.object({ name: z.string(), message: z.string() }),
});

/** What a reproducer is expected to end with. */
export type Failure = z.infer<typeof failureSchema>['error'];

/**
 * Writes `failure/` into the directory of a run that failed: `run.json`, what the failing phase stands on,
 * the state before the step that failed, and the error. Small, to be sent to somebody.
 *
 * @returns its path; undefined where it cannot be written, for the failure itself matters more.
 */
export function writeReproducer(
  { folder, manifest, checkpoint }: RunDirectory,
  error: unknown,
  before: SavedRun,
): string | undefined {
  let path = join(folder, 'failure');
  for (let n = 2; existsSync(path); n++) path = join(folder, `failure-${n}`);
  try {
    const store = checkpointStore(join(path, 'checkpoint'));
    for (const id of referencesOf(before)) store.put(id, withoutRecords(checkpoint.get(id)));
    const { midway, ...rest } = before;
    newProgress(store).put({
      saved: { ...rest, midway: midway === undefined ? undefined : withoutRecords(midway) },
      logLength: 0,
    });
    atomicWrite(join(path, 'run.json'), json({ ...manifest, status: 'failed' }));
    // Last: a folder that has it has the rest.
    atomicWrite(join(path, 'failure.json'), json({ schema, error: failureOf(error) }));
    return path;
  } catch {
    return undefined;
  }
}

/** Records only grow: what was recorded before bears on nothing that follows. */
function withoutRecords({ arrays, meta }: Artifact): Artifact {
  return { arrays, meta };
}

/** The failure that a folder reproduces; undefined where it is no reproducer. @throws {RunDirectoryError} */
export function readFailure(folder: string): Failure | undefined {
  const path = join(folder, 'failure.json');
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT' || codeOf(cause) === 'ENOTDIR') return undefined;
    throw new RunDirectoryError(`${path} cannot be read (${codeOf(cause) ?? 'it is not JSON'})`, {
      cause,
    });
  }
  const parsed = failureSchema.safeParse(content);
  if (!parsed.success) {
    throw new RunDirectoryError(`${path} is damaged:\n${z.prettifyError(parsed.error)}`);
  }
  return parsed.data.error;
}

/** Name and message of whatever was thrown. */
export function failureOf(error: unknown): Failure {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'unknown', message: String(error) };
}

function json(content: unknown): string {
  return `${JSON.stringify(content, undefined, 2)}\n`;
}
