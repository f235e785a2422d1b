import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { type RecordReader, recordBlocks } from '../hybrid/records.ts';
import { recordArrays } from './finishedStore.ts';
import { firstDifference } from './firstDifference.ts';
import { npzRecords } from './npzRecords.ts';

const BLOCK_BYTES = 2 ** 20;

/** Larger archives are compared by the rows that they hold, and else byte by byte. */
const LARGEST_IN_MEMORY = 2 ** 28;

/**
 * Where two files called `name`, of any size, part first, in words; undefined where they say the same,
 * the clock's figures aside.
 */
export function fileDifference(name: string, before: string, now: string): string | undefined {
  if (!existsSync(before)) return 'missing in the first run';
  const difference = differentByte(before, now);
  if (difference === undefined) return undefined;
  if (name.endsWith('.npz')) {
    const parts = recordArrays.map((array) => differentRows(array, before, now));
    const first = parts.find((one) => one !== undefined);
    if (first !== undefined) return first;
    if (difference.size > LARGEST_IN_MEMORY) return `byte ${difference.at}`;
  }
  return firstDifference(name, readFileSync(before), readFileSync(now));
}

function differentRows(array: string, before: string, now: string): string | undefined {
  const [one, other] = [rowsOf(before, array), rowsOf(now, array)];
  if (one === undefined || other === undefined) return undefined;
  if (one.dim !== other.dim || one.count !== other.count) {
    return `${array} has shape [${other.count},${other.dim}], then [${one.count},${one.dim}]`;
  }
  let from = 0;
  for (const x of recordBlocks(one)) {
    const y = other.rows(from, from + x.count);
    const i = x.data.findIndex((value, at) => !Object.is(value, y.data[at]));
    if (i >= 0) {
      const place = `[${from + Math.floor(i / x.dim)}, ${i % x.dim}]`;
      return `${array}${place} is ${y.data[i]}, then ${x.data[i]}`;
    }
    from += x.count;
  }
  return undefined;
}

/** Undefined where the archive has no such array, or a damaged one. */
function rowsOf(path: string, array: string): RecordReader | undefined {
  try {
    return npzRecords(path, array);
  } catch {
    // What is wrong with it is for whoever reads all of it to say.
    return undefined;
  }
}

/** The first byte that is not the same, and the size of the larger file. */
function differentByte(before: string, now: string): { at: number; size: number } | undefined {
  const files = [before, now].map((path) => openSync(path, 'r'));
  try {
    const sizes = files.map((file) => fstatSync(file).size);
    const size = Math.max(...sizes);
    for (let from = 0; from < size; from += BLOCK_BYTES) {
      const [x, y] = files.map((file) => blockAt(file, from));
      if (x.equals(y)) continue;
      const at = x.findIndex((byte, i) => byte !== y[i]);
      return { at: from + (at < 0 ? x.length : at), size };
    }
    return undefined;
  } finally {
    for (const file of files) closeSync(file);
  }
}

function blockAt(file: number, from: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  let length = 0;
  for (let some = 1; some > 0 && length < block.length; length += some) {
    some = readSync(file, block, length, block.length - length, from + length);
  }
  return block.subarray(0, length);
}
