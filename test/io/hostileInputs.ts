import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { zipSync } from 'fflate';
import { ScenarioError } from '../../src/core/errors.ts';
import { rootKey } from '../../src/core/rng.ts';
import { ArchitectureError, ModelFileError } from '../../src/flow/errors.ts';
import { newModel } from '../../src/flow/model.ts';
import { modelFromBytes, modelToBytes } from '../../src/flow/modelFile.ts';
import { realNVP } from '../../src/flow/realNVP.ts';
import { checkpointStore } from '../../src/io/checkpointStore.ts';
import { readEvents } from '../../src/io/eventLog.ts';
import { FormatError } from '../../src/io/formatError.ts';
import { newManifest, RunDirectoryError, readManifest } from '../../src/io/manifest.ts';
import { npz, npzParts, readNpz } from '../../src/io/npz.ts';
import { npzRecords } from '../../src/io/npzRecords.ts';
import { findProgress, newProgress } from '../../src/io/progressStore.ts';
import { readFailure } from '../../src/io/reproducer.ts';
import { readResult } from '../../src/io/resultSchema.ts';
import { FormatVersionError, StorageError } from '../../src/io/storageError.ts';
import { readXyz } from '../../src/io/xyz.ts';
import { defineScenario } from '../../src/scenario/defineScenario.ts';
import { tinyScenario } from './tinyScenario.ts';

/** Something that reads what others may have written, and what it may throw at most. */
export interface HostileInput {
  readonly name: string;
  /** Gives the reader one input after another, `runs` of them. */
  check(runs: number, seed: number): void;
}

type ErrorClass = abstract new (...args: never[]) => Error;

/** The slowest that any one input may be, ms: a hang would be minutes. */
const SLOWEST = 5000;

/** A reader, what it is given, and what it may throw. */
export function hostile<T>(
  name: string,
  inputs: fc.Arbitrary<T>,
  read: (input: T) => unknown,
  errors: readonly ErrorClass[],
): HostileInput {
  return {
    name,
    check(runs, seed) {
      fc.assert(
        fc.property(inputs, (input) => {
          const start = performance.now();
          try {
            read(input);
          } catch (error) {
            if (!errors.some((kind) => error instanceof kind)) throw error;
          }
          return performance.now() - start < SLOWEST;
        }),
        { numRuns: runs, seed },
      );
    },
  };
}

/** `good` with some bytes changed, and its end or its beginning cut off. */
export function damaged(good: Uint8Array): fc.Arbitrary<Uint8Array> {
  const changes = fc.array(fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })), {
    maxLength: 6,
  });
  return fc
    .tuple(changes, fc.nat({ max: good.length }), fc.boolean(), fc.boolean())
    .map(([bytes, cut, cuts, atStart]) => {
      const bad = good.slice();
      for (const [at, value] of bytes) bad[at] = value;
      if (!cuts) return bad;
      return atStart ? bad.slice(cut) : bad.slice(0, cut);
    });
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytesOf = (content: string): Uint8Array => new TextEncoder().encode(content);

/** JSON of any shape, with the names that lead to prototypes, and numbers that are none. */
const anyJson = fc
  .jsonValue({ maxDepth: 4 })
  .chain((value) =>
    fc.constantFrom(
      value,
      { ['__proto__']: value, constructor: { prototype: { polluted: true } } },
      JSON.parse('{"__proto__": {"polluted": true}}') as object,
      [value],
      { schema: value },
    ),
  );

/** `good` JSON with one entry, anywhere in it, replaced by something else or taken out. */
function altered(good: unknown): fc.Arbitrary<unknown> {
  const paths: string[][] = [];
  const walk = (value: unknown, path: string[]): void => {
    paths.push(path);
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
    for (const [key, part] of Object.entries(value)) walk(part, [...path, key]);
  };
  walk(good, []);
  const replace = (value: unknown, path: readonly string[], by: unknown): unknown => {
    const [key, ...rest] = path;
    if (key === undefined) return by;
    const copy: Record<string, unknown> | unknown[] =
      Array.isArray(value) && key !== 'length'
        ? [...value]
        : { ...(value as Record<string, unknown>) };
    const fields = copy as Record<string, unknown>;
    if (rest.length === 0 && by === undefined) delete fields[key];
    else fields[key] = replace(fields[key], rest, by);
    return copy;
  };
  const strange = fc.oneof(
    anyJson,
    fc.constantFrom(undefined, Number.NaN, -1, 1e308, 2 ** 53, '', '../../x', '\u0000', [], {}),
  );
  return fc
    .array(fc.tuple(fc.constantFrom(...paths), strange), { minLength: 1, maxLength: 3 })
    .map((changes) => changes.reduce((value, [path, by]) => replace(value, path, by), good));
}

