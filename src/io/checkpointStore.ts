import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Artifact, ArtifactArray, ArtifactStore } from '../hybrid/artifacts.ts';
import type { RecordMark } from '../hybrid/records.ts';
import { atomicWrite } from './atomicWrite.ts';
import { type FileRecords, fileRecords } from './fileRecords.ts';
import { sha256 } from './machine.ts';
import { makeFolder } from './makeFolder.ts';
import { npz, readNpz } from './npz.ts';
import {
  codeOf,
  FormatVersionError,
  messageOf,
  StorageError,
  writeFailure,
} from './storageError.ts';

/**
 * To be raised whenever a phase gives another meaning to what it stores: `--allow-inexact` lets other code
 * go on from these files, and asks for nothing but the same format.
 */
const schema = 'ergoflow.checkpoint/2';

const markSchema = z.object({
  id: z.string(),
  dim: z.int().min(1),
  rows: z.int().min(0),
  sum: z.string(),
});

/** What `<id>.json` holds; the arrays are in the file that it names. */
const entrySchema = z.object({
  schema: z.literal(schema),
  meta: z.unknown(),
  arrays: z.object({ file: z.string(), bytes: z.int(), sha256: z.string() }),
  /** What of the records belongs to it, if anything does. */
  records: markSchema.nullable(),
  /** Of `meta` and `records` as they stand in this file. */
  metaSha256: z.string(),
});

type Entry = z.infer<typeof entrySchema>;

/** An artifact store that outlives the process. */
export interface CheckpointStore extends ArtifactStore {
  /** Whether something is stored under `id`, whole or damaged. */
  has(id: string): boolean;
  /** Reads all the rows that `mark` speaks of. @throws {StorageError} where they are not as they were. */
  verify(mark: RecordMark): void;
  /** The room that the records take, bytes. */
  recordedBytes(): number;
  /** Removes the records, which were copied to where they are to stay. */
  forgetRecords(): void;
}

/**
 * Artifacts as files: `<id>.json` for the JSON, and an `.npz` named after its content for the arrays.
 *
 * The arrays are on the disk before the JSON that names them, and older ones are removed after it, so
 * a crash at any moment leaves the artifact as it was before or as it is now. Reading verifies
 * SHA-256 sums of both. Non-finite numbers in the JSON survive. Records are files `<id>.f64`.
 */
export function checkpointStore(folder: string): CheckpointStore {
  try {
    makeFolder(folder);
  } catch (cause) {
    throw writeFailure(folder, 0, cause);
  }
  const recorded = new Map<string, FileRecords>();
  const recordsOf = (id: string, dim: number): FileRecords => {
    checkId(id);
    // By both: a file of ours may claim another dimension.
    const key = `${id}/${dim}`;
    const records = recorded.get(key) ?? fileRecords(join(folder, `${id}${RECORDS}`), id, dim);
    recorded.set(key, records);
    return records;
  };
  return {
    put(id, { arrays, meta, records = null }) {
      checkId(id);
      const bytes = npz(
        Object.fromEntries(
          Object.entries(arrays).map(([name, data]) => [name, { data, shape: [data.length] }]),
        ),
      );
      const sum = sha256(bytes);
      const file = `${id}.${sum.slice(0, 16)}.npz`;
      const encoded = encode(meta);
      const entry: Entry = {
        schema,
        meta: encoded,
        arrays: { file, bytes: bytes.length, sha256: sum },
        records,
        metaSha256: metaSum(encoded, records),
      };
      atomicWrite(join(folder, file), bytes);
      atomicWrite(join(folder, `${id}.json`), `${JSON.stringify(entry, undefined, 2)}\n`);
      for (const old of arrayFiles(folder, id)) {
        if (old !== file) rmSync(join(folder, old), { force: true });
      }
    },
    has(id) {
      checkId(id);
      return existsSync(join(folder, `${id}.json`));
    },
    get(id) {
      checkId(id);
      return load(folder, id);
    },
    records: recordsOf,
    verify(mark) {
      if (!isId(mark.id)) throw new StorageError(folder, `no records have the name "${mark.id}"`);
      recordsOf(mark.id, mark.dim).verify(mark);
    },
    recordedBytes: () => recordFiles(folder).reduce((sum, path) => sum + statSync(path).size, 0),
    forgetRecords() {
      recorded.clear();
      for (const path of recordFiles(folder)) rmSync(path, { force: true });
    },
  };
}

