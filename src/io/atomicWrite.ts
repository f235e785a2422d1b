import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { codeOf, StorageError, writeFailure } from './storageError.ts';

let written = 0;

/**
 * Writes a whole file or leaves what was there: a reader, a crash or a full disk never meets half.
 *
 * The content goes to a temporary file beside the target and to the disk itself, and takes the
 * target's name in one step; then the folder is synchronised, so that the name survives as well.
 *
 * Content that does not fit into memory comes in parts, each of which is written before the next is
 * asked for; what fails while a part is made is thrown as it is.
 *
 * @throws {StorageError} where there is no room or no permission; the temporary file is removed.
 */
export function atomicWrite(
  path: string,
  content: string | Uint8Array | Iterable<string | Uint8Array>,
): void {
  const isWhole = typeof content === 'string' || content instanceof Uint8Array;
  const parts = isWhole ? [content] : content;
  let length = 0;
  written += 1;
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${written}.tmp`);
  try {
    const file = openSync(temporary, 'wx');
    try {
      for (const part of parts) {
        const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
        length += bytes.length;
        // One call may write less than it was given.
        for (let offset = 0; offset < bytes.length; ) {
          offset += writeSync(file, bytes, offset);
        }
      }
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
    syncFolder(dirname(path));
  } catch (cause) {
    rmSync(temporary, { force: true });
    // Without a code of the system's it came from whoever made the parts.
    if (cause instanceof StorageError || (!isWhole && codeOf(cause) === undefined)) throw cause;
    throw writeFailure(path, length, cause);
  }
}

/** Hands the names in a folder to the disk. */
export function syncFolder(folder: string): void {
  // Windows opens no folders; there the rename itself is all that can be had.
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
