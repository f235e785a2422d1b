import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { FakeEngineOptions } from './fakeEngine.mjs';

const script = new URL('./fakeEngine.mjs', import.meta.url);

/** A scripted client in a thread of its own, for tests whose own thread sleeps while it is served. */
export function fakeThread(options: FakeEngineOptions): { readonly end: Promise<string[]> } {
  const worker = new Worker(script, { workerData: { fakeEngine: options } });
  const told: string[] = [];
  worker.on('message', (text: string) => told.push(text));
  return {
    end: new Promise((resolve, reject) => {
      worker.on('error', reject);
      worker.on('exit', () => resolve(told));
    }),
  };
}

/** The command that starts the scripted client as a program. */
export function fakeProgram(options: FakeEngineOptions): readonly string[] {
  return [process.execPath, fileURLToPath(script), JSON.stringify(options)];
}
