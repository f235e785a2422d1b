import { expectInteger, expectPositive } from '../../core/expectNumber.ts';
import {
  energyAndGradientBuffer,
  type Potential,
  type PotentialUnits,
} from '../../core/potential.ts';
import { bohr, hartree } from '../../core/units.ts';
import { expectBuffers, expectRows } from '../../md/rowPotential.ts';
import { privatePath, type SocketAddress, type SocketPlace } from './address.ts';
import { EngineError } from './engineError.ts';
import { type EngineServer, startServer } from './startServer.ts';

/** Which engine, of how many atoms, listening where. */
export interface SocketPotentialOptions {
  /** Identity in logs and manifests, and the name of the socket: letters, digits, `-`, `_`, `.` */
  readonly name: string;
  /** Atoms of the engine's system, in the order of the coordinates. */
  readonly atoms: number;
  /**
   * Where engines connect: a file path for a Unix socket, or a port. By default the socket `name` in
   * a folder of this user's, closed to others. A port is open to every user of this machine; with
   * another host than 127.0.0.1, to all that reach it, for the protocol knows no password.
   */
  readonly address?: string | { readonly port: number; readonly host?: string };
  /** How to start the engine; without it, somebody starts it by hand. */
  readonly start?: EngineStart;
  /** Seconds that a client may take for one configuration, and that work may wait for one; 60. */
  readonly timeout?: number;
  /**
   * Cell vectors as rows, `[3, 3]`, in the potential's unit of length, first along x, second in the xy
   * plane. A cube of 100 nm by default: a periodic engine needs a cell, others ignore it.
   */
  readonly cell?: readonly (readonly number[])[];
  /** What one unit of length is in nm, and of energy in kJ/mol, where the potential's are reduced. */
  readonly reduced?: { readonly length: number; readonly energy: number };
  /** Where lines about clients that come and go are written; stderr by default. */
  readonly say?: (line: string) => void;
}

/** A program that connects to the socket it is told of. */
export interface EngineStart {
  /** The program and its arguments for an engine that is to connect to `address`. */
  command(address: SocketAddress): readonly string[];
  /** Engines at once, each of which takes a configuration at a time; 1. */
  readonly copies?: number;
  /** Where the program runs; the working folder by default. */
  readonly folder?: string;
}

/** A potential whose engine can be started and sent away. */
export interface SocketPotential extends Potential {
  /** Listens and starts engines, unless that is done; else the first evaluation does. */
  open(): SocketAddress;
  /** Sends the engines away and removes the socket. The end of the process does it too. */
  close(): void;
}

/** Cells of periodic engines want to be wider than any cut-off; this one is wider than any molecule. */
const WIDE = 100;

/**
 * The potential of another engine, over a socket: LAMMPS, ASE, CP2K, OpenMM, whatever speaks the
 * i-PI protocol (M. Ceriotti, J. More & D. E. Manolopoulos, Comput. Phys. Commun. 185, 1019 (2014),
 * doi:10.1016/j.cpc.2013.10.027). We listen, engines connect.
 *
 *     ∂U/∂x = −F,   1 Bohr = 0.0529177210903 nm,   1 hartree = 2625.49963948 kJ/mol
 *
 * Nothing is opened before the first evaluation. Rows of a batch go to the clients as they become
 * free; one that leaves in the middle of its work has that work done by another. An energy that is
 * not finite is the engine's word on a configuration and is returned as it came; coordinates that are
 * not finite are given the energy NaN without asking.
 *
 * What cannot be checked from here: that the engine has the same atoms in the same order, and that
 * its answer depends on the configuration alone. The protocol carries the number of atoms, but LAMMPS
 * returns the number that it was sent.
 * @throws {RangeError} naming an option out of range. Evaluating throws `EngineError`.
 */
