import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { workerData } from 'node:worker_threads';
import { AddressError, listenAt, type SocketAddress } from './address.ts';
import { dispatcher } from './dispatcher.ts';
import { type EngineProcesses, engineProcesses } from './engineProcesses.ts';
import { invitation } from './invitation.ts';
import { type Order, partsOf, type Report } from './messages.ts';
import type { ThreadData } from './serverThread.ts';

// The body of a worker thread: it serves the socket, so that the main thread can wait.

// `serverThread` alone starts this file, and gives it this.
const { input, port } = workerData as ThreadData;
const news = new Int32Array(input.news);
const { atoms } = input.system;

function wake(): void {
  Atomics.add(news, 0, 1);
  Atomics.notify(news, 0);
}

function report(what: Report): void {
  port.postMessage(what);
  wake();
}

process.on('uncaughtException', (error) => {
  report({ kind: 'failed', failure: 'server', message: error.stack ?? error.message });
});

let address: SocketAddress | undefined;
let engines: EngineProcesses | undefined;

const clients = dispatcher({
  system: input.system,
  scale: input.scale,
  timeout: input.timeout,
  say: (text) => report({ kind: 'line', text }),
  progress: () => Atomics.add(news, 0, 1),
  connected(count) {
    Atomics.store(news, 1, count);
    wake();
  },
  finish: () => report({ kind: 'done' }),
  fail: (failure, message) => report({ kind: 'failed', failure, message }),
  invitation: () => (address === undefined ? 'no address yet' : invitation(address)),
});

const server = createServer({ noDelay: true }, (socket) => clients.accept(socket));

async function close(): Promise<void> {
  clients.close();
  server.close();
  await engines?.end();
  if (address?.kind === 'unix') rmSync(address.address, { force: true });
  report({ kind: 'closed' });
  port.close();
}

port.on('message', (order: Order) => {
  switch (order.kind) {
    case 'launch':
      engines = engineProcesses(
        order.engine,
        () => clients.joined,
        clients.despair,
        (text) => report({ kind: 'line', text }),
      );
      return;
    case 'evaluate':
      clients.begin({
        count: order.count,
        ...partsOf(order.memory, order.count, 3 * atoms),
      });
      return;
    case 'close':
      void close();
  }
});

try {
  address = await listenAt(server, input.place);
  report({ kind: 'listening', address });
} catch (error) {
  if (!(error instanceof AddressError)) throw error;
  report({ kind: 'failed', failure: 'address', message: error.message });
}
