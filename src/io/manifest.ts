import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ErgoflowError } from '../core/errors.ts';
import { codeOf } from './storageError.ts';

/** A folder cannot be used as a run directory; the message says why and what to do. */
export class RunDirectoryError extends ErgoflowError {
  override name = 'RunDirectoryError' as const;
}

const schema = 'ergoflow.run/1';

/** Where a scenario that was made for a bare potential is saved in its run directory. */
export const savedScenario = 'scenario.ts';

const manifestSchema = z.strictObject({
  schema: z.literal(schema),
  scenario: z.strictObject({
    name: z.string(),
    /** SHA-256 of the file that defines it. */
    hash: z.string(),
    /** As the command line named it: a name that ships, or a path. */
    argument: z.string(),
  }),
  seed: z.int(),
  /** Of ergoflow. */
  version: z.string(),
  /** Of the code that ran; absent in runs by ergoflow 0.1.0 of before it was noted. */
  code: z.string().optional(),
  /** Differences from the surroundings it began in that `--allow-inexact` took, when it was resumed. */
  inexact: z.array(z.string()).optional(),
  /** Of ergoflow's checkout, with `+` where it was changed; null for an installed package. */
  commit: z.string().nullable(),
  node: z.string(),
  backend: z.strictObject({
    name: z.enum(['tensorflow', 'wasm', 'cpu']),
    library: z.string(),
    threads: z.int(),
    /** How flows are trained and evaluated on it; absent in runs of before it was noted. */
    flow: z.string().optional(),
  }),
  machine: z.strictObject({
    cpu: z.string(),
    cores: z.int(),
    memoryBytes: z.int(),
    platform: z.string(),
  }),
  units: z.strictObject({
    length: z.enum(['nm', 'reduced']),
    energy: z.enum(['kJ/mol', 'reduced']),
  }),
  /** What the command line asked for beside the scenario and the seed. */
  options: z.record(z.string(), z.json()),
  status: z.enum(['running', 'interrupted', 'failed', 'done']),
  /** ISO 8601, as are the next two. */
  started: z.string(),
  /** When it was taken up again, each time. */
  resumed: z.array(z.string()),
  finished: z.string().nullable(),
});

/** The content of `run.json`: what was run, with what, where, and how it ended. */
export type Manifest = z.infer<typeof manifestSchema>;

/** What the caller knows of a manifest; the run directory adds the rest. */
export type ManifestStart = Omit<
  Manifest,
  'schema' | 'status' | 'started' | 'resumed' | 'finished'
>;

export function newManifest(start: ManifestStart): Manifest {
  return {
    schema,
    ...start,
    status: 'running',
    started: new Date().toISOString(),
    resumed: [],
    finished: null,
  };
}

/** `run.json` of a folder. @throws {RunDirectoryError} where it is missing, damaged or of another version. */
export function readManifest(folder: string): Manifest {
  const path = join(folder, 'run.json');
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const reason =
      codeOf(cause) === 'ENOENT' || codeOf(cause) === 'ENOTDIR'
        ? 'it has no run.json'
        : `its run.json cannot be read (${codeOf(cause) ?? 'it is not JSON'})`;
    throw new RunDirectoryError(`${folder} is not a run directory: ${reason}`, { cause });
  }
  const found = z.object({ schema: z.string() }).safeParse(content).data?.schema;
  if (found !== schema) {
    throw new RunDirectoryError(
      `${path} is of the version "${found ?? 'none'}", and this is for "${schema}": ` +
        'use the version of ergoflow that made it',
    );
  }
  const parsed = manifestSchema.safeParse(content);
  if (!parsed.success) {
    throw new RunDirectoryError(`${path} is damaged:\n${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}
