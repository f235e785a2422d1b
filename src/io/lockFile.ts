import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { RunDirectoryError } from './manifest.ts';
import { codeOf, writeFailure } from './storageError.ts';

interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
  /** Tells this process from a later one of the same number; empty where the system does not say. */
  readonly identity: string;
}

/**
 * Takes the folder for this process, and returns how to give it back.
 *
 * The lock of a process that has ended on this machine is taken over. A process on another machine
 * cannot be asked, so its lock holds until someone removes it.
 *
 * @throws {RunDirectoryError} naming who holds it. @throws {StorageError}
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'lock');
  const owner: Owner = {
    pid: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
    identity: identityOf(process.pid),
  };
  const content = `${JSON.stringify(owner)}\n`;
  // A finished file is given the lock's name, so that nobody ever reads half an owner.
  const mine = join(folder, `.lock-${randomUUID()}`);
  try {
    writeFileSync(mine, content, { flag: 'wx' });
    while (!claim(mine, path)) {
      const found = read(path);
      if (found === undefined) continue;
      if (isHeld(found.owner)) throw new RunDirectoryError(heldBy(folder, path, found.owner));
      if (takeOver(mine, path, found.content)) break;
    }
  } catch (cause) {
    if (cause instanceof RunDirectoryError) throw cause;
    throw writeFailure(path, content.length, cause);
  } finally {
    rmSync(mine, { force: true });
  }
  return () => {
    if (read(path)?.content === content) rmSync(path, { force: true });
  };
}

function claim(mine: string, path: string): boolean {
  try {
    linkSync(mine, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** How long a process may take over a lock before it counts as dead, ms. */
const TAKEOVER_LIMIT = 10_000;

/**
 * Replaces an abandoned lock by `mine`. Several processes may find it at once: the one that holds the
 * guard looks again, and its rename gives up the guard in the same step as it takes the lock.
 */
function takeOver(mine: string, path: string, abandoned: string): boolean {
  const guard = `${path}-takeover`;
  if (!claim(mine, guard)) {
    const since = statSync(guard, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && Date.now() - since > TAKEOVER_LIMIT) rmSync(guard, { force: true });
    return false;
  }
  if (read(path)?.content === abandoned) {
    renameSync(guard, path);
    return true;
  }
  rmSync(guard);
  return false;
}

function read(path: string): { owner: Partial<Owner>; content: string } | undefined {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const owner: unknown = JSON.parse(content);
    // Each field is checked where it is used; a lock without them is nobody's.
    return { owner: typeof owner === 'object' && owner !== null ? owner : {}, content };
  } catch {
    return { owner: {}, content };
  }
}

function isHeld({ pid, host, identity }: Partial<Owner>): boolean {
  if (host === undefined || pid === undefined) return false;
  if (host !== hostname()) return true;
  if (!isRunning(pid)) return false;
  return identity === undefined || identity === identityOf(pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // No permission to signal it means that it is there.
    return codeOf(error) !== 'ESRCH';
  }
}

/** Boot and start time of a process on Linux: numbers of processes are used again. */
function identityOf(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // The command's name, in parentheses, may hold spaces; the start time is the 20th field after it.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return `${boot}:${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return '';
  }
}

function heldBy(folder: string, path: string, { pid, host, since }: Partial<Owner>): string {
  const elsewhere =
    host === hostname() ? '' : `; if that process is gone, remove the file ${path} and try again`;
  return `${folder} is in use by process ${pid} on ${host} since ${since}${elsewhere}`;
}
