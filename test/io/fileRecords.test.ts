import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Batch, batch, concat, rows } from '../../src/core/batch.ts';
import { normal, rootKey } from '../../src/core/rng.ts';
import { memoryRecords, type Records, recordBlocks } from '../../src/hybrid/records.ts';
import { fileRecords } from '../../src/io/fileRecords.ts';
import { StorageError } from '../../src/io/storageError.ts';
import { inChild } from './inChild.ts';
import { temporaryFolders } from './temporaryFolder.ts';

const folder = temporaryFolders();
const dim = 3;
const made = (count: number): Batch => batch(normal(rootKey(5), count * dim), dim);
/** Rows that fill more than two buffers, the last one in part. */
const many = made(100_000);

/** Bit for bit; much faster than `toEqual` says it. */
function isSame(one: Batch, other: Batch): boolean {
  const bytes = ({ data }: Batch) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return one.dim === other.dim && bytes(one).equals(bytes(other));
}

function appended(records: Records, x: Batch, chunk: number): Records {
  for (let from = 0; from < x.count; from += chunk) {
    records.append(rows(x, from, Math.min(x.count, from + chunk)));
  }
  return records;
}

describe.each([
  ['in memory', () => memoryRecords('x', dim)],
  ['in a file', () => fileRecords(join(folder(), 'x.f64'), 'x', dim)],
])('records %s', (_, create) => {
  it.each([1, 7, 99_999])('are what was appended, %i rows at a time', (chunk) => {
    const records = appended(create(), rows(many, 0, chunk === 1 ? 5000 : many.count), chunk);
    expect(isSame(records.rows(0, records.count), rows(many, 0, records.count))).toBe(true);
    expect(isSame(records.rows(4321, 4324), rows(many, 4321, 4324))).toBe(true);
    expect(records.rows(7, 7).count).toBe(0);
  });

  it('come in blocks of a mebibyte at most, of whole units, in their order', () => {
    const records = appended(create(), many, 1000);
    const blocks = [...recordBlocks(records, 250)];
    expect(isSame(concat(blocks), many)).toBe(true);
    expect(blocks.length).toBeGreaterThan(2);
    for (const block of blocks.slice(0, -1)) expect(block.count % 250).toBe(0);
    for (const block of blocks) expect(block.data.byteLength).toBeLessThanOrEqual(2 ** 20);
    // One unit is larger than a block.
    expect([...recordBlocks(records, 60_000)].map(({ count }) => count)).toEqual([60_000, 40_000]);
  });

  it('go back to a mark as if nothing had come after it', () => {
    const records = appended(create(), rows(many, 0, 60_001), 777);
    const mark = records.mark();
    appended(records, rows(many, 0, 30_000), 5000);
    records.mark();
    records.rewind(mark);
    expect(records.count).toBe(60_001);
    appended(records, rows(many, 60_001, many.count), 999);
    expect(isSame(records.rows(0, records.count), many)).toBe(true);
    const whole = appended(create(), many, 500);
    expect(records.mark()).toEqual(whole.mark());
    records.rewind(undefined);
    expect(records.count).toBe(0);
  });

  it('refuse rows of another dimension, and a mark that they do not reach', () => {
    const records = appended(create(), made(10), 10);
    expect(() => records.append(batch(new Float64Array(4), 2))).toThrow('dimensions 3 and 2');
    const mark = records.mark();
    records.rewind(undefined);
    expect(() => records.rewind(mark)).toThrow('records "x"');
  });
});

describe('records in a file', () => {
  /** A file with a mark at 700 of its 1000 rows. */
  function marked() {
    const path = join(folder(), 'x.f64');
    const records = appended(fileRecords(path, 'x', dim), rows(many, 0, 700), 70);
    const mark = records.mark();
    appended(records, rows(many, 700, 1000), 70).mark();
    return { path, mark };
  }

  it('are cut off by a later process at the mark that it knows, whatever came after', () => {
    const { path, mark } = marked();
    appendFileSync(path, 'half a row');
    const later = fileRecords(path, 'x', dim);
    later.rewind(mark);
    expect(statSync(path).size).toBe(700 * dim * 8);
    appended(later, rows(many, 700, 2000), 11);
    expect(isSame(later.rows(0, 2000), rows(many, 0, 2000))).toBe(true);
    const whole = fileRecords(join(folder(), 'x.f64'), 'x', dim);
    expect(later.mark()).toEqual(appended(whole, rows(many, 0, 2000), 2000).mark());
  });

  it.each([
    ['is shorter than the mark says', (path: string) => truncateSync(path, 700 * dim * 8 - 1)],
    [
      'has one flipped bit before the mark',
      (path: string) => {
        const bytes = readFileSync(path);
        bytes[699 * dim * 8] ^= 1;
        writeFileSync(path, bytes);
      },
    ],
    ['is empty', (path: string) => truncateSync(path, 0)],
  ])('count as damaged where the file %s', (_, harm) => {
    const { path, mark } = marked();
    harm(path);
    expect(() => fileRecords(path, 'x', dim).verify(mark)).toThrow(StorageError);
    expect(() => fileRecords(path, 'x', dim).rewind(mark)).toThrow('records "x" are damaged');
  });

  it('count as whole where one bit has flipped after the mark', () => {
    const { path, mark } = marked();
    const bytes = readFileSync(path);
    bytes[700 * dim * 8] ^= 1;
    writeFileSync(path, bytes);
    fileRecords(path, 'x', dim).verify(mark);
  });

  it('take no memory for a row that is larger than any', () => {
    const { path, mark } = marked();
    expect(() => fileRecords(path, 'x', 2 ** 40).verify({ ...mark, dim: 2 ** 40 })).toThrow(
      /ends after/,
    );
  });

  it('keep their mark where the disk is full halfway through a block, and say so', () => {
    const path = join(folder(), 'x.f64');
    const { stdout, stderr } = inChild(
      `
      const { fileRecords } = await load('src/io/fileRecords.ts');
      const records = fileRecords(${JSON.stringify(path)}, 'x', 1000);
      const row = (value) => ({ data: new Float64Array(1000).fill(value), count: 1, dim: 1000 });
      for (let i = 0; i < 10; i++) records.append(row(i));
      const mark = records.mark();
      const tried = [];
      for (const work of [
        () => { for (let i = 10; i < 400; i++) records.append(row(i)); },
        () => records.mark(),
      ]) {
        try { work(); } catch ({ name, message }) { tried.push(name, message); }
      }
      console.log(JSON.stringify({ mark, tried }));
    `,
      { fileLimitKiB: 1500 },
    );
    expect(stderr).toBe('');
    const { mark, tried } = JSON.parse(stdout);
    const full = expect.stringMatching(/^no space to write .*x\.f64: \d\.\d\d MB needed/);
    expect(tried).toEqual(['StorageError', full, 'StorageError', full]);
    const records = fileRecords(path, 'x', 1000);
    records.rewind(mark);
    expect(records.count).toBe(10);
    expect(records.rows(9, 10).data[999]).toBe(9);
  });
});
