import { ACOS, BITS, EXP, LOG, TRIG } from './constants';

@inline
function c(table: usize, index: usize): v128 {
  return v128.load64_splat(table + index * 8);
}

@inline
function step(x: v128, sum: v128, coefficient: v128): v128 {
  return f64x2.add(coefficient, f64x2.mul(x, sum));
}

/** ln x of positive normal numbers; of others it is not defined. */
@inline
export function log64(x: v128): v128 {
  // x = 2ᵏ m with m in [√½, √2); the exponent is moved so that it changes at √½.
  const bits = i64x2.add(x, v128.load(BITS));
  const k = f64x2.sub(v128.or(i64x2.shr_u(bits, 52), v128.load(BITS, 48)), c(LOG, 12));
  const m = i64x2.add(v128.and(bits, v128.load(BITS, 16)), v128.load(BITS, 32));
  const f = f64x2.sub(m, c(LOG, 0));
  const s = f64x2.div(f, f64x2.add(c(LOG, 1), f));
  const z = f64x2.mul(s, s);
  const w = f64x2.mul(z, z);
  const odd = f64x2.mul(z, step(w, step(w, step(w, c(LOG, 3), c(LOG, 4)), c(LOG, 5)), c(LOG, 6)));
  const even = f64x2.mul(w, step(w, step(w, c(LOG, 7), c(LOG, 8)), c(LOG, 9)));
  const half = f64x2.mul(f64x2.mul(c(LOG, 2), f), f);
  const tail = f64x2.mul(s, f64x2.add(half, f64x2.add(odd, even)));
  const low = f64x2.add(tail, f64x2.mul(k, c(LOG, 11)));
  return f64x2.add(f64x2.add(f64x2.sub(low, half), f), f64x2.mul(k, c(LOG, 10)));
}

/**
 * Of two positive normal numbers a ≤ b: ln(a/b), 1/a to `at` and 1/b to `at + 16`, all by one division.
 *
 * ln(a/b) = k ln 2 + 2 artanh s with s = (a′ − b)/(a′ + b), a′ = 2⁻ᵏ a; the integer k, from the difference of the bit
 * patterns, leaves |s| below 0.21.
 */
@inline
export function logQuotient64(a: v128, b: v128, at: usize): v128 {
  // 2⁵² k, k ≤ 0 the nearest integer to the difference of the piecewise linear logarithms.
  const shift = v128.and(i64x2.add(i64x2.sub(a, b), v128.load(BITS, 64)), v128.load(BITS, 80));
  const scaled = i64x2.sub(a, shift);
  const k = f64x2.convert_low_i32x4_s(i32x4.shr_s(v128.shuffle<i32>(shift, shift, 1, 3, 1, 3), 20));
  const sum = f64x2.add(scaled, b);
  const product = f64x2.mul(a, b);
  const inverse = f64x2.div(c(EXP, 12), f64x2.mul(product, sum));
  const perProduct = f64x2.mul(sum, inverse);
  v128.store(at, f64x2.mul(b, perProduct));
  v128.store(at, f64x2.mul(a, perProduct), 16);
  const s = f64x2.mul(f64x2.sub(scaled, b), f64x2.mul(product, inverse));
  const z = f64x2.mul(s, s);
  const w = f64x2.mul(z, z);
  const odd = f64x2.mul(z, step(w, step(w, step(w, c(LOG, 3), c(LOG, 4)), c(LOG, 5)), c(LOG, 6)));
  const even = f64x2.mul(w, step(w, step(w, c(LOG, 7), c(LOG, 8)), c(LOG, 9)));
  const tail = step(k, c(LOG, 11), f64x2.mul(s, f64x2.add(odd, even)));
  return f64x2.add(f64x2.mul(k, c(LOG, 10)), f64x2.add(f64x2.add(s, s), tail));
}