function safetensors(): HostileInput {
  const bijector = realNVP({ dim: 2, blocks: 1, hidden: [3], conditioner: 'shared' });
  const good = modelToBytes(newModel(bijector, rootKey(1)));
  const length = Number(new DataView(good.buffer).getBigUint64(0, true));
  const header: unknown = JSON.parse(text(good.subarray(8, 8 + length)));
  const lying = altered(header).map((claims) => {
    const json = bytesOf(JSON.stringify(claims) ?? '');
    const file = new Uint8Array(8 + json.length + good.length - 8 - length);
    new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
    file.set(json, 8);
    file.set(good.subarray(8 + length), 8 + json.length);
    return file;
  });
  const inputs = fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged(good), lying);
  return hostile('safetensors', inputs, (bytes) => modelFromBytes(bytes), [
    ModelFileError,
    ArchitectureError,
  ]);
}

function npzFiles(): HostileInput {
  const stored = npz({
    'chain/positions': { data: new Float64Array(12), shape: [6, 2] },
    index: { data: Int32Array.of(1, 2), shape: [2] },
  });
  const packed = zipSync({ 'x.npy': new Uint8Array(5000), '__proto__.npy': new Uint8Array(9) });
  // The sizes that its directory claims: bytes 20 to 28 of an entry.
  const entry = packed.findLastIndex(
    (_, i) => text(packed.subarray(i, i + 4)) === 'PK\u0001\u0002',
  );
  const lying = fc.tuple(fc.nat(2 ** 31 - 1), fc.nat(2 ** 31 - 1)).map(([size, original]) => {
    const bytes = packed.slice();
    const view = new DataView(bytes.buffer);
    view.setUint32(entry + 20, size, true);
    view.setUint32(entry + 24, original, true);
    return bytes;
  });
  const inputs = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    damaged(stored),
    damaged(packed),
    lying,
  );
  return hostile('npz', inputs, readNpz, [FormatError]);
}

/** The same files on the disk, of which rows are read by themselves. */
function npzRows(folder: string): HostileInput {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'rows.npz');
  const array = { data: new Float64Array(12), shape: [6, 2] };
  const archives = [undefined, 0].map((wideFrom) =>
    Buffer.concat([...npzParts({ x: array, index: array }, wideFrom)]),
  );
  const inputs = fc.oneof(fc.uint8Array({ maxLength: 200 }), ...archives.map(damaged));
  const read = (bytes: Uint8Array): void => {
    writeFileSync(path, bytes);
    const { count, rows } = npzRecords(path, 'x');
    rows(0, count);
  };
  return hostile('rows of npz', inputs, read, [FormatError]);
}

/** Checkpoints on the disk, in `folder`. */
function checkpointFiles(folder: string): HostileInput {
  const store = checkpointStore(folder);
  store.put('model', { arrays: { weights: Float32Array.of(1, 2) }, meta: { round: 1, list: [1] } });
  const path = join(folder, 'model.json');
  const file = readFileSync(path);
  const good = {
    schema: 'ergoflow.checkpoint/2',
    meta: { round: 1 },
    arrays: { file: '../../../../etc/passwd', bytes: 10, sha256: 'ab' },
    records: { id: '../x', dim: 2, rows: 1, sum: 'ef' },
    metaSha256: 'cd',
  };
  const inputs = fc.oneof(
    altered(good).map((value) => JSON.stringify(value) ?? ''),
    damaged(file).map(text),
    fc.string(),
  );
  const read = (content: string): void => {
    writeFileSync(path, content);
    store.get('model');
  };
  return hostile('checkpoint', inputs, read, [StorageError, FormatVersionError]);
}

