import { cos64, sin64 } from './doubles';
import { acos, exp, log } from './math';

/** The lane functions over rows of numbers, in place: `bytes` is a multiple of 16. For their tests. */
export function expRow64(x: usize, bytes: usize): void {
  for (const end = x + bytes; x < end; x += 16) v128.store(x, exp<f64>(v128.load(x)));
}

export function logRow64(x: usize, bytes: usize): void {
  for (const end = x + bytes; x < end; x += 16) v128.store(x, log<f64>(v128.load(x)));
}

export function acosRow64(x: usize, bytes: usize): void {
  for (const end = x + bytes; x < end; x += 16) v128.store(x, acos<f64>(v128.load(x)));
}

export function sinRow64(x: usize, bytes: usize): void {
  for (const end = x + bytes; x < end; x += 16) v128.store(x, sin64(v128.load(x)));
}

export function cosRow64(x: usize, bytes: usize): void {
  for (const end = x + bytes; x < end; x += 16) v128.store(x, cos64(v128.load(x)));
}

export function expRow32(x: usize, bytes: usize): void {
  for (const end = x + bytes; x < end; x += 16) v128.store(x, exp<f32>(v128.load(x)));
}

export function logRow32(x: usize, bytes: usize): void {
  for (const end = x + bytes; x < end; x += 16) v128.store(x, log<f32>(v128.load(x)));
}

export function acosRow32(x: usize, bytes: usize): void {
  for (const end = x + bytes; x < end; x += 16) v128.store(x, acos<f32>(v128.load(x)));
}
