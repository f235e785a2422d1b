import type { Socket } from 'node:net';
import { type Reply, ReplyError, replyReader } from './replyReader.ts';
import { header, initMessage, questions } from './wireFormat.ts';

/** The system that all clients of a potential must have. */
export interface ClientSystem {
  readonly atoms: number;
  /** Cell vectors as rows, `[3, 3]`, Bohr. */
  readonly cell: ArrayLike<number>;
}

/** What a session tells its owner. */
export interface SessionEvents {
  /** The client can take a configuration. */
  ready(): void;
  /** The configuration that was sent has this energy, hartree, and these forces, hartree/Bohr. */
  result(energy: number, forces: Float64Array): void;
  /** The connection is over, or ought to be; said once. */
  lost(why: Loss): void;
}

export interface Loss {
  /** `left`: it closed, or crashed; `refused`: it sent nonsense; `silent`: it took too long. */
  readonly how: 'left' | 'refused' | 'silent';
  /** As the rest of a sentence that begins with "the client". */
  readonly text: string;
}

/** One connected client. */
export interface ClientSession {
  /** Whether a configuration is with it. */
  readonly computing: boolean;
  /** Sends one configuration, whose coordinates, Bohr, `fill` writes in place. */
  evaluate(fill: (coordinates: Float64Array) => void): void;
  /** Milliseconds that it has owed an answer for at `now`, by the clock of `performance.now()`. */
  owing(now: number): number;
  /** Closes the connection without a word. */
  drop(): void;
  /** Says EXIT and closes. */
  end(): void;
}

/**
 * Speaks the server's part of the i-PI protocol with one client:
 *
 *     STATUS → NEEDINIT → INIT, STATUS → READY
 *     POSDATA, STATUS, GETFORCE, STATUS → HAVEDATA, FORCEREADY, READY
 */
export function clientSession(
  socket: Socket,
  system: ClientSystem,
  events: SessionEvents,
): ClientSession {
  const reader = replyReader(system.atoms);
  const { bytes, coordinates } = questions(system.atoms, system.cell);
  let state: 'asked' | 'idle' | 'computing' | 'delivering' | 'over' = 'asked';
  let since = performance.now();

  function become(next: typeof state): void {
    state = next;
    since = performance.now();
  }

  function over(how: Loss['how'], text: string): void {
    if (state === 'over') return;
    state = 'over';
    socket.destroy();
    events.lost({ how, text });
  }

  function answer(reply: Reply): void {
    if (state === 'asked' && reply.kind === 'NEEDINIT') {
      socket.write(initMessage());
      socket.write(header('STATUS'));
      become('asked');
    } else if (state === 'asked' && reply.kind === 'READY') {
      become('idle');
      events.ready();
    } else if (state === 'computing' && reply.kind === 'HAVEDATA') {
      become('delivering');
    } else if (state === 'delivering' && reply.kind === 'FORCEREADY') {
      expectForces(reply.energy, reply.forces);
      become('asked');
      events.result(reply.energy, reply.forces);
    } else {
      throw new ReplyError(`sent ${reply.kind} ${EXPECTED[state]}`);
    }
  }

  socket.on('data', (chunk) => {
    if (state === 'over') return;
    try {
      for (const reply of reader.feed(chunk)) answer(reply);
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      over('refused', error.message);
    }
  });
  // 'close' follows, and says the rest.
  let reason = '';
  socket.on('error', (error) => {
    reason = ` (${error.message})`;
  });
  socket.on('close', () => {
    const cut = reader.interruption();
    over('left', cut === undefined ? `left${reason}` : `left ${cut}${reason}`);
  });
  socket.write(header('STATUS'));

  return {
    get computing() {
      return state === 'computing' || state === 'delivering';
    },
    evaluate(fill) {
      fill(coordinates);
      socket.write(bytes);
      become('computing');
    },
    owing: (now) => (state === 'idle' || state === 'over' ? 0 : now - since),
    drop() {
      state = 'over';
      socket.destroy();
    },
    end() {
      if (state === 'over') return;
      state = 'over';
      socket.end(header('EXIT'));
    },
  };
}

const EXPECTED = {
  asked: 'where READY or NEEDINIT was expected',
  idle: 'without being asked',
  computing: 'where HAVEDATA was expected',
  delivering: 'where FORCEREADY was expected',
  over: 'after the end',
} as const;

/**
 * A configuration may have an energy that is no finite number, which its potential then has too; a
 * finite energy with forces that are none is a fault of the client.
 */
function expectForces(energy: number, forces: Float64Array): void {
  if (!Number.isFinite(energy)) return;
  const bad = forces.findIndex((force) => !Number.isFinite(force));
  if (bad < 0) return;
  throw new ReplyError(
    `sent the energy ${energy} hartree with the force ${forces[bad]} on atom ${Math.floor(bad / 3)}, ` +
      `coordinate ${'xyz'[bad % 3]}`,
  );
}