/** artanh(x)/x of z = x², 0 ≤ z ≤ 0.0294. */
@inline
export function artanhRatio64(z: v128): v128 {
  const w = f64x2.mul(z, z);
  const odd = f64x2.mul(z, step(w, step(w, step(w, c(LOG, 3), c(LOG, 4)), c(LOG, 5)), c(LOG, 6)));
  const even = f64x2.mul(w, step(w, step(w, c(LOG, 7), c(LOG, 8)), c(LOG, 9)));
  return step(c(LOG, 2), f64x2.add(odd, even), c(LOG, 0));
}

/** eˣ; x is held to −708 … 709, so that the least value is e⁻⁷⁰⁸; not-a-number stays. */
@inline
export function exp64(argument: v128): v128 {
  const x = f64x2.pmin(f64x2.pmax(argument, c(EXP, 0)), c(EXP, 1));
  const shifted = f64x2.add(f64x2.mul(x, c(EXP, 2)), c(EXP, 3));
  const n = f64x2.sub(shifted, c(EXP, 3));
  const high = f64x2.sub(x, f64x2.mul(n, c(EXP, 4)));
  const low = f64x2.mul(n, c(EXP, 5));
  const r = f64x2.sub(high, low);
  const z = f64x2.mul(r, r);
  let p = step(z, c(EXP, 6), c(EXP, 7));
  p = step(z, p, c(EXP, 8));
  p = step(z, p, c(EXP, 9));
  p = step(z, p, c(EXP, 10));
  const q = f64x2.sub(r, f64x2.mul(z, p));
  const quotient = f64x2.div(f64x2.mul(r, q), f64x2.sub(c(EXP, 11), q));
  const value = f64x2.add(c(EXP, 12), f64x2.add(f64x2.sub(quotient, low), high));
  // The low bits of `shifted` hold the integer n; moved into the exponent they multiply by 2ⁿ.
  return i64x2.add(value, i64x2.shl(shifted, 52));
}

/** sin(y + t) for |y| ≤ π/4 and t below the last place of y. */
@inline
export function sineKernel(y: v128, t: v128): v128 {
  const z = f64x2.mul(y, y);
  let p = step(z, c(TRIG, 5), c(TRIG, 6));
  p = step(z, p, c(TRIG, 7));
  p = step(z, p, c(TRIG, 8));
  p = step(z, p, c(TRIG, 9));
  p = step(z, p, c(TRIG, 10));
  return f64x2.add(y, f64x2.add(t, f64x2.mul(f64x2.mul(y, z), p)));
}

/** cos(y + t) for |y| ≤ π/4 and t below the last place of y. */
@inline
export function cosineKernel(y: v128, t: v128): v128 {
  const z = f64x2.mul(y, y);
  let p = step(z, c(TRIG, 11), c(TRIG, 12));
  p = step(z, p, c(TRIG, 13));
  p = step(z, p, c(TRIG, 14));
  p = step(z, p, c(TRIG, 15));
  p = step(z, p, c(TRIG, 16));
  const half = f64x2.mul(c(TRIG, 17), z);
  const near = f64x2.sub(c(TRIG, 18), half);
  const lost = f64x2.sub(f64x2.sub(c(TRIG, 18), near), half);
  const rest = f64x2.sub(f64x2.mul(f64x2.mul(z, z), p), f64x2.mul(y, t));
  return f64x2.add(near, f64x2.add(lost, rest));
}

/** `a` in the quadrants 0 and 2, `b` in 1 and 3, with the sign changed in the quadrants 2 and 3. */
@inline
function inQuadrant(quadrant: v128, a: v128, b: v128): v128 {
  const odd = i64x2.neg(v128.and(quadrant, i64x2.splat(1)));
  const sign = i64x2.shl(i64x2.shr_u(quadrant, 1), 63);
  return v128.xor(v128.bitselect(b, a, odd), sign);
}

/** x less n P₁, P₁ the first 33 bits of π/2: exact for |n| < 2²⁰. */
@inline
function coarse(x: v128, n: v128): v128 {
  return f64x2.sub(x, f64x2.mul(n, c(TRIG, 2)));
}