/** Sound files with senseless content: nothing may be thrown at all. */
function progressMeta(): HostileInput {
  let kept: unknown;
  newProgress({
    put: (_, { meta }) => {
      kept = meta;
    },
  }).put({
    logLength: 5,
    saved: {
      snapshot: { value: 'seeding', context: { seeds: undefined, round: 0 } },
      ledger: {} as never,
      wallSeconds: { seeding: 0, training: 0, sampling: 0, comparing: 0 },
      midway: { arrays: {}, meta: { step: 1 } },
    },
  });
  const read = (meta: unknown): unknown =>
    findProgress({
      put: () => {},
      has: () => true,
      get: () => ({ arrays: {}, meta }),
      verify: () => {},
    });
  return hostile('progress', fc.oneof(anyJson, altered(kept)), read, []);
}

function runDirectoryFiles(folder: string): HostileInput[] {
  mkdirSync(folder, { recursive: true });
  const manifest = newManifest({
    scenario: { name: 'a', hash: 'b', argument: 'c' },
    seed: 1,
    version: '1',
    commit: null,
    node: 'v20',
    backend: { name: 'cpu', library: '4', threads: 1 },
    machine: { cpu: 'a', cores: 1, memoryBytes: 1, platform: 'b' },
    units: { length: 'nm', energy: 'kJ/mol' },
    options: { a: 1 },
  });
  const failure = { schema: 'ergoflow.failure/1', error: { name: 'a', message: 'b' } };
  const content = (good: unknown): fc.Arbitrary<string> =>
    fc.oneof(
      altered(good).map((value) => JSON.stringify(value) ?? ''),
      damaged(bytesOf(JSON.stringify(good))).map(text),
      fc.string(),
    );
  const put = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return folder;
  };
  const lines = fc.array(content({ type: 'phase', phase: 'a' })).map((parts) => parts.join('\n'));
  return [
    hostile('run.json', content(manifest), (json) => readManifest(put('run.json', json)), [
      RunDirectoryError,
    ]),
    hostile('failure.json', content(failure), (json) => readFailure(put('failure.json', json)), [
      RunDirectoryError,
    ]),
    hostile(
      'events.jsonl',
      lines,
      (log) => readEvents(join(put('events.jsonl', log), 'events.jsonl')),
      [],
    ),
  ];
}

function results(): HostileInput {
  const good = { schema: 'ergoflow.result/1', scenario: 'a', seed: 1, states: [{ name: 'a' }] };
  const inputs = fc.oneof(altered(good), anyJson).map((value) => JSON.stringify(value) ?? '');
  return hostile('result.json', fc.oneof(inputs, fc.string()), readResult, [FormatError]);
}

function xyzFiles(): HostileInput {
  const good = '2\ndim=4 step=1\nX 1 2 3\nX 4 0 0\n2\ndim=4\nX 1 2 3\nX 4 0 0\n';
  const word = fc.constantFrom(
    '2',
    '1e9',
    '-1',
    'dim=4',
    'dim=1e99',
    'X',
    'NaN',
    '\n',
    '1',
    '99999',
  );
  const words = fc.array(word).map((list) => list.join(' '));
  return hostile('xyz', fc.oneof(damaged(bytesOf(good)).map(text), words, fc.string()), readXyz, [
    FormatError,
  ]);
}

function scenarios(): HostileInput {
  const inputs = fc.oneof(altered(tinyScenario), fc.anything(), anyJson);
  return hostile('scenario', inputs, (value) => defineScenario(value as never), [ScenarioError]);
}

/** Every reader there is; files are put into `folder`. */
export function hostileInputs(folder: string): HostileInput[] {
  return [
    safetensors(),
    npzFiles(),
    npzRows(folder),
    checkpointFiles(join(folder, 'checkpoint')),
    progressMeta(),
    ...runDirectoryFiles(join(folder, 'run')),
    results(),
    xyzFiles(),
    scenarios(),
  ];
}
