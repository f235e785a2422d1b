import * as tf from '@tensorflow/tfjs-core';

const doubles = new WeakMap<object, readonly number[]>();

/**
 * A tensor of fixed numbers that are part of a bijector's architecture.
 *
 * tfjs rounds them to float32 at once; `exactValues` still knows them in full, for a tier that
 * evaluates the same code in double precision. Disposed of by the caller's `tf.tidy`.
 */
export function constant(values: readonly number[], rows: number, columns: number): tf.Tensor2D {
  const tensor = tf.tensor2d(Float32Array.from(values), [rows, columns]);
  doubles.set(tensor.dataId, values);
  return tensor;
}

/** The float64 numbers, row-major, behind a tensor made by `constant`; undefined for any other. */
export function exactValues(tensor: Pick<tf.TensorInfo, 'dataId'>): readonly number[] | undefined {
  return doubles.get(tensor.dataId);
}
