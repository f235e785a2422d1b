import type { SocketAddress, SocketPlace } from './address.ts';
import type { ClientSystem } from './clientSession.ts';
import type { EngineFailure } from './engineError.ts';
import type { EngineCommand } from './engineProcesses.ts';

/** What the thread that serves a socket is given when it starts. */
export interface ServerInput {
  readonly place: SocketPlace;
  readonly system: ClientSystem;
  /** What one unit of the potential is in Bohr and in hartree. */
  readonly scale: { readonly length: number; readonly energy: number };
  /** Milliseconds. */
  readonly timeout: number;
  /**
   * Two int32: one that grows with every report and every finished row, for the main thread to wait
   * on, and the number of connected clients.
   */
  readonly news: SharedArrayBuffer;
}

/** From the main thread to the server. */
export type Order =
  | { readonly kind: 'launch'; readonly engine: EngineCommand }
  | {
      readonly kind: 'evaluate';
      readonly count: number;
      /** Positions, then energies, then gradients, as float64. */
      readonly memory: SharedArrayBuffer;
    }
  | { readonly kind: 'close' };

/** From the server to the main thread. */
export type Report =
  | { readonly kind: 'listening'; readonly address: SocketAddress }
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly failure: EngineFailure; readonly message: string }
  | { readonly kind: 'closed' };

/** The parts of the memory of a batch of `count` rows of `dim` coordinates. */
export function partsOf(memory: SharedArrayBuffer, count: number, dim: number) {
  return {
    positions: new Float64Array(memory, 0, count * dim),
    energy: new Float64Array(memory, 8 * count * dim, count),
    gradient: new Float64Array(memory, 8 * count * (dim + 1), count * dim),
  };
}

/** Bytes of the memory of a batch. */
export function memorySize(count: number, dim: number): number {
  return 8 * count * (2 * dim + 1);
}