/** What `nearest` rounds off. */
@inline
function tail(x: v128, n: v128, y: v128): v128 {
  const first = coarse(x, n);
  const product = f64x2.mul(n, c(TRIG, 3));
  const second = f64x2.sub(first, product);
  const lost = f64x2.sub(f64x2.sub(first, second), product);
  return f64x2.add(f64x2.sub(f64x2.sub(second, y), f64x2.mul(n, c(TRIG, 4))), lost);
}

/** x less n π/2. */
@inline
function nearest(x: v128, n: v128): v128 {
  const second = f64x2.sub(coarse(x, n), f64x2.mul(n, c(TRIG, 3)));
  return f64x2.sub(second, f64x2.mul(n, c(TRIG, 4)));
}

/** sin x, |x| ≤ 10⁵. */
@inline
export function sin64(x: v128): v128 {
  const shifted = f64x2.add(f64x2.mul(x, c(TRIG, 0)), c(TRIG, 1));
  const n = f64x2.sub(shifted, c(TRIG, 1));
  const y = nearest(x, n);
  const t = tail(x, n, y);
  return inQuadrant(shifted, sineKernel(y, t), cosineKernel(y, t));
}

/** cos x, |x| ≤ 10⁵. */
@inline
export function cos64(x: v128): v128 {
  const shifted = f64x2.add(f64x2.mul(x, c(TRIG, 0)), c(TRIG, 1));
  const n = f64x2.sub(shifted, c(TRIG, 1));
  const y = nearest(x, n);
  const t = tail(x, n, y);
  return inQuadrant(
    i64x2.add(shifted, i64x2.splat(1)),
    sineKernel(y, t),
    cosineKernel(y, t),
  );
}

/** cos 2πu, u in [0, 1), and sin 2πu to `at`: the turn is reduced without rounding. */
@inline
export function turn64(u: v128, at: usize): v128 {
  const quarters = f64x2.mul(u, c(TRIG, 19));
  const shifted = f64x2.add(quarters, c(TRIG, 1));
  const y = f64x2.mul(f64x2.sub(quarters, f64x2.sub(shifted, c(TRIG, 1))), c(ACOS, 12));
  const zero = f64x2.splat(0);
  const sine = sineKernel(y, zero);
  const cosine = cosineKernel(y, zero);
  v128.store(at, inQuadrant(shifted, sine, cosine));
  return inQuadrant(i64x2.add(shifted, i64x2.splat(1)), sine, cosine);
}

/**
 * The angle in [0, π] that has the cosine x, given `z`: x² where |x| < ½, else (1 − |x|)/2, which a
 * caller who knows the sine can compute without cancellation.
 */
@inline
export function angle64(x: v128, z: v128): v128 {
  let p = step(z, c(ACOS, 0), c(ACOS, 1));
  p = step(z, p, c(ACOS, 2));
  p = step(z, p, c(ACOS, 3));
  p = step(z, p, c(ACOS, 4));
  p = step(z, p, c(ACOS, 5));
  let q = step(z, c(ACOS, 6), c(ACOS, 7));
  q = step(z, q, c(ACOS, 8));
  q = step(z, q, c(ACOS, 9));
  q = step(z, q, c(ACOS, 10));
  const ratio = f64x2.div(f64x2.mul(z, p), q);
  const near = f64x2.lt(f64x2.abs(x), c(ACOS, 11));
  const base = v128.bitselect(x, f64x2.sqrt(z), near);
  const arc = f64x2.add(base, f64x2.mul(base, ratio));
  const twice = f64x2.add(arc, arc);
  const far = v128.bitselect(f64x2.sub(c(ACOS, 13), twice), twice, f64x2.lt(x, f64x2.splat(0)));
  return v128.bitselect(f64x2.sub(c(ACOS, 12), arc), far, near);
}

/** arccos x, |x| ≤ 1. */
@inline
export function acos64(x: v128): v128 {
  const size = f64x2.abs(x);
  const near = f64x2.lt(size, c(ACOS, 11));
  const complement = f64x2.mul(f64x2.sub(c(ACOS, 10), size), c(ACOS, 11));
  return angle64(x, v128.bitselect(f64x2.mul(x, x), complement, near));
}
