import * as tf from '@tensorflow/tfjs-core';
import { constant } from './constant.ts';

/** The two channels of a coupling as coordinate indices: every coordinate in exactly one of them. */
export type Split = readonly [readonly number[], readonly number[]];

/** Coordinates 0, 2, 4, … and 1, 3, 5, …: the channels of the paper. */
export function evenOdd(dim: number): Split {
  const all = Array.from({ length: dim }, (_, i) => i);
  return [all.filter((i) => i % 2 === 0), all.filter((i) => i % 2 === 1)];
}

/** @throws {RangeError} unless the two lists share out 0 … dim − 1 and neither is empty. */
export function checkSplit(split: Split, dim: number): void {
  const seen = new Uint8Array(dim);
  for (const index of split.flat()) {
    if (!Number.isInteger(index) || index < 0 || index >= dim || seen[index] === 1) {
      throw new RangeError(
        `"split" expected each coordinate of 0 … ${dim - 1} once, got ${index}` +
          (seen[index] === 1 ? ' twice' : ''),
      );
    }
    seen[index] = 1;
  }
  const missing = seen.indexOf(0);
  if (missing !== -1)
    throw new RangeError(`"split" expected every coordinate, got none for ${missing}`);
  if (split[0].length === 0 || split[1].length === 0) {
    throw new RangeError('"split" expected coordinates in both channels, got an empty one');
  }
}

/** Takes `[B, D]` apart into its channels and joins them again. */
export interface Channels {
  split(x: tf.Tensor2D): [tf.Tensor2D, tf.Tensor2D];
  join(first: tf.Tensor2D, second: tf.Tensor2D): tf.Tensor2D;
}

/**
 * Channels by multiplication with matrices of zeros and ones: exact, and with a gradient that is again
 * a product, where `gather` would need a scatter. Made inside the caller's `tf.tidy`.
 */
export function channels(split: Split, dim: number): Channels {
  const pick = split.map((indices) => {
    const matrix = new Array<number>(dim * indices.length).fill(0);
    indices.forEach((index, j) => {
      matrix[index * indices.length + j] = 1;
    });
    return constant(matrix, dim, indices.length);
  });
  return {
    split: (x) => [tf.matMul(x, pick[0]), tf.matMul(x, pick[1])],
    join: (first, second) =>
      tf.add(tf.matMul(first, pick[0], false, true), tf.matMul(second, pick[1], false, true)),
  };
}
