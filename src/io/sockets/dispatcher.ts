import type { Socket } from 'node:net';
import {
  type ClientSession,
  type ClientSystem,
  clientSession,
  type Loss,
} from './clientSession.ts';
import type { EngineFailure } from './engineError.ts';

/** Configurations to evaluate, and where their results go; all in the units of the potential. */
export interface SharedBatch {
  readonly count: number;
  /** `[B, D]`. */
  readonly positions: Float64Array;
  /** U, `[B]`. */
  readonly energy: Float64Array;
  /** ∂U/∂x, `[B, D]`. */
  readonly gradient: Float64Array;
}

export interface DispatcherOptions {
  readonly system: ClientSystem;
  /** What one unit of the potential is in Bohr and in hartree. */
  readonly scale: { readonly length: number; readonly energy: number };
  /** Milliseconds that a client may owe an answer for, and that work may wait without a client. */
  readonly timeout: number;
  /** A line for the user. */
  say(line: string): void;
  /** A row of the batch is done. */
  progress(): void;
  /** So many clients are connected now. */
  connected(clients: number): void;
  /** All rows of the batch are done. */
  finish(): void;
  /** The batch is given up. */
  fail(kind: EngineFailure, message: string): void;
  /** The address, and how to bring a client to it, as the rest of "waiting for a client at". */
  invitation(): string;
}

export interface Dispatcher {
  /** A connection came in. */
  accept(socket: Socket): void;
  begin(batch: SharedBatch): void;
  /** No client will come by itself any more. */
  despair(kind: EngineFailure, message: string): void;
  /** Clients that were ever ready. */
  readonly joined: number;
  /** Says EXIT to all clients. */
  close(): void;
}

interface Member {
  readonly label: string;
  readonly session: ClientSession;
  /** Whether it ever asked for a configuration. */
  joined: boolean;
  ready: boolean;
  /** What it computes, and for which batch, as a batch may be given up meanwhile. */
  task: { readonly row: number; readonly batch: SharedBatch } | undefined;
}

/** A configuration that ended this many clients ends the run: it would end all others too. */
const LIVES = 3;

/** Seconds between two lines that say what is waited for. */
const REMINDER = 10;

/**
 * Gives the rows of a batch to the connected clients as they become free.
 *
 * A row goes back to the front of the queue where its client leaves, falls silent or sends nonsense,
 * so that every row is answered once whatever the clients do. Each row's result is written to its own
 * place: with engines that depend on nothing but the configuration, the number of clients cannot be
 * told from the results.
 */
