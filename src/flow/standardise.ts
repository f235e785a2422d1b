import type { Batch } from '../core/batch.ts';
import type { Bijector } from './bijector.ts';
import { whitening } from './whitening.ts';

/**
 * The whitening of `data` that leaves coordinates as they are but for their mean and scale, or takes
 * directions of one's own: latent coordinate i has mean 0 and variance 1 over the data, the covariance
 * taken over N − 1. Directions come in the order given, which is the order of an autoregressive flow.
 *
 * @param axes orthonormal directions, `[D][D]`, one a row; the coordinates themselves unless given.
 * @throws {RangeError} where a direction has no spread, or the axes are not orthonormal.
 */
export function standardise(data: Batch, axes?: readonly (readonly number[])[]): Bijector {
  const { count, dim } = data;
  const rows = axes ?? identity(dim);
  const mean = new Float64Array(dim);
  for (let i = 0; i < data.data.length; i++) mean[i % dim] += data.data[i] / count;
  const scales = rows.map((axis, n) => {
    // A coordinate axis has one entry that counts.
    const entries = axis.flatMap((value, d) => (value === 0 ? [] : [[d, value] as const]));
    let square = 0;
    for (let b = 0; b < count; b++) {
      let along = 0;
      for (const [d, value] of entries) along += value * (data.data[b * dim + d] - mean[d]);
      square += along * along;
    }
    const variance = square / (count - 1);
    if (!(variance > 0)) {
      throw new RangeError(
        `standardise: "data" expected spread along direction ${n}, got a variance of ${variance}; ` +
          'coordinates that never change must be left out of the flow',
      );
    }
    return Math.sqrt(variance);
  });
  return whitening({ mean: Array.from(mean), axes: rows, scales });
}

function identity(dim: number): number[][] {
  return Array.from({ length: dim }, (_, i) =>
    Array.from({ length: dim }, (_unused, j) => (i === j ? 1 : 0)),
  );
}
