import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { codeOf, StorageError } from './storageError.ts';
import { packageFolder } from './version.ts';

/** Where a run was made, as far as it bears on its speed and on its last digits. */
export interface Machine {
  readonly cpu: string;
  /** Those that this process may use. */
  readonly cores: number;
  readonly memoryBytes: number;
  /** `linux-x64` */
  readonly platform: string;
}

export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    platform: `${process.platform}-${process.arch}`,
  };
}

/**
 * The commit of this package's own checkout, with `+` where tracked files were changed since; null
 * where it is installed as a package or git is missing.
 */
export function gitCommit(): string | null {
  const git = (...args: string[]): string | undefined => {
    const { status, stdout } = spawnSync('git', ['-C', packageFolder, ...args], {
      encoding: 'utf8',
      timeout: 5_000,
    });
    return status === 0 ? stdout.trim() : undefined;
  };
  // A package inside somebody else's repository is at no commit of its own.
  if (git('rev-parse', '--show-prefix') !== '') return null;
  const commit = git('rev-parse', 'HEAD');
  if (commit === undefined) return null;
  return git('status', '--porcelain', '--untracked-files=no') === '' ? commit : `${commit}+`;
}

/** SHA-256 of a file's bytes, hexadecimal. @throws {StorageError} where it cannot be read. */
export function fileHash(path: string): string {
  try {
    return sha256(readFileSync(path));
  } catch (cause) {
    throw new StorageError(path, `${path} cannot be read (${codeOf(cause)})`, { cause });
  }
}

/** SHA-256, hexadecimal. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
