import { philox, philoxPair } from './philox.ts';

/**
 * Explicit, splittable randomness.
 *
 * A `Key` is a value: drawing from it does not change it, so drawing twice gives the same numbers.
 * Derive a key for each purpose by name, and for each member of a sequence by index:
 *
 *     const momenta = normal(fold(key, 'momenta'), n);
 *     const coins = uniform(fold(key, 'accept'), n);
 *     const thirdStep = at(fold(key, 'steps'), 3);
 *
 * Generator: Philox4x32, 10 rounds. Salmon, Moraes, Dror & Shaw, SC11, doi:10.1145/2063384.2063405.
 */
export interface Key {
  readonly hi: number;
  readonly lo: number;
}

// The last counter word separates the three uses of a key, so that no derived key can replay a draw.
const DRAW = 0;
const AT = 1;
const FOLD = 2;

/**
 * The root key of a run; zero is a seed like any other.
 * @throws {RangeError} where `seed` is not an integer in [0, 2³²).
 */
export function rootKey(seed: number): Key {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffff_ffff) {
    throw new RangeError(`"seed" expected an integer in [0, 2^32), got ${seed}`);
  }
  return { hi: 0, lo: seed };
}

/** The key of one member of a sequence: a step, a chain, a layer. `index` is an integer in [0, 2⁵³). */
export function at(key: Key, index: number): Key {
  return derive(key, index, AT);
}

/** The key for one named purpose. Adding a new name never shifts the numbers behind the others. */
export function fold(key: Key, purpose: string): Key {
  return derive(key, fnv1a(purpose), FOLD);
}

/**
 * Doubles uniform on [0, 1), 53 random bits each, written to `out` and returned.
 *
 * Number `i` depends on the key and on `first + i` alone, so that a part of a batch can be drawn
 * elsewhere and gives the same numbers.
 */
export function uniform(key: Key, out: number | Float64Array, first = 0): Float64Array {
  const target = typeof out === 'number' ? new Float64Array(out) : out;
  const { length } = target;
  // Offsets in `target`; quads are aligned to the stream, so the first may begin before it.
  for (let offset = -(first % 4); offset < length; offset += 4) {
    const counter = (first + offset) / 2;
    philoxPair(counter | 0, (counter / 2 ** 32) | 0, DRAW, key.lo, key.hi, words);
    if (offset >= 0 && offset + 4 <= length) {
      for (let i = 0; i < 4; i++) target[offset + i] = unit(words[2 * i], words[2 * i + 1]);
      continue;
    }
    for (let i = Math.max(0, -offset); i < Math.min(4, length - offset); i++) {
      target[offset + i] = unit(words[2 * i], words[2 * i + 1]);
    }
  }
  return target;
}

/** Standard normal doubles (Box–Muller), written to `out` and returned; `first` as in `uniform`. */
export function normal(key: Key, out: number | Float64Array, first = 0): Float64Array {
  const target = uniform(key, out, first);
  const { length } = target;
  const start = first % 2;
  for (let i = start; i + 1 < length; i += 2) boxMuller(target, i);
  // Half a pair at either end: the other half is drawn with it, and left.
  if (start === 1 && length > 0) target[0] = boxMuller(uniform(key, pair, first - 1), 0)[1];
  if ((length - start) % 2 === 1) {
    target[length - 1] = boxMuller(uniform(key, pair, first + length - 1), 0)[0];
  }
  return target;
}

/** Integers uniform on [0, bound), bound ≤ 2³², `[count]`. */
export function integers(key: Key, count: number, bound: number): Uint32Array {
  const u = uniform(key, count);
  const out = new Uint32Array(count);
  // 53-bit uniforms make the rounding bias below 2⁻²¹ of one part, far under any sampling error.
  for (let i = 0; i < count; i++) out[i] = Math.floor(u[i] * bound);
  return out;
}

/** A permutation of 0 … count − 1, every order equally likely (Fisher–Yates). */
export function permutation(key: Key, count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const u = uniform(key, count);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(u[i] * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** 64 bits of the key as 16 hexadecimal digits, for logs and manifests. */
export function keyName(key: Key): string {
  return key.hi.toString(16).padStart(8, '0') + key.lo.toString(16).padStart(8, '0');
}

function unit(hi: number, lo: number): number {
  return ((hi >>> 5) * 0x400_0000 + (lo >>> 6)) * 2 ** -53;
}

// Two Philox blocks: the bits of four doubles. Signed, because int32 loads stay in integer registers.
const words = new Int32Array(8);
const pair = new Float64Array(2);

/** Turns the uniforms at `i` and `i + 1` into normals, in place. */
function boxMuller(target: Float64Array, i: number): Float64Array {
  // 1 − u lies in (0, 1], so the logarithm is finite.
  const radius = Math.sqrt(-2 * Math.log1p(-target[i]));
  const angle = 2 * Math.PI * target[i + 1];
  target[i] = radius * Math.cos(angle);
  target[i + 1] = radius * Math.sin(angle);
  return target;
}

function derive(key: Key, index: number, use: number): Key {
  philox(index >>> 0, Math.floor(index / 2 ** 32), 0, use, key.lo, key.hi, words);
  return { hi: words[1] >>> 0, lo: words[0] >>> 0 };
}

function fnv1a(text: string): number {
  let hash = 0x811c_9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193);
  }
  return hash >>> 0;
}
