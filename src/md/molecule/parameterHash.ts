/**
 * 64 bits, as 16 hexadecimal digits, that identify a piece of data: records, lists, typed arrays, numbers
 * and strings. The order of a record's keys does not matter, the bits of every number do.
 *
 * Two FNV-1a hashes of 32 bits with different starts and multipliers; not a defence against anybody.
 * Fowler, Noll & Vo, draft-eastlake-fnv.
 */
export function parameterHash(data: unknown): string {
  const state = { first: 0x811c_9dc5, second: 0x9747_b28c };
  absorb(state, data);
  return [state.first, state.second]
    .map((word) => (word >>> 0).toString(16).padStart(8, '0'))
    .join('');
}

interface State {
  first: number;
  second: number;
}

function absorb(state: State, data: unknown): void {
  if (typeof data === 'number') {
    absorbBytes(state, new Uint8Array(Float64Array.of(data).buffer));
  } else if (ArrayBuffer.isView(data)) {
    absorbText(state, `bytes ${data.byteLength}`);
    absorbBytes(state, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  } else if (Array.isArray(data)) {
    absorbText(state, `list ${data.length}`);
    for (const each of data) absorb(state, each);
  } else if (typeof data === 'object' && data !== null) {
    const entries = Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [key, value] of entries) {
      absorbText(state, `key ${key}`);
      absorb(state, value);
    }
  } else {
    absorbText(state, String(data));
  }
}

function absorbText(state: State, text: string): void {
  for (let i = 0; i < text.length; i++) absorbByte(state, text.charCodeAt(i));
  // So that neighbouring texts do not run into one another.
  absorbByte(state, 0x100);
}

function absorbBytes(state: State, bytes: Uint8Array): void {
  for (const byte of bytes) absorbByte(state, byte);
}

function absorbByte(state: State, byte: number): void {
  state.first = Math.imul(state.first ^ byte, 0x0100_0193);
  state.second = Math.imul(state.second ^ byte, 0x0100_01b3) ^ (state.second >>> 15);
}
