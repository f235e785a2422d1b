import { lstatSync, mkdirSync, rmSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { codeOf, messageOf } from '../storageError.ts';

/** Where clients come to. */
export interface SocketAddress {
  readonly kind: 'unix' | 'tcp';
  /** The path of a Unix socket, or `host:port`. */
  readonly address: string;
  /**
   * The path without the `/tmp/ipi_` that LAMMPS, ASE and i-PI's own clients put before the name of a
   * Unix socket; empty where it begins otherwise, so that these cannot reach it.
   */
  readonly name: string;
  /** Empty for a Unix socket. */
  readonly host: string;
  /** 0 for a Unix socket. */
  readonly port: number;
}

/** Where to listen. */
export type SocketPlace =
  | { readonly kind: 'unix'; readonly path: string; readonly fallbacks: boolean }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

/** The address cannot be listened at. */
export class AddressError extends Error {
  override name = 'AddressError' as const;
}

const PREFIX = '/tmp/ipi_';

/** `sun_path` of Linux holds 108 bytes with its final zero, that of macOS 104. */
const LONGEST_PATH = 103;

/** Names to try where the first is taken and a client of our own will be told which it is. */
const FALLBACKS = 100;

/**
 * The folder of this user's sockets, which nobody else may enter, as whoever can connect can send
 * forces. Its name begins as clients want the names of sockets to begin.
 */
export function privateFolder(): string {
  return `${PREFIX}ergoflow-${process.getuid?.() ?? 'user'}`;
}

/** The socket of `name` in the private folder. */
export function privatePath(name: string): string {
  return join(privateFolder(), name);
}

/** A Unix socket's address as its clients write it. */
export function unixAddress(path: string): SocketAddress {
  const name = path.startsWith(PREFIX) ? path.slice(PREFIX.length) : '';
  return { kind: 'unix', address: path, name, host: '', port: 0 };
}

/** Makes the private folder, or finds it as it must be. @throws {AddressError} */
export function makePrivateFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') {
      throw new AddressError(`cannot make the folder ${folder}: ${messageOf(error)}`);
    }
  }
  const found = lstatSync(folder);
  const owner = process.getuid?.();
  if (!found.isDirectory() || (owner !== undefined && found.uid !== owner)) {
    throw new AddressError(
      `${folder} is not a folder of this user; remove it, or give another "address"`,
    );
  }
  if ((found.mode & 0o077) !== 0) {
    throw new AddressError(`${folder} is open to other users; say: chmod 700 ${folder}`);
  }
}

/**
 * Lets `server` listen at `place`, over the remains of a server that has ended.
 * @throws {AddressError} naming an address that is in use or cannot be had.
 */
export async function listenAt(server: Server, place: SocketPlace): Promise<SocketAddress> {
  if (place.kind === 'tcp') return listenOnPort(server, place.host, place.port);
  if (dirname(place.path) === privateFolder()) makePrivateFolder(dirname(place.path));
  for (let attempt = 1; ; attempt++) {
    const path = attempt === 1 ? place.path : `${place.path}-${attempt}`;
    if (Buffer.byteLength(path) > LONGEST_PATH) {
      throw new AddressError(
        `the path of a Unix socket has at most ${LONGEST_PATH} bytes, ${path} has ${Buffer.byteLength(path)}`,
      );
    }
    if (await listenOnPath(server, path)) return unixAddress(path);
    if (!place.fallbacks || attempt === FALLBACKS) {
      throw new AddressError(
        `${path} is in use by another process; end it, or give this potential another name or "address"`,
      );
    }
  }
}

/** Whether `path` was free, or left behind by a process that has ended. */
async function listenOnPath(server: Server, path: string): Promise<boolean> {
  const first = await listening(server, { path });
  if (first === undefined) return true;
  if (codeOf(first) !== 'EADDRINUSE') {
    throw new AddressError(`cannot listen at ${path}: ${messageOf(first)}`);
  }
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSocket()) {
    throw new AddressError(`${path} exists and is no socket; it is left as it is`);
  }
  if (await isAnswered(path)) return false;
  rmSync(path, { force: true });
  return (await listening(server, { path })) === undefined;
}

async function listenOnPort(server: Server, host: string, port: number): Promise<SocketAddress> {
  const failure = await listening(server, { host, port });
  if (codeOf(failure) === 'EADDRINUSE') {
    throw new AddressError(
      `port ${port} of ${host} is in use by another process; end it, or give another "port"`,
    );
  }
  if (failure !== undefined) {
    throw new AddressError(`cannot listen at ${host}:${port}: ${messageOf(failure)}`);
  }
  const bound = server.address();
  // Port 0 asked for any that is free.
  const found = typeof bound === 'object' && bound !== null ? bound.port : port;
  return { kind: 'tcp', address: `${host}:${found}`, name: '', host, port: found };
}

/** Listens; the error, where it fails. */
function listening(
  server: Server,
  at: { path: string } | { host: string; port: number },
): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const fail = (error: Error): void => resolve(error);
    server.once('error', fail);
    server.listen(at, () => {
      server.off('error', fail);
      resolve(undefined);
    });
  });
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path, () => {
      probe.destroy();
      resolve(true);
    });
    probe.on('error', () => resolve(false));
  });
}
