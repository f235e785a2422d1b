import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { batch } from '../../src/core/batch.ts';
import { emptyLedger } from '../../src/core/ledger.ts';
import { checkpointStore } from '../../src/io/checkpointStore.ts';
import { findProgress, newProgress, type Progress } from '../../src/io/progressStore.ts';
import { FormatVersionError } from '../../src/io/storageError.ts';
import { temporaryFolders } from './temporaryFolder.ts';

const wallSeconds = { seeding: 1, training: 0, sampling: 0, comparing: 0 };

/** The checkpoint of step `step`, in a phase that stands on the artifact `seeds`. */
function progress(step: number): Progress {
  return {
    logLength: 100 * step,
    saved: {
      snapshot: { value: 'producing', context: { seeds: 'seeds', round: 1, model: undefined } },
      ledger: { ...emptyLedger(), seeding: step },
      wallSeconds,
      midway: { arrays: { positions: Float64Array.of(step, -0) }, meta: { step } },
    },
  };
}

describe('the checkpoints of a run', () => {
  const folder = temporaryFolders();

  /** A folder with checkpoints 1 … count, and its store. */
  function written(count: number) {
    const path = folder();
    const store = checkpointStore(path);
    store.put('seeds', { arrays: { train: Float64Array.of(1) }, meta: {} });
    const progressStore = newProgress(store);
    for (let step = 1; step <= count; step++) progressStore.put(progress(step));
    return { path, store };
  }
  /** The step that a resumed run would go on from. */
  const stepIn = (store: ReturnType<typeof checkpointStore>) =>
    findProgress(store).progress?.saved.ledger.seeding;
  const file = (path: string, pattern: RegExp): string =>
    join(path, readdirSync(path).find((name) => pattern.test(name)) ?? 'nothing');

  it('are nothing in a folder without any', () => {
    const { progress: found, damaged, any } = findProgress(checkpointStore(folder()));
    expect({ found, damaged, any }).toEqual({ found: undefined, damaged: [], any: false });
  });

  it.each([1, 2, 3, 6])('give back the last of %i, and keep two at most', (count) => {
    const { path, store } = written(count);
    const { progress: found, damaged } = findProgress(store);
    expect(damaged).toEqual([]);
    expect(found?.logLength).toBe(100 * count);
    expect(found?.saved.midway).toEqual(progress(count).saved.midway);
    const kept = readdirSync(path).filter((name) => name.startsWith('progress'));
    expect(kept).toHaveLength(2 * Math.min(count, 2));
  });

  it.each([
    ['truncated arrays', /progress-b.*npz$/, (path: string) => truncateSync(path, 40)],
    ['a truncated entry', /progress-b\.json$/, (path: string) => truncateSync(path, 40)],
    [
      'one flipped bit of its arrays',
      /progress-b.*npz$/,
      (path: string) => {
        const bytes = readFileSync(path);
        bytes[bytes.length - 30] ^= 4;
        writeFileSync(path, bytes);
      },
    ],
    [
      'one flipped bit of its entry',
      /progress-b\.json$/,
      (path: string) => {
        const bytes = readFileSync(path);
        bytes[bytes.indexOf('seeding": 2') + 10] ^= 1;
        writeFileSync(path, bytes);
      },
    ],
  ])(
    'are passed over for the one before, which is said, where the last has %s',
    (_, name, harm) => {
      const { path, store } = written(2);
      harm(file(path, name));
      const { progress: found, damaged, next } = findProgress(store);
      expect(found?.saved.ledger.seeding).toBe(1);
      expect(damaged).toHaveLength(1);
      expect(damaged[0]).toContain('"progress-b" is damaged');
      // The next one takes the place of the damaged one, never of the whole one.
      next.put(progress(7));
      expect(stepIn(store)).toBe(7);
      truncateSync(file(path, /progress-b.*npz$/), 10);
      expect(stepIn(store)).toBe(1);
    },
  );

  it('count for nothing where an artifact that they stand on is damaged', () => {
    const { path, store } = written(2);
    truncateSync(file(path, /^seeds.*npz$/), 10);
    const { progress: found, damaged, any, next } = findProgress(store);
    expect({ found, any }).toEqual({ found: undefined, any: true });
    expect(damaged).toEqual([expect.stringMatching(/^checkpoint "seeds" is damaged/)]);
    // A run that begins again is ahead of what is left from before.
    next.put(progress(0));
    store.put('seeds', { arrays: { train: Float64Array.of(1) }, meta: {} });
    expect(stepIn(store)).toBe(0);
  });

  it('are passed over for the one before where rows that they recorded are lost or changed', () => {
    const { path, store } = written(0);
    const records = store.records('production', 2);
    const next = newProgress(store);
    const marked = (step: number): void => {
      records.append(batch(new Float64Array(200).fill(step), 2));
      const { saved, ...rest } = progress(step);
      const midway = { arrays: {}, meta: { step }, records: records.mark() };
      next.put({ ...rest, saved: { ...saved, midway } });
    };
    marked(1);
    marked(2);
    // As a later process sees it, which has hashed nothing yet.
    expect(stepIn(checkpointStore(path))).toBe(2);
    expect(findProgress(checkpointStore(path)).progress?.saved.midway?.records?.rows).toBe(200);
    truncateSync(join(path, 'production.f64'), 8 * 2 * 150);
    const { progress: found, damaged } = findProgress(checkpointStore(path));
    expect(found?.saved.ledger.seeding).toBe(1);
    expect(damaged).toEqual([
      'records "production" are damaged: production.f64 ends after 2400 bytes',
    ]);
    const bytes = readFileSync(join(path, 'production.f64'));
    bytes[5] ^= 1;
    writeFileSync(join(path, 'production.f64'), bytes);
    expect(findProgress(checkpointStore(path))).toMatchObject({ progress: undefined, any: true });
  });

  it('keep the one that is whole while the next is written, where the last one needs what is damaged', () => {
    const { path, store } = written(1);
    store.put('chains', { arrays: { positions: Float64Array.of(1) }, meta: {} });
    const later = findProgress(store).next;
    const { saved, ...rest } = progress(2);
    later.put({
      ...rest,
      saved: { ...saved, snapshot: { context: { seeds: 'seeds', chains: 'chains' } } },
    });
    truncateSync(file(path, /^chains.*npz$/), 10);
    const { next } = findProgress(store);
    expect(stepIn(store)).toBe(1);
    next.put(progress(3));
    truncateSync(file(path, /progress-b.*npz$/), 10);
    // Had the third one replaced the first, nothing would be left.
    expect(stepIn(store)).toBe(1);
  });

  it('of another format are refused by name where none is whole, and passed over where one is', () => {
    const { path, store } = written(2);
    const ofNextVersion = (slot: string): void => {
      const name = join(path, `progress-${slot}.json`);
      const entry = readFileSync(name, 'utf8').replace('checkpoint/2', 'checkpoint/3');
      writeFileSync(name, entry);
    };
    ofNextVersion('b');
    expect(stepIn(store)).toBe(1);
    ofNextVersion('a');
    expect(() => findProgress(store)).toThrow(FormatVersionError);
    expect(() => findProgress(store)).toThrow('of the version "ergoflow.checkpoint/3"');
  });

  it('are refused where a file has been put in the place of another', () => {
    const { path, store } = written(2);
    writeFileSync(
      join(path, 'progress-a.json'),
      readFileSync(join(path, 'progress-b.json'), 'utf8'),
    );
    expect(findProgress(store).damaged).toEqual([expect.stringContaining('not its own')]);
    expect(stepIn(store)).toBe(2);
  });
});