export function socketPotential(options: SocketPotentialOptions): SocketPotential {
  const { name, start, reduced } = options;
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name)) {
    throw new RangeError(`"name" expected letters, digits, "-", "_" and ".", got "${name}"`);
  }
  const atoms = expectInteger('atoms', options.atoms, 1);
  const timeout = expectPositive('timeout', options.timeout ?? 60);
  const copies = expectInteger('start.copies', start?.copies ?? 1, 1);
  const length = expectPositive('reduced.length', reduced?.length ?? 1) / bohr;
  const energy = expectPositive('reduced.energy', reduced?.energy ?? 1) / hartree;
  const cell = cellOf(options.cell, reduced === undefined ? WIDE : WIDE / reduced.length);
  const place = placeOf(options);
  const say = options.say ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const dim = 3 * atoms;
  const units: PotentialUnits =
    reduced === undefined
      ? { length: 'nm', energy: 'kJ/mol' }
      : { length: 'reduced', energy: 'reduced' };
  let server: EngineServer | undefined;
  let closed = false;

  function opened(): EngineServer {
    if (closed) throw new EngineError(name, 'closed', 'was closed, and evaluates nothing any more');
    if (server !== undefined) return server;
    const talk = (line: string): void => say(`${name}: ${line}`);
    if (place.kind === 'tcp' && !isLoopback(place.host)) {
      talk(
        `warning: port ${place.port} of ${place.host} is open to other machines, and whoever ` +
          'connects is believed; a tunnel to 127.0.0.1 is safer',
      );
    }
    server = startServer(
      name,
      {
        place,
        system: { atoms, cell: cell.map((value) => value * length) },
        scale: { length, energy },
        timeout: timeout * 1000,
      },
      talk,
    );
    if (start !== undefined) {
      const command = start.command(server.address);
      if (command.length === 0) {
        throw new RangeError('"start.command" expected a program and its arguments, got nothing');
      }
      server.launch({ command, copies, folder: start.folder ?? process.cwd() });
    }
    return server;
  }

  return {
    name,
    dim,
    units,
    evaluationsPerGradient: 1,
    energy(x, out = new Float64Array(x.count)) {
      expectRows(name, dim, x);
      // No gradient is wanted; the coordinates stand in for one of the right size.
      expectBuffers(name, { energy: out, gradient: x.data }, x);
      if (x.count > 0) opened().evaluate(x, { energy: out });
      return out;
    },
    energyAndGradient(x, out = energyAndGradientBuffer(x.count, x.dim)) {
      expectRows(name, dim, x);
      expectBuffers(name, out, x);
      if (x.count > 0) opened().evaluate(x, out);
      return out;
    },
    open: () => opened().address,
    close() {
      closed = true;
      server?.close();
    },
  };
}

function placeOf({ name, address, start }: SocketPotentialOptions): SocketPlace {
  if (address === undefined) {
    // Who starts the clients can tell them of another name; others know only the one in the file.
    return { kind: 'unix', path: privatePath(name), fallbacks: start !== undefined };
  }
  if (typeof address === 'string') {
    if (!address.startsWith('/')) {
      throw new RangeError(`"address" expected an absolute path or { port }, got "${address}"`);
    }
    return { kind: 'unix', path: address, fallbacks: false };
  }
  const port = expectInteger('address.port', address.port, 0);
  if (port > 65_535) throw new RangeError(`"address.port" expected at most 65535, got ${port}`);
  return { kind: 'tcp', host: address.host ?? '127.0.0.1', port };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

/** The cell, `[3, 3]`, row by row. @throws {RangeError} where it is none, or not lower-triangular. */
function cellOf(given: SocketPotentialOptions['cell'], wide: number): Float64Array {
  const rows = given ?? [
    [wide, 0, 0],
    [0, wide, 0],
    [0, 0, wide],
  ];
  const cell = Float64Array.from(rows.flat());
  const fits = rows.length === 3 && rows.every((row) => row.length === 3);
  // LAMMPS reads these six numbers and no others, so a turned cell would be another one there.
  const upper = [cell[1], cell[2], cell[5]];
  const diagonal = [cell[0], cell[4], cell[8]];
  if (
    !fits ||
    !cell.every(Number.isFinite) ||
    upper.some((value) => value !== 0) ||
    diagonal.some((value) => value <= 0)
  ) {
    throw new RangeError(
      '"cell" expected three vectors (a, 0, 0), (b, c, 0), (d, e, f) with a, c, f > 0, ' +
        `got ${JSON.stringify(rows)}`,
    );
  }
  return cell;
}
