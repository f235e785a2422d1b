import * as tf from '@tensorflow/tfjs-core';
import type { Bijector } from './bijector.ts';
import { checkInteger } from './checkInteger.ts';

/**
 * A trainable factor for every coordinate, starting at 1:
 *
 *     xᵢ = zᵢ · exp kᵢ,   log |det ∂x/∂z| = Σ kᵢ
 *
 * Dinh, Krueger & Bengio, ICLR 2015, arXiv:1410.8516, §3.3. @throws {RangeError} for a bad `dim`.
 */
export function scaling(dim: number): Bijector {
  checkInteger('dim', dim, 1);
  return {
    name: `scaling(dim=${dim})`,
    dim,
    parameters: [{ name: 'logScale', shape: [dim] }],
    architecture: { kind: 'scaling', dim },
    initial: () => [new Float32Array(dim)],
    forward(z, [k]) {
      return { value: tf.mul(z, tf.exp(k)), logDet: tf.add(tf.zeros([z.shape[0]]), tf.sum(k)) };
    },
    inverse(x, [k]) {
      const minus = tf.neg(k);
      return {
        value: tf.mul(x, tf.exp(minus)),
        logDet: tf.add(tf.zeros([x.shape[0]]), tf.sum(minus)),
      };
    },
    exact([k]) {
      const factors = Float64Array.from(k, Math.exp);
      const logDetForward = Float64Array.from(k).reduce((sum, value) => sum + value, 0);
      return {
        forward(x, logDet) {
          for (let i = 0; i < x.length; i++) x[i] *= factors[i % dim];
          for (let b = 0; b < logDet.length; b++) logDet[b] += logDetForward;
        },
        inverse(x, logDet) {
          for (let i = 0; i < x.length; i++) x[i] /= factors[i % dim];
          for (let b = 0; b < logDet.length; b++) logDet[b] -= logDetForward;
        },
      };
    },
  };
}
