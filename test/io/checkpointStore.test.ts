import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkpointStore } from '../../src/io/checkpointStore.ts';
import { inChild } from './inChild.ts';
import { temporaryFolders } from './temporaryFolder.ts';

describe('checkpointStore', () => {
  const folder = temporaryFolders();
  const artifact = {
    arrays: {
      positions: Float64Array.of(1 / 3, -0, Number.NaN, Number.NEGATIVE_INFINITY),
      weights: Float32Array.of(0.1),
      states: Int32Array.of(-1, 2),
      accepted: Uint8Array.of(1, 0, 1),
    },
    meta: { dim: 2, worst: Number.NaN, bound: -Infinity, zero: -0, list: [null, 'a', [true]] },
  };

  it('gives back the very bits of arrays and JSON, in another process too', () => {
    const path = join(folder(), 'checkpoint');
    checkpointStore(path).put('data-1', artifact);
    expect(checkpointStore(path).get('data-1')).toEqual(artifact);
    const { stdout } = inChild(`
      const { checkpointStore } = await load('src/io/checkpointStore.ts');
      const { arrays, meta } = checkpointStore(${JSON.stringify(path)}).get('data-1');
      console.log(Buffer.from(arrays.positions.buffer).toString('hex'), Object.is(meta.zero, -0));
    `);
    const bits = Buffer.from(artifact.arrays.positions.buffer).toString('hex');
    expect(stdout).toBe(`${bits} true\n`);
  });

  it('keeps only the last version of an artifact', () => {
    const path = folder();
    const store = checkpointStore(path);
    store.put('model', artifact);
    store.put('model-given', artifact);
    store.put('model', { arrays: { weights: Float32Array.of(2) }, meta: {} });
    expect(store.get('model').arrays['weights']).toEqual(Float32Array.of(2));
    expect(store.get('model-given')).toEqual(artifact);
    expect(readdirSync(path)).toHaveLength(4);
  });

  it('holds the version before when a write fails halfway', () => {
    const path = folder();
    checkpointStore(path).put('model', artifact);
    const { stdout } = inChild(
      `
      const { checkpointStore } = await load('src/io/checkpointStore.ts');
      const big = { arrays: { weights: new Float64Array(1e5) }, meta: {} };
      try { checkpointStore(${JSON.stringify(path)}).put('model', big); }
      catch (error) { console.log(error.name); }
      `,
      { fileLimitKiB: 64 },
    );
    expect(stdout).toBe('StorageError\n');
    expect(checkpointStore(path).get('model')).toEqual(artifact);
    expect(readdirSync(path)).toHaveLength(2);
  });

  it('notices every kind of damage', () => {
    const path = folder();
    const store = checkpointStore(path);
    store.put('model', artifact);
    const json = join(path, 'model.json');
    const arrays = join(path, readdirSync(path).find((name) => name.endsWith('.npz')) ?? '');
    const [text, bytes] = [readFileSync(json, 'utf8'), readFileSync(arrays)];

    const flipped = Uint8Array.from(bytes);
    flipped[flipped.length >> 1] ^= 1;
    writeFileSync(arrays, flipped);
    expect(() => store.get('model')).toThrow(/^checkpoint "model" is damaged: model\.\w+\.npz/);
    truncateSync(arrays, 100);
    expect(() => store.get('model')).toThrow(`(100 of ${bytes.length} bytes)`);
    writeFileSync(arrays, bytes);

    writeFileSync(json, text.replace('"dim": 2', '"dim": 3'));
    expect(() => store.get('model')).toThrow('model.json does not match its checksum');
    writeFileSync(json, text.slice(0, 50));
    expect(() => store.get('model')).toThrow('model.json is not JSON');
    writeFileSync(json, text.replace('checkpoint/2', 'checkpoint/3'));
    expect(() => store.get('model')).toThrow(
      'is of the version "ergoflow.checkpoint/3", and this is for "ergoflow.checkpoint/2"',
    );
    writeFileSync(json, text);
    expect(store.get('model')).toEqual(artifact);
  });

  it('names what it holds where something else was asked for', () => {
    const store = checkpointStore(folder());
    expect(() => store.get('model')).toThrow(/^no checkpoint "model" in .*; it holds nothing$/);
    store.put('result', { arrays: {}, meta: {} });
    expect(() => store.get('model')).toThrow('it holds result');
  });

  it('refuses names that are no file names, and arrays that hide in the JSON', () => {
    const store = checkpointStore(folder());
    expect(() => store.put('../model', artifact)).toThrow('"id" expected letters');
    expect(() => store.put('model', { arrays: {}, meta: { x: new Float64Array(2) } })).toThrow(
      '"meta" expected plain JSON, got Float64Array',
    );
  });
});
