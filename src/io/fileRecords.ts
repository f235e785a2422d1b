import { createHash, type Hash } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { type Batch, batch } from '../core/batch.ts';
import { ShapeError } from '../core/errors.ts';
import type { RecordMark, Records } from '../hybrid/records.ts';
import { syncFolder } from './atomicWrite.ts';
import { StorageError, writeFailure } from './storageError.ts';

/** Records in a file: float64 after float64, as this machine writes them. */
export interface FileRecords extends Records {
  /** @throws {StorageError} where the rows that `mark` speaks of are not there as they were. */
  verify(mark: RecordMark): void;
}

/** What is appended is collected up to here, and read back in as large pieces. */
const BUFFER_BYTES = 2 ** 20;

/**
 * Records that outlive the process, in `path`, of which memory holds a mebibyte.
 *
 * A crash leaves the rows of the last mark, and perhaps a part of what came after: `rewind` cuts that off.
 * Marks hold a SHA-256 sum of all rows, so that one that was changed or lost is found. The file is open
 * only while something is read or written.
 */
export function fileRecords(path: string, id: string, dim: number): FileRecords {
  const rowBytes = dim * Float64Array.BYTES_PER_ELEMENT;
  /** Made with the first row: a file that claims rows of any size gets no memory for them. */
  let buffer = new Float64Array(0);
  /** Numbers in the buffer. */
  let held = 0;
  /** Rows in the file. */
  let written = existsSync(path) ? Math.floor(statSync(path).size / rowBytes) : 0;
  /** Of the rows in the file; undefined until somebody has read those of an earlier process. */
  let hash: Hash | undefined = written === 0 ? createHash('sha256') : undefined;
  let verified: { readonly rows: number; readonly sum: string; readonly hash: Hash } | undefined;

  function flush(): void {
    if (held === 0) return;
    hash ??= hashOf(written);
    const bytes = bytesOf(buffer.subarray(0, held));
    change(bytes.length, (file) => {
      // At its place and not at the end: half of it may be there, of an attempt that failed.
      for (let offset = 0; offset < bytes.length; ) {
        const at = written * rowBytes + offset;
        offset += writeSync(file, bytes, offset, bytes.length - offset, at);
      }
    });
    hash.update(bytes);
    written += held / dim;
    held = 0;
  }

  function change(bytes: number, work: (file: number) => void): void {
    try {
      const file = openSync(path, constants.O_RDWR | constants.O_CREAT);
      try {
        work(file);
      } finally {
        closeSync(file);
      }
    } catch (cause) {
      throw writeFailure(path, bytes, cause);
    }
  }

  function damaged(what: string, cause?: unknown): StorageError {
    return new StorageError(path, `records "${id}" are damaged: ${what}`, { cause });
  }

  /** Fills `out` from the given byte of the file. */
  function read(out: Uint8Array, from: number): void {
    let offset = 0;
    try {
      const file = openSync(path, 'r');
      try {
        while (offset < out.length) {
          const some = readSync(file, out, offset, out.length - offset, from + offset);
          if (some === 0) break;
          offset += some;
        }
      } finally {
        closeSync(file);
      }
    } catch (cause) {
      throw damaged(`${basename(path)} cannot be read`, cause);
    }
    if (offset < out.length) {
      throw damaged(`${basename(path)} ends after ${from + offset} bytes`);
    }
  }

  function hashOf(rows: number): Hash {
    const sum = createHash('sha256');
    const piece = new Uint8Array(BUFFER_BYTES);
    const end = rows * rowBytes;
    for (let at = 0; at < end; at += piece.length) {
      const part = piece.subarray(0, Math.min(piece.length, end - at));
      read(part, at);
      sum.update(part);
    }
    return sum;
  }

  function verify(mark: RecordMark): void {
    if (mark.dim !== dim) throw damaged(`they have ${mark.dim} coordinates a row, not ${dim}`);
    if (verified?.rows === mark.rows && verified.sum === mark.sum) return;
    const found = hashOf(mark.rows);
    const sum = found.copy().digest('hex');
    if (sum !== mark.sum) {
      throw damaged(`the first ${mark.rows} rows of ${basename(path)} do not match their checksum`);
    }
    verified = { rows: mark.rows, sum, hash: found };
  }

  return {
    dim,
    get count() {
      return written + held / dim;
    },
    append(x: Batch) {
      if (x.dim !== dim) throw new ShapeError(`records "${id}": dimensions ${dim} and ${x.dim}`);
      if (buffer.length === 0) {
        buffer = new Float64Array(dim * Math.max(1, Math.floor(BUFFER_BYTES / rowBytes)));
      }
      for (let from = 0; from < x.data.length; ) {
        const to = Math.min(x.data.length, from + buffer.length - held);
        buffer.set(x.data.subarray(from, to), held);
        held += to - from;
        from = to;
        if (held === buffer.length) flush();
      }
    },
    mark() {
      flush();
      change(0, (file) => fsyncSync(file));
      syncFolder(dirname(path));
      hash ??= hashOf(written);
      return { id, dim, rows: written, sum: hash.copy().digest('hex') };
    },
    verify,
    rewind(to) {
      held = 0;
      if (to !== undefined) verify(to);
      written = to?.rows ?? 0;
      hash = to === undefined ? createHash('sha256') : verified?.hash.copy();
      verified = undefined;
      change(0, (file) => ftruncateSync(file, written * rowBytes));
    },
    rows(from, to) {
      flush();
      const data = new Float64Array((to - from) * dim);
      read(bytesOf(data), from * rowBytes);
      return batch(data, dim);
    },
  };
}

function bytesOf(numbers: Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
