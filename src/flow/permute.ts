import * as tf from '@tensorflow/tfjs-core';
import type { Bijector } from './bijector.ts';
import { constant } from './constant.ts';

/**
 * Another order of the coordinates: xᵢ = z_order[i], log det = 0.
 *
 * @throws {RangeError} unless `order` holds each of 0 … D − 1 once.
 */
export function permute(order: readonly number[]): Bijector {
  const dim = order.length;
  const seen = new Set(order.filter((i) => Number.isInteger(i) && i >= 0 && i < dim));
  if (dim === 0 || seen.size !== dim) {
    throw new RangeError(
      `"order" expected each of 0 … ${dim - 1} once, got [${order.slice(0, 12).join(', ')}${dim > 12 ? ', …' : ''}]`,
    );
  }
  // Row j, column i is 1 where xᵢ = zⱼ.
  const entries = new Array<number>(dim * dim).fill(0);
  order.forEach((from, i) => {
    entries[from * dim + i] = 1;
  });

  return {
    name: `permute(dim=${dim})`,
    dim,
    parameters: [],
    architecture: { kind: 'permute', order },
    initial: () => [],
    forward: (z) => ({
      value: tf.matMul(z, constant(entries, dim, dim)),
      logDet: tf.zeros([z.shape[0]]),
    }),
    inverse: (x) => ({
      value: tf.matMul(x, constant(entries, dim, dim), false, true),
      logDet: tf.zeros([x.shape[0]]),
    }),
    exact() {
      const row = new Float64Array(dim);
      return {
        forward(x) {
          for (let start = 0; start < x.length; start += dim) {
            for (let i = 0; i < dim; i++) row[i] = x[start + order[i]];
            x.set(row, start);
          }
        },
        inverse(x) {
          for (let start = 0; start < x.length; start += dim) {
            for (let i = 0; i < dim; i++) row[order[i]] = x[start + i];
            x.set(row, start);
          }
        },
      };
    },
  };
}
