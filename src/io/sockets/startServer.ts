import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import type { Batch } from '../../core/batch.ts';
import type { EnergyAndGradient } from '../../core/potential.ts';
import type { SocketAddress } from './address.ts';
import { EngineError } from './engineError.ts';
import type { EngineCommand } from './engineProcesses.ts';
import { memorySize, type Order, partsOf, type Report, type ServerInput } from './messages.ts';
import { releasingSignals } from './releasingSignals.ts';
import { serverThread } from './serverThread.ts';

/** A socket, served by a thread of its own, as the main thread sees it. */
export interface EngineServer {
  readonly address: SocketAddress;
  /** Starts programs that will come as clients. */
  launch(engine: EngineCommand): void;
  /** Waits until clients have evaluated `x`, and writes what they found to `out`. */
  evaluate(x: Batch, out: Partial<EnergyAndGradient>): void;
  /** Sends the clients away, ends the programs, removes the socket. */
  close(): void;
}

/** Milliseconds beyond the time-out that the server, which minds the time, may be late. */
const LATE = 30_000;

/** Milliseconds of one sleep. */
const NAP = 500;

/** Milliseconds that closing may take. */
const CLOSING = 10_000;

/**
 * Starts the thread that listens at `input.place`, and closes it when the process ends.
 *
 * A potential answers at once and sockets do not, so the main thread sleeps on a word of shared memory
 * until the server has news. `say` is called on the main thread.
 * @throws {EngineError} where the address cannot be had, and from `evaluate` where no client answers.
 */
export function startServer(
  potential: string,
  input: Omit<ServerInput, 'news'>,
  say: (line: string) => void,
): EngineServer {
  const news = new Int32Array(new SharedArrayBuffer(2 * 4));
  const { port1: port, port2 } = new MessageChannel();
  const thread = serverThread({ input: { ...input, news: news.buffer }, port: port2 });
  // A process with nothing left to do ends, although its engines could go on.
  thread.unref();
  // The same failure is on the port; here it would end the process a second time.
  thread.on('error', () => undefined);
  const { system, timeout } = input;
  const dim = 3 * system.atoms;
  let memory = new SharedArrayBuffer(0);
  let open = true;

  function order(what: Order): void {
    port.postMessage(what);
  }

  /** The next report that is no line for the user, or undefined where `limit` passes without news. */
  function nextReport(limit: number): Exclude<Report, { kind: 'line' }> | undefined {
    let seen = Atomics.load(news, 0);
    let last = performance.now();
    for (;;) {
      const received: { message: Report } | undefined = receiveMessageOnPort(port);
      if (received?.message.kind === 'line') {
        say(received.message.text);
        continue;
      }
      if (received !== undefined) return received.message;
      const silence = performance.now() - last;
      if (silence > limit) return undefined;
      const nap = (): unknown => Atomics.wait(news, 0, seen, NAP);
      // Who waits for a client may wait for nothing; who waits for a result gets one, or an error.
      if (Atomics.load(news, 1) === 0) releasingSignals(nap);
      else nap();
      const now = Atomics.load(news, 0);
      if (now !== seen) last = performance.now();
      seen = now;
    }
  }

  /** Waits for the report of one kind. @throws {EngineError} where another comes, or none. */
  function expectReport<K extends 'listening' | 'done'>(kind: K): Extract<Report, { kind: K }> {
    const report = nextReport(timeout + LATE);
    if (report !== undefined && isOf(report, kind)) return report;
    if (report?.kind === 'failed') {
      throw new EngineError(potential, report.failure, report.message);
    }
    throw new EngineError(
      potential,
      'server',
      report === undefined
        ? `the thread that serves the socket has not been heard of for ${(timeout + LATE) / 1000} s`
        : `the thread that serves the socket reported "${report.kind}" in place of "${kind}"`,
    );
  }

  function close(): void {
    if (!open) return;
    open = false;
    process.off('exit', close);
    order({ kind: 'close' });
    let report = nextReport(CLOSING);
    // What the end interrupted is reported before the end itself.
    while (report !== undefined && report.kind !== 'closed') report = nextReport(CLOSING);
    port.close();
    void thread.terminate();
  }

  process.on('exit', close);
  let address: SocketAddress;
  try {
    address = expectReport('listening').address;
  } catch (error) {
    close();
    throw error;
  }

  return {
    address,
    launch(engine) {
      order({ kind: 'launch', engine });
    },
    evaluate(x, out) {
      const size = memorySize(x.count, dim);
      // A batch that was given up may still be written to: its memory is not used again.
      if (memory.byteLength !== size) memory = new SharedArrayBuffer(size);
      const parts = partsOf(memory, x.count, dim);
      parts.positions.set(x.data);
      order({ kind: 'evaluate', count: x.count, memory });
      try {
        expectReport('done');
      } catch (error) {
        memory = new SharedArrayBuffer(0);
        throw error;
      }
      out.energy?.set(parts.energy);
      out.gradient?.set(parts.gradient);
    },
    close,
  };
}

function isOf<K extends Report['kind']>(
  report: Report,
  kind: K,
): report is Extract<Report, { kind: K }> {
  return report.kind === kind;
}
