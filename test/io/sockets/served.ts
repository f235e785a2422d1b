import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { type Batch, batch } from '../../../src/core/batch.ts';
import type { EnergyAndGradient } from '../../../src/core/potential.ts';
import { fold, normal, rootKey } from '../../../src/core/rng.ts';
import { listenAt, type SocketAddress } from '../../../src/io/sockets/address.ts';
import { type Dispatcher, dispatcher } from '../../../src/io/sockets/dispatcher.ts';
import { EngineError } from '../../../src/io/sockets/engineError.ts';
import { temporaryFolders } from '../temporaryFolder.ts';
import { type FakeEngineOptions, fakeEngine } from './fakeEngine.mjs';

export const ATOMS = 5;
export const DIM = 3 * ATOMS;
export const STIFFNESS = 0.07;

/** Configurations to ask about. */
export function configurations(count: number): Batch {
  return batch(normal(fold(rootKey(0), 'configurations'), count * DIM), DIM);
}

/** What the scripted engine answers, in its own units. */
export function harmonicAnswer(x: Batch): EnergyAndGradient {
  const energy = new Float64Array(x.count);
  for (let i = 0; i < x.data.length; i++) {
    energy[Math.floor(i / DIM)] += 0.5 * STIFFNESS * x.data[i] ** 2;
  }
  return { energy, gradient: x.data.map((value) => STIFFNESS * value) };
}

export interface Served {
  readonly clients: Dispatcher;
  readonly address: SocketAddress;
  readonly lines: string[];
  /** Brings a scripted client; its own words are collected in what is returned. */
  bring(client?: Partial<FakeEngineOptions>): string[];
  /** Has `x` evaluated in atomic units, or is rejected with the failure. */
  evaluate(x: Batch): Promise<EnergyAndGradient>;
}

/** The server's side of sockets in the tests' own thread, without a potential around it. */
export function servers(): (timeout?: number) => Promise<Served> {
  const folder = temporaryFolders();
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });
  return async (timeout = 4000) => {
    const lines: string[] = [];
    let settle: { resolve(): void; reject(error: Error): void } | undefined;
    const clients = dispatcher({
      system: { atoms: ATOMS, cell: [9, 0, 0, 1, 8, 0, 2, 3, 7] },
      scale: { length: 1, energy: 1 },
      timeout,
      say: (line) => lines.push(line),
      progress: () => undefined,
      connected: () => undefined,
      finish: () => settle?.resolve(),
      fail: (kind, message) => settle?.reject(new EngineError('test', kind, message)),
      invitation: () => 'the test',
    });
    const server = createServer({ noDelay: true }, (socket) => clients.accept(socket));
    const address = await listenAt(server, {
      kind: 'unix',
      path: join(folder(), 'socket'),
      fallbacks: false,
    });
    closing.push(() => {
      clients.close();
      server.close();
    });
    return {
      clients,
      address,
      lines,
      bring(client = {}) {
        const told: string[] = [];
        fakeEngine({ address, atoms: ATOMS, stiffness: STIFFNESS, ...client }, (text) => {
          told.push(text);
        });
        return told;
      },
      async evaluate(x) {
        const energy = new Float64Array(x.count);
        const gradient = new Float64Array(x.data.length);
        await new Promise<void>((resolve, reject) => {
          settle = { resolve, reject };
          clients.begin({ count: x.count, positions: x.data, energy, gradient });
        });
        return { energy, gradient };
      },
    };
  };
}
