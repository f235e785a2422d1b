/** Bytes that arrived and were not read yet. */
export interface ByteQueue {
  readonly length: number;
  push(chunk: Uint8Array): void;
  /** The next `count` bytes, or undefined while fewer are there. */
  take(count: number): Uint8Array | undefined;
}

/** A queue of bytes, for messages that arrive in pieces or several at once. */
export function byteQueue(): ByteQueue {
  let waiting: Uint8Array = new Uint8Array(0);
  return {
    get length() {
      return waiting.length;
    },
    push(chunk) {
      if (waiting.length === 0) {
        waiting = chunk;
        return;
      }
      const joined = new Uint8Array(waiting.length + chunk.length);
      joined.set(waiting);
      joined.set(chunk, waiting.length);
      waiting = joined;
    },
    take(count) {
      if (waiting.length < count) return undefined;
      const taken = waiting.subarray(0, count);
      waiting = waiting.subarray(count);
      return taken;
    },
  };
}
