import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Batch } from '../core/batch.ts';
import type { Bijector } from './bijector.ts';
import { whitening } from './whitening.ts';

/** Variances below this share of the largest are rounding, not spread. */
const SMALLEST_VARIANCE = 1e-14;

/**
 * The whitening of `data` by principal components, all of them kept: latent coordinate i has mean 0
 * and variance 1 over the data, with the covariance taken over N − 1. Axes come in the order of falling
 * variance; the largest component of each is positive, so that equal data give equal axes.
 *
 * @throws {RangeError} where some direction has no spread, as with fewer than D + 1 configurations.
 */
export function whiten(data: Batch): Bijector {
  const { count, dim } = data;
  if (count <= dim) {
    throw new RangeError(
      `whiten: "data" expected more than ${dim} configurations of ${dim} coordinates, got ${count}`,
    );
  }
  const mean = new Float64Array(dim);
  for (let i = 0; i < data.data.length; i++) mean[i % dim] += data.data[i] / count;
  const covariance = Matrix.zeros(dim, dim);
  for (let b = 0; b < count; b++) {
    for (let i = 0; i < dim; i++) {
      const left = (data.data[b * dim + i] - mean[i]) / (count - 1);
      for (let j = 0; j <= i; j++) {
        const right = data.data[b * dim + j] - mean[j];
        covariance.set(i, j, covariance.get(i, j) + left * right);
      }
    }
  }
  for (let i = 0; i < dim; i++) {
    for (let j = 0; j < i; j++) covariance.set(j, i, covariance.get(i, j));
  }

  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, {
    assumeSymmetric: true,
  });
  const order = realEigenvalues
    .map((_, i) => i)
    .sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  const largest = realEigenvalues[order[0]];
  const smallest = realEigenvalues[order[dim - 1]];
  if (!(smallest > SMALLEST_VARIANCE * largest)) {
    throw new RangeError(
      `whiten: "data" expected spread in every direction, got variances from ${smallest} to ${largest}; ` +
        'coordinates that never change must be left out of the flow',
    );
  }
  return whitening({
    mean: Array.from(mean),
    axes: order.map((i) => upright(eigenvectorMatrix.getColumn(i))),
    scales: order.map((i) => Math.sqrt(realEigenvalues[i])),
  });
}

/** The axis or its opposite, whichever has a positive largest component. */
function upright(axis: readonly number[]): number[] {
  const largest = axis.reduce(
    (best, value) => (Math.abs(value) > Math.abs(best) ? value : best),
    0,
  );
  return axis.map((value) => (largest < 0 ? -value : value));
}