export function dispatcher(options: DispatcherOptions): Dispatcher {
  const { system, scale, timeout, say } = options;
  const dim = 3 * system.atoms;
  const members = new Set<Member>();
  const losses: string[] = [];
  let batch: SharedBatch | undefined;
  let pending: number[] = [];
  let unanswered = 0;
  const lives = new Map<number, number>();
  /** When there was last a reason to hope: a start, a result, a client that came or left. */
  let hope = 0;
  let reminded = 0;
  let came = 0;
  let joined = 0;
  let hopeless: { readonly kind: EngineFailure; readonly message: string } | undefined;
  const clock = setInterval(look, Math.max(10, Math.min(250, timeout / 8)));
  clock.unref();

  function assign(): void {
    for (const member of members) {
      if (batch === undefined || pending.length === 0) return;
      if (!member.ready) continue;
      const row = pending.pop()!;
      const { positions } = batch;
      member.ready = false;
      member.task = { row, batch };
      member.session.evaluate((coordinates) => {
        for (let i = 0; i < dim; i++) coordinates[i] = positions[row * dim + i] * scale.length;
      });
    }
  }

  function record(member: Member, energy: number, forces: Float64Array): void {
    const { task } = member;
    member.task = undefined;
    if (task === undefined || task.batch !== batch) return;
    const perForce = scale.length / scale.energy;
    batch.energy[task.row] = energy / scale.energy;
    for (let i = 0; i < dim; i++) batch.gradient[task.row * dim + i] = -forces[i] * perForce;
    answered();
  }

  function answered(): void {
    hope = performance.now();
    unanswered--;
    options.progress();
    if (unanswered > 0) return;
    batch = undefined;
    options.finish();
  }

  function giveUp(kind: EngineFailure, message: string): void {
    batch = undefined;
    pending = [];
    options.fail(kind, message);
  }

  function giveUpWithoutHope(): void {
    if (batch === undefined || hopeless === undefined || members.size > 0) return;
    giveUp(hopeless.kind, hopeless.message);
  }

  function remove(member: Member, loss: Loss): void {
    members.delete(member);
    options.connected(members.size);
    const { task } = member;
    // Whoever looks whether an address is in use connects and leaves without a word.
    if (!member.joined && loss.how === 'left') return;
    const line = `${member.label} ${loss.text}`;
    say(line);
    losses.push(line);
    if (task === undefined || task.batch !== batch) return;
    pending.push(task.row);
    if (loss.how === 'left') {
      hope = performance.now();
      const left = (lives.get(task.row) ?? LIVES) - 1;
      lives.set(task.row, left);
      if (left === 0) {
        giveUp('clients-died', died(batch, task.row));
        return;
      }
    }
    if (loss.how === 'refused' && members.size === 0) {
      giveUp('bad-reply', `${line}; no other client is left`);
      return;
    }
    giveUpWithoutHope();
    assign();
  }

  function died(of: SharedBatch, row: number): string {
    const start = Array.from(of.positions.subarray(row * dim, row * dim + Math.min(dim, 6)));
    const shown = start.map((value) => Number(value.toPrecision(6))).join(', ');
    return (
      `configuration ${row} of a batch of ${of.count}, (${shown}${dim > 6 ? ', …' : ''}), ended ` +
      `${LIVES} clients in turn (${recent()}); the output of the engine says why. ` +
      `Has it ${system.atoms} atoms, as this potential has?`
    );
  }

  function recent(): string {
    return losses.slice(-LIVES).join('; ');
  }

  function look(): void {
    const now = performance.now();
    for (const member of [...members]) {
      // A client that nothing is asked of may take its time to say that it is ready.
      if (batch === undefined || member.session.owing(now) < timeout) continue;
      member.session.drop();
      const text = member.joined ? 'did not answer' : 'is connected and says nothing';
      remove(member, { how: 'silent', text: `${text} for ${timeout / 1000} s` });
    }
    if (batch === undefined) return;
    if ([...members].some(({ task }) => task !== undefined)) return;
    if (now - hope >= timeout) {
      // Whoever came a moment after the wait began has not been silent for long enough to be dropped.
      for (const { label } of members) losses.push(`${label} is connected and says nothing`);
      giveUp(
        'no-client',
        `no client came within ${timeout / 1000} s to ${options.invitation()}` +
          (losses.length === 0 ? '' : ` (before: ${recent()})`),
      );
    } else if (now - Math.max(hope, reminded) >= (reminded === 0 ? 1000 : 1000 * REMINDER)) {
      reminded = now;
      say(`waiting for a client at ${options.invitation()}`);
    }
  }

  return {
    get joined() {
      return joined;
    },
    accept(socket) {
      came++;
      hopeless = undefined;
      const member: Member = {
        label: `client ${came}`,
        session: clientSession(socket, system, {
          ready() {
            if (!member.joined) {
              member.joined = true;
              joined++;
              say(`${member.label} connected`);
            }
            member.ready = true;
            hope = performance.now();
            assign();
          },
          result(energy, forces) {
            record(member, energy, forces);
          },
          lost(loss) {
            remove(member, loss);
          },
        }),
        joined: false,
        ready: false,
        task: undefined,
      };
      members.add(member);
      options.connected(members.size);
    },
    begin(work) {
      batch = work;
      lives.clear();
      hope = performance.now();
      reminded = 0;
      unanswered = work.count;
      // Taken from the end, so that they go out in order.
      pending = Array.from({ length: work.count }, (_, i) => work.count - 1 - i);
      const { positions, energy, gradient } = work;
      pending = pending.filter((row) => {
        const at = row * dim;
        if (positions.subarray(at, at + dim).every(Number.isFinite)) return true;
        // No engine is asked about a configuration that is none; many would crash.
        energy[row] = Number.NaN;
        gradient.fill(Number.NaN, at, at + dim);
        return false;
      });
      const nowhere = work.count - pending.length;
      for (let i = 0; i < nowhere; i++) answered();
      giveUpWithoutHope();
      assign();
    },
    despair(kind, message) {
      hopeless = { kind, message };
      giveUpWithoutHope();
    },
    close() {
      clearInterval(clock);
      for (const { session } of members) session.end();
      members.clear();
    },
  };
}
