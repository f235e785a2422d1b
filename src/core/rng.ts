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

const block = new Uint32Array(4);

/**
 * Doubles uniform on [0, 1), 53 random bits each, written to `out` and returned.
 *
 * Number `i` depends on the key and on `first + i` alone, so that a part of a batch can be drawn
 * elsewhere and gives the same numbers.
 */
export function uniform(key: Key, out: number | Float64Array, first = 0): Float64Array {
  const target = typeof out === 'number' ? new Float64Array(out) : out;
  for (let i = 0; i < target.length; ) {
    const index = first + i;
    draw(key, Math.floor(index / 2));
    if (index % 2 === 0) target[i++] = unit(block[0], block[1]);
    if (i < target.length) target[i++] = unit(block[2], block[3]);
  }
  return target;
}

/** Standard normal doubles (Box–Muller), written to `out` and returned; `first` as in `uniform`. */
export function normal(key: Key, out: number | Float64Array, first = 0): Float64Array {
  const target = typeof out === 'number' ? new Float64Array(out) : out;
  for (let i = 0; i < target.length; ) {
    const index = first + i;
    draw(key, Math.floor(index / 2));
    // 1 − u lies in (0, 1], so the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log1p(-unit(block[0], block[1])));
    const angle = 2 * Math.PI * unit(block[2], block[3]);
    if (index % 2 === 0) target[i++] = radius * Math.cos(angle);
    if (i < target.length) target[i++] = radius * Math.sin(angle);
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

function draw(key: Key, index: number): void {
  philox(index >>> 0, Math.floor(index / 2 ** 32), 0, DRAW, key.lo, key.hi, block);
}

function derive(key: Key, index: number, use: number): Key {
  const word = new Uint32Array(4);
  philox(index >>> 0, Math.floor(index / 2 ** 32), 0, use, key.lo, key.hi, word);
  return { hi: word[1], lo: word[0] };
}

/**
 * Philox4x32-10: encrypts the counter (c0 … c3) under the key (k0, k1) into `out`.
 * Exported for its known-answer vectors.
 */
export function philox(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
  out: Uint32Array,
): void {
  for (let round = 0; round < 10; round++) {
    const lo0 = Math.imul(0xd251_1f53, c0);
    const hi0 = mulhi(0xd251_1f53, c0);
    const lo1 = Math.imul(0xcd9e_8d57, c2);
    const hi1 = mulhi(0xcd9e_8d57, c2);
    c0 = hi1 ^ c1 ^ k0;
    c1 = lo1;
    c2 = hi0 ^ c3 ^ k1;
    c3 = lo0;
    // Weyl sequence of the key: the golden ratio and √3 − 1.
    k0 = (k0 + 0x9e37_79b9) | 0;
    k1 = (k1 + 0xbb67_ae85) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** The high 32 bits of the unsigned 64-bit product, from four 16-bit products. */
function mulhi(a: number, b: number): number {
  const aLo = a & 0xffff;
  const aHi = a >>> 16;
  const bLo = b & 0xffff;
  const bHi = b >>> 16;
  const low = Math.imul(aLo, bLo) >>> 0;
  const mid = Math.imul(aHi, bLo) >>> 0;
  const cross = (mid & 0xffff) + (Math.imul(aLo, bHi) >>> 0) + (low >>> 16);
  return (Math.imul(aHi, bHi) + (mid >>> 16) + Math.floor(cross / 0x1_0000)) | 0;
}

function fnv1a(text: string): number {
  let hash = 0x811c_9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193);
  }
  return hash >>> 0;
}
