/**
 * Vectors of one register, two doubles or four floats: the kernels are written once, over T, f64 or f32.
 *
 * Parameters are read from memory and spread over the lanes, because the compiler would build each
 * literal anew in every round of a loop.
 */

@inline
export function add<T>(a: v128, b: v128): v128 {
  return v128.add<T>(a, b);
}

@inline
export function sub<T>(a: v128, b: v128): v128 {
  return v128.sub<T>(a, b);
}

@inline
export function mul<T>(a: v128, b: v128): v128 {
  return v128.mul<T>(a, b);
}

@inline
export function div<T>(a: v128, b: v128): v128 {
  return v128.div<T>(a, b);
}

/** √a; the instruction itself, correctly rounded. */
@inline
export function root<T>(a: v128): v128 {
  return v128.sqrt<T>(a);
}

/** The larger; `b` where a is not a number. */
@inline
export function larger<T>(a: v128, b: v128): v128 {
  return v128.pmax<T>(b, a);
}

/** The numbers of `all` that are read from memory. */
const DOUBLES: usize = memory.data<f64>([0.125, 0.25, 0.5, 1, 2, 3, 4, 6, -2]);
const FLOATS: usize = memory.data<f32>([0.125, 0.25, 0.5, 1, 2, 3, 4, 6, -2]);

@inline
function stored<T>(index: usize): v128 {
  if (sizeof<T>() === 8) return v128.load64_splat(DOUBLES + 8 * index);
  return v128.load32_splat(FLOATS + 4 * index);
}

/** `value`, a literal, in all lanes. */
@inline
export function all<T>(value: f64): v128 {
  if (value === 0.125) return stored<T>(0);
  if (value === 0.25) return stored<T>(1);
  if (value === 0.5) return stored<T>(2);
  if (value === 1) return stored<T>(3);
  if (value === 2) return stored<T>(4);
  if (value === 3) return stored<T>(5);
  if (value === 4) return stored<T>(6);
  if (value === 6) return stored<T>(7);
  if (value === -2) return stored<T>(8);
  return v128.splat<T>(<T>value);
}

/** a·b + c, rounded twice. */
@inline
export function fma<T>(a: v128, b: v128, c: v128): v128 {
  return v128.add<T>(v128.mul<T>(a, b), c);
}

/** a² + b² + c². */
@inline
export function square<T>(a: v128, b: v128, c: v128): v128 {
  return fma<T>(c, c, fma<T>(b, b, mul<T>(a, a)));
}

/** The number at `address`, in all lanes. */
@inline
export function spread<T>(address: usize): v128 {
  return v128.load_splat<T>(address);
}

/** Sum of the lanes. */
@inline
export function sumOfLanes<T>(a: v128): f64 {
  if (sizeof<T>() === 8) return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
  return (
    <f64>f32x4.extract_lane(a, 0) +
    <f64>f32x4.extract_lane(a, 1) +
    (<f64>f32x4.extract_lane(a, 2) + <f64>f32x4.extract_lane(a, 3))
  );
}

/** Bytes of the lanes of one number of all chains of a block, or of one group of atoms. */
export const LANES: usize = 16;
/** Bytes of one atom: x, y and z of all lanes. */
export const ATOM: usize = 48;
