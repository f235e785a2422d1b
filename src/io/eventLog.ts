import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import { codeOf, StorageError, writeFailure } from './storageError.ts';

/** A file of JSON lines that grows at its end, and goes back to a checkpoint when a run is resumed. */
export interface EventLog {
  /**
   * Appends one line; whoever reads the file sees it at once. Numbers that JSON lacks become null.
   * @throws {StorageError}
   */
  append(event: object): void;
  /** Hands the lines to the disk. @returns the length of the file then, bytes. */
  mark(): number;
  /** Takes back everything that was appended after `mark` returned `length`. */
  rewind(length: number): void;
  /** Hands the lines to the disk. Safe to call twice. */
  close(): void;
}

/** Opens `path` to append to it, made where it is missing. @throws {StorageError} */
export function openEventLog(path: string): EventLog {
  let file: number | undefined;
  try {
    file = openSync(path, 'a+');
    // A process that died while it wrote left half a line: the next event begins a line of its own.
    if (endsTorn(file)) writeSync(file, '\n');
  } catch (cause) {
    throw writeFailure(path, 1, cause);
  }
  return {
    append(event) {
      if (file === undefined) throw new StorageError(path, `${path} is closed`);
      const line = Buffer.from(`${JSON.stringify(event)}\n`, 'utf8');
      try {
        for (let offset = 0; offset < line.length; ) offset += writeSync(file, line, offset);
      } catch (cause) {
        throw writeFailure(path, line.length, cause);
      }
    },
    mark() {
      if (file === undefined) throw new StorageError(path, `${path} is closed`);
      fsyncSync(file);
      return fstatSync(file).size;
    },
    rewind(length) {
      if (file === undefined) throw new StorageError(path, `${path} is closed`);
      // Where a disk lost more than that, what is left is all there is.
      if (fstatSync(file).size > length) ftruncateSync(file, length);
    },
    close() {
      if (file === undefined) return;
      fsyncSync(file);
      closeSync(file);
      file = undefined;
    },
  };
}

/**
 * The events of a log, oldest first; one that is being written to may be read at any time.
 *
 * `torn` counts lines that are not JSON: a line cut off by a crash, or the one being written now.
 * @throws {StorageError} where the file cannot be read.
 */
export function readEvents(path: string): { readonly events: unknown[]; readonly torn: number } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new StorageError(path, `${path} cannot be read (${codeOf(cause)})`, { cause });
  }
  const events: unknown[] = [];
  let torn = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    try {
      events.push(JSON.parse(line));
    } catch {
      torn += 1;
    }
  }
  return { events, torn };
}

function endsTorn(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return false;
  const last = new Uint8Array(1);
  readSync(file, last, 0, 1, size - 1);
  return last[0] !== 0x0a;
}
