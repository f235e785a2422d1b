import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { type MessagePort, Worker } from 'node:worker_threads';
import type { ServerInput } from './messages.ts';

/** What the thread's own file reads as its `workerData`. */
export interface ThreadData {
  readonly input: ServerInput;
  readonly port: MessagePort;
}

/**
 * A thread that runs `engineServer`, from the built package as well as from its sources.
 *
 * Node 20 starts threads from JavaScript only. In the sources, jiti (which also loads the scenarios
 * of users) translates the thread's file as it translates this one.
 */
export function serverThread(data: ThreadData): Worker {
  const built = import.meta.url.endsWith('.js');
  const entry = new URL(built ? './engineServer.js' : './engineServer.ts', import.meta.url);
  const transferList = [data.port];
  if (built) return new Worker(entry, { workerData: data, transferList });
  const jiti = pathToFileURL(createRequire(import.meta.url).resolve('jiti')).href;
  const bootstrap =
    `import(${JSON.stringify(jiti)}).then((jiti) => ` +
    `(jiti.createJiti ?? jiti.default.createJiti)(${JSON.stringify(entry.href)})` +
    `.import(${JSON.stringify(entry.href)}));`;
  return new Worker(bootstrap, { eval: true, workerData: data, transferList });
}
