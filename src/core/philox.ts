/**
 * Philox4x32-10: a counter of four words, encrypted under a key of two.
 * Salmon, Moraes, Dror & Shaw, SC11, doi:10.1145/2063384.2063405.
 */

// The multipliers, and the Weyl increments of the key (the golden ratio and √3 − 1).
const M0 = 0xd251_1f53;
const M1 = 0xcd9e_8d57;
const W0 = 0x9e37_79b9;
const W1 = 0xbb67_ae85;

/** Encrypts the counter (c0 … c3) under the key (k0, k1) into the first four words of `out`. */
export function philox(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
  out: Int32Array | Uint32Array,
): void {
  for (let round = 0; round < 10; round++) {
    const lo0 = Math.imul(M0, c0);
    const lo1 = Math.imul(M1, c2);
    const hi0 = high(M0, c0, lo0);
    const hi1 = high(M1, c2, lo1);
    c0 = hi1 ^ c1 ^ k0;
    c1 = lo1;
    c2 = hi0 ^ c3 ^ k1;
    c3 = lo0;
    k0 = (k0 + W0) | 0;
    k1 = (k1 + W1) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/**
 * The blocks of the counters (c0, c1, 0, c3) and (c0 + 1, c1, 0, c3), into eight words of `out`:
 * what two calls of `philox` give, in less time, because neither block waits for the other's products.
 * `c0` is even, so that adding one never carries.
 */
export function philoxPair(
  c0: number,
  c1: number,
  c3: number,
  k0: number,
  k1: number,
  out: Int32Array,
): void {
  let a0 = c0 | 0;
  let a1 = c1 | 0;
  let a2 = 0;
  let a3 = c3 | 0;
  let b0 = (c0 + 1) | 0;
  let b1 = a1;
  let b2 = 0;
  let b3 = a3;
  for (let round = 0; round < 10; round++) {
    const aLo0 = Math.imul(M0, a0);
    const bLo0 = Math.imul(M0, b0);
    const aLo1 = Math.imul(M1, a2);
    const bLo1 = Math.imul(M1, b2);
    const aHi0 = high(M0, a0, aLo0);
    const bHi0 = high(M0, b0, bLo0);
    const aHi1 = high(M1, a2, aLo1);
    const bHi1 = high(M1, b2, bLo1);
    a0 = aHi1 ^ a1 ^ k0;
    b0 = bHi1 ^ b1 ^ k0;
    a1 = aLo1;
    b1 = bLo1;
    a2 = aHi0 ^ a3 ^ k1;
    b2 = bHi0 ^ b3 ^ k1;
    a3 = aLo0;
    b3 = bLo0;
    k0 = (k0 + W0) | 0;
    k1 = (k1 + W1) | 0;
  }
  out[0] = a0;
  out[1] = a1;
  out[2] = a2;
  out[3] = a3;
  out[4] = b0;
  out[5] = b1;
  out[6] = b2;
  out[7] = b3;
}

/**
 * The high 32 bits of the unsigned product of `multiplier` and `word`, whose low 32 bits are `low`.
 *
 * The double product is off by at most 2¹⁰ and its difference with `low` by as much again, so the
 * quotient by 2³² is within 2⁻²¹ of the integer that is wanted, and rounding it is exact.
 */
function high(multiplier: number, word: number, low: number): number {
  return ((multiplier * (word >>> 0) - (low >>> 0)) * 2 ** -32 + 0.5) >>> 0;
}
