import { acos64, angle64, artanhRatio64, exp64, log64, logQuotient64 } from './doubles';
import { acos32, angle32, artanhRatio32, exp32, log32, logQuotient32 } from './floats';

/** ln x of positive normal numbers. */
@inline
export function log<T>(x: v128): v128 {
  return sizeof<T>() === 8 ? log64(x) : log32(x);
}

/** See `logQuotient64`. */
@inline
export function logQuotient<T>(a: v128, b: v128, at: usize): v128 {
  return sizeof<T>() === 8 ? logQuotient64(a, b, at) : logQuotient32(a, b, at);
}

/** eˣ, of arguments below the range that of its lower end. */
@inline
export function exp<T>(x: v128): v128 {
  return sizeof<T>() === 8 ? exp64(x) : exp32(x);
}

/** arccos x. */
@inline
export function acos<T>(x: v128): v128 {
  return sizeof<T>() === 8 ? acos64(x) : acos32(x);
}

/** See `angle64`. */
@inline
export function angle<T>(x: v128, z: v128): v128 {
  return sizeof<T>() === 8 ? angle64(x, z) : angle32(x, z);
}

/** See `artanhRatio64`. */
@inline
export function artanhRatio<T>(z: v128): v128 {
  return sizeof<T>() === 8 ? artanhRatio64(z) : artanhRatio32(z);
}
