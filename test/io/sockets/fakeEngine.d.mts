import type { SocketAddress } from '../../../src/io/sockets/address.ts';

export interface FakeEngineOptions {
  readonly address: SocketAddress;
  readonly atoms: number;
  /** k of U = ½ k Σ x², in atomic units. */
  readonly stiffness: number;
  /** What it does wrong, by the names in the script. */
  readonly fault?: string;
  /** Rows that it serves well before. */
  readonly healthy?: number;
  /** Milliseconds that a row takes. */
  readonly delay?: number;
}

/**
 * Connects a scripted client. It tells `EXIT` where it is sent away, the cell of its first
 * configuration, and at its end how many rows it served.
 */
export function fakeEngine(options: FakeEngineOptions, tell: (text: string) => void): void;
