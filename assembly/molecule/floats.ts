import { ACOS_FLOAT, BITS_FLOAT, EXP_FLOAT, LOG_FLOAT } from './constants';

@inline
function c(table: usize, index: usize): v128 {
  return v128.load32_splat(table + index * 4);
}

@inline
function step(x: v128, sum: v128, coefficient: v128): v128 {
  return f32x4.add(coefficient, f32x4.mul(x, sum));
}

/** ln x of positive normal floats; of others it is not defined. */
@inline
export function log32(x: v128): v128 {
  const bits = i32x4.sub(x, v128.load(BITS_FLOAT));
  const exponent = v128.and(bits, v128.load(BITS_FLOAT, 16));
  const k = f32x4.convert_i32x4_s(i32x4.shr_s(bits, 23));
  const f = f32x4.sub(i32x4.sub(x, exponent), c(LOG_FLOAT, 0));
  const s = f32x4.div(f, f32x4.add(c(LOG_FLOAT, 1), f));
  const z = f32x4.mul(s, s);
  const w = f32x4.mul(z, z);
  const even = f32x4.mul(w, step(w, c(LOG_FLOAT, 3), c(LOG_FLOAT, 4)));
  const odd = f32x4.mul(z, step(w, c(LOG_FLOAT, 5), c(LOG_FLOAT, 6)));
  const half = f32x4.mul(f32x4.mul(c(LOG_FLOAT, 2), f), f);
  const tail = f32x4.mul(s, f32x4.add(half, f32x4.add(odd, even)));
  const low = f32x4.add(tail, f32x4.mul(k, c(LOG_FLOAT, 8)));
  return f32x4.add(f32x4.add(f32x4.sub(low, half), f), f32x4.mul(k, c(LOG_FLOAT, 7)));
}

/** As `logQuotient64`, of floats. */
@inline
export function logQuotient32(a: v128, b: v128, at: usize): v128 {
  const shift = v128.and(
    i32x4.add(i32x4.sub(a, b), v128.load(BITS_FLOAT, 32)),
    v128.load(BITS_FLOAT, 16),
  );
  const scaled = i32x4.sub(a, shift);
  const k = f32x4.convert_i32x4_s(i32x4.shr_s(shift, 23));
  const sum = f32x4.add(scaled, b);
  const product = f32x4.mul(a, b);
  const inverse = f32x4.div(c(EXP_FLOAT, 9), f32x4.mul(product, sum));
  const perProduct = f32x4.mul(sum, inverse);
  v128.store(at, f32x4.mul(b, perProduct));
  v128.store(at, f32x4.mul(a, perProduct), 16);
  const s = f32x4.mul(f32x4.sub(scaled, b), f32x4.mul(product, inverse));
  const z = f32x4.mul(s, s);
  const w = f32x4.mul(z, z);
  const even = f32x4.mul(w, step(w, c(LOG_FLOAT, 3), c(LOG_FLOAT, 4)));
  const odd = f32x4.mul(z, step(w, c(LOG_FLOAT, 5), c(LOG_FLOAT, 6)));
  const tail = step(k, c(LOG_FLOAT, 8), f32x4.mul(s, f32x4.add(odd, even)));
  return f32x4.add(f32x4.mul(k, c(LOG_FLOAT, 7)), f32x4.add(f32x4.add(s, s), tail));
}

/** As `artanhRatio64`, of floats. */
@inline
export function artanhRatio32(z: v128): v128 {
  const w = f32x4.mul(z, z);
  const even = f32x4.mul(w, step(w, c(LOG_FLOAT, 3), c(LOG_FLOAT, 4)));
  const odd = f32x4.mul(z, step(w, c(LOG_FLOAT, 5), c(LOG_FLOAT, 6)));
  return step(c(LOG_FLOAT, 2), f32x4.add(odd, even), c(LOG_FLOAT, 0));
}

/** eˣ of floats; x is held to −87 … 88; not-a-number stays. */
@inline
export function exp32(argument: v128): v128 {
  const x = f32x4.pmin(f32x4.pmax(argument, c(EXP_FLOAT, 0)), c(EXP_FLOAT, 1));
  const shifted = f32x4.add(f32x4.mul(x, c(EXP_FLOAT, 2)), c(EXP_FLOAT, 3));
  const n = f32x4.sub(shifted, c(EXP_FLOAT, 3));
  const high = f32x4.sub(x, f32x4.mul(n, c(EXP_FLOAT, 4)));
  const low = f32x4.mul(n, c(EXP_FLOAT, 5));
  const r = f32x4.sub(high, low);
  const z = f32x4.mul(r, r);
  const q = f32x4.sub(r, f32x4.mul(z, step(z, c(EXP_FLOAT, 6), c(EXP_FLOAT, 7))));
  const quotient = f32x4.div(f32x4.mul(r, q), f32x4.sub(c(EXP_FLOAT, 8), q));
  const value = f32x4.add(c(EXP_FLOAT, 9), f32x4.add(f32x4.sub(quotient, low), high));
  return i32x4.add(value, i32x4.shl(shifted, 23));
}

/** As `angle64`, of floats. */
@inline
export function angle32(x: v128, z: v128): v128 {
  const p = step(z, step(z, c(ACOS_FLOAT, 0), c(ACOS_FLOAT, 1)), c(ACOS_FLOAT, 2));
  const q = step(z, c(ACOS_FLOAT, 3), c(ACOS_FLOAT, 4));
  const ratio = f32x4.div(f32x4.mul(z, p), q);
  const near = f32x4.lt(f32x4.abs(x), c(ACOS_FLOAT, 5));
  const base = v128.bitselect(x, f32x4.sqrt(z), near);
  const arc = f32x4.add(base, f32x4.mul(base, ratio));
  const twice = f32x4.add(arc, arc);
  const far = v128.bitselect(
    f32x4.sub(c(ACOS_FLOAT, 7), twice),
    twice,
    f32x4.lt(x, f32x4.splat(0)),
  );
  return v128.bitselect(f32x4.sub(c(ACOS_FLOAT, 6), arc), far, near);
}

/** arccos of floats, |x| ≤ 1. */
@inline
export function acos32(x: v128): v128 {
  const size = f32x4.abs(x);
  const near = f32x4.lt(size, c(ACOS_FLOAT, 5));
  const complement = f32x4.mul(f32x4.sub(c(ACOS_FLOAT, 4), size), c(ACOS_FLOAT, 5));
  return angle32(x, v128.bitselect(f32x4.mul(x, x), complement, near));
}
