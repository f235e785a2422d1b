import * as tf from '@tensorflow/tfjs-core';
import { fold, normal, rootKey } from '../core/rng.ts';
import type { Bijector } from './bijector.ts';
import { constant } from './constant.ts';

/** Mean, axes and scales of the data that are whitened. */
export interface WhiteningOptions {
  /** The centre, `[D]`. */
  readonly mean: readonly number[];
  /** Orthonormal directions, `[D][D]`; row i belongs to latent coordinate i. */
  readonly axes: readonly (readonly number[])[];
  /** Standard deviations σ along the directions, `[D]`, positive. */
  readonly scales: readonly number[];
}

/**
 * A fixed affine map from uncorrelated coordinates of unit variance to configurations:
 *
 *     x = m + Σᵢ zᵢ σᵢ aᵢ,   zᵢ = aᵢ·(x − m)/σᵢ,   log |det ∂x/∂z| = Σ ln σᵢ
 *
 * It has no parameters; its numbers are part of the architecture, in float64.
 * `whiten` takes them from data. @throws {RangeError} where the axes are not orthonormal.
 */
export function whitening(options: WhiteningOptions): Bijector {
  const { mean, axes, scales } = options;
  const dim = mean.length;
  check(options);
  // Row i is σᵢ aᵢ for the way out; column i is aᵢ/σᵢ for the way back.
  const out = axes.flatMap((axis, i) => axis.map((value) => value * scales[i]));
  const back = mean.flatMap((_, j) => axes.map((axis, i) => axis[j] / scales[i]));
  const logDetForward = scales.reduce((sum, scale) => sum + Math.log(scale), 0);

  return {
    name: `whitening(dim=${dim})`,
    dim,
    parameters: [],
    architecture: { kind: 'whitening', mean, axes, scales },
    initial: () => [],
    forward: (z) => ({
      value: tf.add(tf.matMul(z, constant(out, dim, dim)), constant(mean, 1, dim)),
      logDet: tf.fill([z.shape[0]], logDetForward),
    }),
    inverse: (x) => ({
      value: tf.matMul(tf.sub<tf.Tensor2D>(x, constant(mean, 1, dim)), constant(back, dim, dim)),
      logDet: tf.fill([x.shape[0]], -logDetForward),
    }),
    exact() {
      const outward = Float64Array.from(out);
      const backward = Float64Array.from(back);
      const row = new Float64Array(dim);
      return {
        forward(x, logDet) {
          for (let b = 0; b < logDet.length; b++) {
            row.set(mean);
            for (let i = 0; i < dim; i++) {
              const z = x[b * dim + i];
              for (let j = 0; j < dim; j++) row[j] += z * outward[i * dim + j];
            }
            x.set(row, b * dim);
            logDet[b] += logDetForward;
          }
        },
        inverse(x, logDet) {
          for (let b = 0; b < logDet.length; b++) {
            row.fill(0);
            for (let j = 0; j < dim; j++) {
              const shifted = x[b * dim + j] - mean[j];
              for (let i = 0; i < dim; i++) row[i] += shifted * backward[j * dim + i];
            }
            x.set(row, b * dim);
            logDet[b] -= logDetForward;
          }
        },
      };
    },
  };
}

/** The largest deviation from AᵀA v = v that passes for rounding, relative to |v| ~ 1. */
const ORTHONORMAL = 1e-9;

function check({ mean, axes, scales }: WhiteningOptions): void {
  const dim = mean.length;
  if (dim === 0 || axes.length !== dim || scales.length !== dim) {
    throw new RangeError(
      `"axes" and "scales" expected ${dim} entries as in "mean", got ${axes.length} and ${scales.length}`,
    );
  }
  scales.forEach((scale, i) => {
    if (!(scale > 0 && Number.isFinite(scale))) {
      throw new RangeError(`"scales[${i}]" expected a positive number, got ${scale}`);
    }
  });
  const v = normal(fold(rootKey(0), 'orthonormality'), dim);
  const image = axes.map((axis, i) => {
    if (axis.length !== dim) {
      throw new RangeError(`"axes[${i}]" expected ${dim} numbers, got ${axis.length}`);
    }
    return axis.reduce((sum, value, j) => sum + value * v[j], 0);
  });
  // One random vector tells an orthonormal matrix from any other, without the cost of a product.
  for (let j = 0; j < dim; j++) {
    const again = axes.reduce((sum, axis, i) => sum + axis[j] * image[i], 0);
    if (!(Math.abs(again - v[j]) <= ORTHONORMAL)) {
      throw new RangeError('"axes" expected orthonormal directions, got others');
    }
  }
}