function load(folder: string, id: string): Artifact {
  const path = join(folder, `${id}.json`);
  const text = readText(path, folder, id);
  const damaged = (what: string, cause?: unknown): StorageError =>
    new StorageError(path, `checkpoint "${id}" is damaged: ${what}`, { cause });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw damaged(`${path} is not JSON`, cause);
  }
  const found = z.object({ schema: z.string() }).safeParse(content).data?.schema;
  if (found !== undefined && found !== schema) {
    throw new FormatVersionError(
      `${path} is of the version "${found}", and this is for "${schema}": ` +
        'use the version of ergoflow that wrote it',
    );
  }
  const parsed = entrySchema.safeParse(content);
  if (!parsed.success) throw damaged(`${path} is no checkpoint`, parsed.error);
  const entry = parsed.data;
  // The name is a claim of the file's: it must not lead out of the folder.
  if (entry.arrays.file !== `${id}.${entry.arrays.sha256.slice(0, 16)}.npz`) {
    throw damaged(`${path} names arrays that are not its own`);
  }
  if (metaSum(entry.meta, entry.records) !== entry.metaSha256) {
    throw damaged(`${path} does not match its checksum`);
  }
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(join(folder, entry.arrays.file));
  } catch (cause) {
    throw damaged(`${entry.arrays.file} cannot be read (${messageOf(cause)})`, cause);
  }
  if (bytes.length !== entry.arrays.bytes || sha256(bytes) !== entry.arrays.sha256) {
    throw damaged(
      `${entry.arrays.file} (${bytes.length} of ${entry.arrays.bytes} bytes) does not match its checksum`,
    );
  }
  const arrays: Record<string, ArtifactArray> = {};
  for (const [name, { data }] of Object.entries(readNpz(bytes))) arrays[name] = data;
  return {
    arrays,
    meta: decode(entry.meta),
    ...(entry.records === null ? {} : { records: entry.records }),
  };
}

function readText(path: string, folder: string, id: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT') {
      throw new StorageError(path, `${path} cannot be read (${codeOf(cause)})`, { cause });
    }
    const known = readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.slice(0, -'.json'.length));
    throw new StorageError(
      path,
      `no checkpoint "${id}" in ${folder}; it holds ${known.sort().join(', ') || 'nothing'}`,
    );
  }
}

function arrayFiles(folder: string, id: string): string[] {
  return readdirSync(folder).filter(
    (name) => name.startsWith(`${id}.`) && /^[0-9a-f]{16}\.npz$/.test(name.slice(id.length + 1)),
  );
}

const RECORDS = '.f64';

function recordFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(RECORDS))
    .map((name) => join(folder, name));
}

function metaSum(meta: unknown, records: RecordMark | null): string {
  return sha256(JSON.stringify({ meta, records }));
}

function isId(id: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(id);
}

function checkId(id: string): void {
  if (!isId(id)) {
    throw new TypeError(`"id" expected letters, digits, dots and dashes, got "${id}"`);
  }
}

const NUMBER = '$number';

/** `value` as plain JSON, with the numbers that JSON lacks spelled out. */
function encode(value: unknown): unknown {
  if (typeof value === 'number') {
    const plain = Number.isFinite(value) && !Object.is(value, -0);
    return plain ? value : { [NUMBER]: Object.is(value, -0) ? '-0' : String(value) };
  }
  if (ArrayBuffer.isView(value) || value instanceof Map || value instanceof Set) {
    throw new TypeError(`"meta" expected plain JSON, got ${value.constructor.name}`);
  }
  if (Array.isArray(value)) return value.map(encode);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, field]) => field !== undefined)
        .map(([key, field]) => [key, encode(field)]),
    );
  }
  return value ?? null;
}

function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value);
  if (fields.length === 1 && fields[0][0] === NUMBER) return Number(fields[0][1]);
  return Object.fromEntries(fields.map(([key, field]) => [key, decode(field)]));
}
