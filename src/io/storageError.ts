import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { ErgoflowError } from '../core/errors.ts';

/** A file could not be written or read; the message says which, why, and what would help. */
export class StorageError extends ErgoflowError {
  override name = 'StorageError' as const;
  readonly path: string;
  /** The system's code, `ENOSPC` say; undefined where the file itself is at fault. */
  readonly code: string | undefined;

  constructor(path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.path = path;
    this.code = codeOf(options?.cause);
  }
}

/** A file was written in another version of our format, whose numbers may mean something else. */
export class FormatVersionError extends ErgoflowError {
  override name = 'FormatVersionError' as const;
}

/**
 * What a failed write of `bytes` bytes to `path` means, in words.
 *
 * A file system without room may say so in three ways: no space, no quota, or a file too large.
 */
export function writeFailure(path: string, bytes: number, cause: unknown): StorageError {
  const code = codeOf(cause);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG': {
      const free = freeBytes(dirname(path));
      return new StorageError(
        path,
        `no space to write ${path}: ${megabytes(bytes)} needed` +
          `${free === undefined ? '' : `, ${megabytes(free)} free`}; what was written before is ` +
          'unharmed, so make room and resume the run',
        { cause },
      );
    }
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new StorageError(path, `${path} cannot be written: no permission (${code})`, {
        cause,
      });
    case 'ENOENT':
    case 'ENOTDIR':
      return new StorageError(
        path,
        `${path} cannot be written: ${dirname(path)} is not a folder (${code})`,
        { cause },
      );
    default:
      return new StorageError(path, `${path} cannot be written: ${messageOf(cause)}`, { cause });
  }
}

/** The `code` of a system error. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a process may still write where `folder` is, bytes; undefined where nobody knows. */
export function freeBytes(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    // It is a detail of a message that stands without it.
    return undefined;
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0)} MB`;
}
