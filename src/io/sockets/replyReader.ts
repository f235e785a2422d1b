import { byteQueue } from './byteQueue.ts';
import {
  byteSwapped,
  doublesAt,
  FORCE_HEAD,
  forceBodySize,
  HEADER,
  INT32,
  int32At,
  legible,
} from './wireFormat.ts';

/** What a client answers, decoded. */
export type Reply =
  | { readonly kind: 'NEEDINIT' | 'READY' | 'HAVEDATA' }
  | {
      readonly kind: 'FORCEREADY';
      /** Hartree. */
      readonly energy: number;
      /** `[3 × atoms]`, hartree/Bohr. */
      readonly forces: Float64Array;
    };

/** What a client sent is not of the protocol, or not of this potential. */
export class ReplyError extends Error {
  override name = 'ReplyError' as const;
}

export interface ReplyReader {
  /** The replies that are complete with `chunk`. @throws {ReplyError} naming what came instead. */
  feed(chunk: Uint8Array): Reply[];
  /** Where in a message the bytes stop, or undefined between two messages. */
  interruption(): string | undefined;
}

/** More than this is no comment on a calculation, but a count that was read from the wrong place. */
const LONGEST_EXTRAS = 2 ** 24;

/** Reads the replies of a client whose system has `atoms` atoms, in whatever pieces they arrive. */
export function replyReader(atoms: number): ReplyReader {
  const queue = byteQueue();
  let part: 'header' | 'head' | 'body' | 'extras' = 'header';
  let energy = 0;
  let forces: Float64Array = new Float64Array(0);
  let extras = 0;

  function wanted(): number {
    switch (part) {
      case 'header':
        return HEADER;
      case 'head':
        return FORCE_HEAD;
      case 'body':
        return forceBodySize(atoms);
      case 'extras':
        return extras;
    }
  }

  function read(bytes: Uint8Array): Reply | undefined {
    switch (part) {
      case 'header': {
        const kind = kindOf(bytes);
        if (kind !== 'FORCEREADY') return { kind };
        part = 'head';
        return undefined;
      }
      case 'head':
        energy = doublesAt(bytes, 0, 1)[0];
        expectAtoms(int32At(bytes, 8), atoms);
        part = 'body';
        return undefined;
      case 'body':
        forces = doublesAt(bytes, 0, 3 * atoms);
        extras = int32At(bytes, bytes.length - INT32);
        if (extras < 0 || extras > LONGEST_EXTRAS) {
          throw new ReplyError(`announced ${extras} bytes of comments after its forces`);
        }
        part = 'extras';
        return undefined;
      case 'extras':
        part = 'header';
        return { kind: 'FORCEREADY', energy, forces };
    }
  }

  return {
    feed(chunk) {
      queue.push(chunk);
      const replies: Reply[] = [];
      for (let bytes = queue.take(wanted()); bytes !== undefined; bytes = queue.take(wanted())) {
        const reply = read(bytes);
        if (reply !== undefined) replies.push(reply);
      }
      return replies;
    },
    interruption() {
      if (part === 'header' && queue.length === 0) return undefined;
      const message = part === 'header' ? 'a header' : `FORCEREADY (its ${part})`;
      return `${queue.length} bytes into the ${wanted()} of ${message}`;
    },
  };
}

function kindOf(bytes: Uint8Array): Reply['kind'] {
  const text = String.fromCharCode(...bytes).trimEnd();
  if (text === 'NEEDINIT' || text === 'READY' || text === 'HAVEDATA' || text === 'FORCEREADY') {
    return text;
  }
  throw new ReplyError(
    `sent ${legible(bytes)} where the i-PI protocol has NEEDINIT, READY, HAVEDATA or FORCEREADY`,
  );
}

function expectAtoms(sent: number, atoms: number): void {
  if (sent === atoms) return;
  const swapped =
    byteSwapped(sent) === atoms
      ? ` (which is ${atoms} with its bytes reversed: the client runs on a machine of the other byte order)`
      : '';
  throw new ReplyError(`has ${sent} atoms${swapped}; this potential has ${atoms}`);
}
