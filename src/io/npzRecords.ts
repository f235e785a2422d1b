import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { batch } from '../core/batch.ts';
import type { RecordReader } from '../hybrid/records.ts';
import { FormatError } from './formatError.ts';
import { readNpyHeader } from './npz.ts';
import { StorageError } from './storageError.ts';

/** The most that the directory of an archive of ours may take, bytes; it has some six entries. */
const LARGEST_DIRECTORY = 2 ** 20;
const LARGEST_HEADER = 2 ** 12;

/**
 * The rows of a float64 array `[N, D]` in an `.npz` file of any size, of which memory holds those that are
 * asked for. The array must be stored as it is, as ours are.
 *
 * PKWARE, ".ZIP File Format Specification", version 6.3.10, sections 4.3 and 4.5.3.
 * @throws {FormatError} where there is no such array. @throws {StorageError} where `path` cannot be read.
 */
export function npzRecords(path: string, name: string): RecordReader {
  const { start, shape } = withFile(path, (read, size) => {
    const entry = directoryOf(read, size).find((one) => one.name === `${name}.npy`);
    if (entry === undefined) throw new FormatError(`npz: ${path} has no array "${name}"`);
    const local = read(entry.at, 30);
    const from = entry.at + 30 + local.getUint16(26, true) + local.getUint16(28, true);
    if (entry.method !== 0 || from + entry.size > size) {
      throw new FormatError(`npz: "${name}" is compressed or cut off`);
    }
    const head = read(from, Math.min(entry.size, LARGEST_HEADER));
    const header = readNpyHeader(new Uint8Array(head.buffer), name);
    const bytes = header.count * Float64Array.BYTES_PER_ELEMENT;
    if (header.kind !== 'f8' || header.shape.length !== 2 || header.shape[1] < 1) {
      throw new FormatError(`npz: "${name}" expected rows of float64 numbers`);
    }
    if (entry.size !== header.start + bytes) {
      throw new FormatError(`npz: "${name}" should have ${bytes} bytes of numbers`);
    }
    return { start: from + header.start, shape: header.shape };
  });
  const [count, dim] = shape;
  const rowBytes = dim * Float64Array.BYTES_PER_ELEMENT;
  return {
    dim,
    count,
    rows: (from, to) =>
      withFile(path, (read) => {
        const { buffer } = read(start + from * rowBytes, (to - from) * rowBytes);
        return batch(new Float64Array(buffer), dim);
      }),
  };
}

/** So many bytes of a file, from a place on. @throws {FormatError} where it ends before. */
type Read = (from: number, length: number) => DataView<ArrayBuffer>;

function withFile<T>(path: string, work: (read: Read, size: number) => T): T {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    throw new StorageError(path, `${path} cannot be read`, { cause });
  }
  try {
    const { size } = fstatSync(file);
    return work((from, length) => {
      if (from < 0 || length < 0 || from + length > size) {
        throw new FormatError(`npz: ${path} is cut off`);
      }
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const some = readSync(file, bytes, done, length - done, from + done);
        if (some === 0) throw new FormatError(`npz: ${path} is cut off`);
        done += some;
      }
      return new DataView(bytes.buffer);
    }, size);
  } finally {
    closeSync(file);
  }
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly size: number;
  /** Where its local header is. */
  readonly at: number;
}

const ELSEWHERE = 0xffffffff;

function directoryOf(read: Read, size: number): Entry[] {
  const fail = (): never => {
    throw new FormatError('npz: not a zip file, or a damaged one');
  };
  if (size < 22) return fail();
  // Without a comment, which nobody adds to ours, the ending has 22 bytes.
  const ending = read(size - 22, 22);
  if (ending.getUint32(0, true) !== 0x06054b50) return fail();
  let [length, at] = [ending.getUint32(12, true), ending.getUint32(16, true)];
  if (at === ELSEWHERE || length === ELSEWHERE) {
    const locator = read(size - 42, 20);
    if (locator.getUint32(0, true) !== 0x07064b50) return fail();
    const wide = read(Number(locator.getBigUint64(8, true)), 56);
    if (wide.getUint32(0, true) !== 0x06064b50) return fail();
    [length, at] = [Number(wide.getBigUint64(40, true)), Number(wide.getBigUint64(48, true))];
  }
  if (length > LARGEST_DIRECTORY) return fail();
  const view = read(at, length);
  const entries: Entry[] = [];
  for (let place = 0; place < length; ) {
    if (place + 46 > length || view.getUint32(place, true) !== 0x02014b50) return fail();
    const [names, extras, comments] = [28, 30, 32].map((i) => view.getUint16(place + i, true));
    const extra = place + 46 + names;
    const next = extra + extras + comments;
    if (next > length) return fail();
    const wide = wideFields(view, extra, extras);
    const fieldOf = (offset: number): number => {
      const value = view.getUint32(place + offset, true);
      return value === ELSEWHERE ? (wide.shift() ?? fail()) : value;
    };
    // In this order: of the 64-bit numbers only those are there that 32 bits cannot hold.
    const unpacked = fieldOf(24);
    fieldOf(20);
    entries.push({
      name: new TextDecoder().decode(new Uint8Array(view.buffer, place + 46, names)),
      method: view.getUint16(place + 10, true),
      size: unpacked,
      at: fieldOf(42),
    });
    place = next;
  }
  return entries;
}

/** The numbers of the 64-bit extra field, if there is one among the extra fields. */
function wideFields(view: DataView, from: number, length: number): number[] {
  for (let at = from; at + 4 <= from + length; ) {
    const [kind, size] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    const end = Math.min(at + 4 + size, from + length);
    if (kind === 1) {
      const found: number[] = [];
      for (let i = at + 4; i + 8 <= end; i += 8) found.push(Number(view.getBigUint64(i, true)));
      return found;
    }
    at += 4 + size;
  }
  return [];
}
