import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from './storageError.ts';

/**
 * Makes a folder and those above it, where they are missing. Not by the `recursive` of `mkdirSync`, which
 * says of a read-only file system that the folder does not exist.
 *
 * @throws the system's error for the first folder that cannot be made: `EROFS`, or `EEXIST` for a file.
 */
export function makeFolder(path: string): void {
  if (isFolder(path)) return;
  try {
    mkdirSync(path);
  } catch (cause) {
    // Another process may have made it meanwhile.
    if (codeOf(cause) === 'EEXIST' && isFolder(path)) return;
    if (codeOf(cause) !== 'ENOENT' || dirname(path) === path) throw cause;
    makeFolder(dirname(path));
    makeFolder(path);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
