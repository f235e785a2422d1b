import { Matrix, SingularValueDecomposition } from 'ml-matrix';

/**
 * `x` moved and turned, without mirroring, so that the chosen atoms lie as close to those of `reference`
 * as they can, `[3N]`:
 *
 *     R = argmin Σₐ |R (xₐ − x̄) − (rₐ − r̄)|²,   x' = R (x − x̄) + r̄
 *
 * with x̄ and r̄ the means of the chosen atoms, in the unit of the two.
 * Kabsch, Acta Cryst. A32, 922 (1976); the case of a mirror image as in A34, 827 (1978).
 */
export function superpose(
  reference: Float64Array,
  x: Float64Array,
  chosen: readonly number[],
): Float64Array {
  const [from, to] = [centre(x, chosen), centre(reference, chosen)];
  const covariance = Matrix.zeros(3, 3);
  for (const atom of chosen) {
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        const product = (x[3 * atom + i] - from[i]) * (reference[3 * atom + j] - to[j]);
        covariance.set(i, j, covariance.get(i, j) + product);
      }
    }
  }
  const svd = new SingularValueDecomposition(covariance);
  const [u, v] = [svd.leftSingularVectors, svd.rightSingularVectors];
  // The smallest direction takes the blame where the best fit would be a mirror image.
  if (determinant(u) * determinant(v) < 0) v.mulColumn(2, -1);
  return moved(x, from, v.mmul(u.transpose()), to);
}

/**
 * `x` about the mean of the chosen atoms, turned until their longest extent is along the first axis and
 * their shortest along the third, `[3N]`: the side from which a molecule hides least of itself.
 */
export function alongOwnAxes(x: Float64Array, chosen: readonly number[]): Float64Array {
  const mean = centre(x, chosen);
  const rows = chosen.map((atom) => [0, 1, 2].map((i) => x[3 * atom + i] - mean[i]));
  const spread = new Matrix(rows);
  const axes = new SingularValueDecomposition(spread.transpose().mmul(spread)).leftSingularVectors;
  // Directions have no sign of their own; this one makes the picture of a molecule reproducible.
  for (const column of [0, 1]) {
    const own = axes.getColumn(column);
    const largest = own.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
    if (largest < 0) axes.mulColumn(column, -1);
  }
  if (determinant(axes) < 0) axes.mulColumn(2, -1);
  return moved(x, mean, axes.transpose(), [0, 0, 0]);
}

type Vector = readonly [number, number, number];

function centre(x: Float64Array, chosen: readonly number[]): Vector {
  const mean = (i: number): number =>
    chosen.reduce((sum, atom) => sum + x[3 * atom + i], 0) / chosen.length;
  return [mean(0), mean(1), mean(2)];
}

/** R (x − from) + to, atom by atom. */
function moved(x: Float64Array, from: Vector, rotation: Matrix, to: Vector): Float64Array {
  const out = new Float64Array(x.length);
  for (let at = 0; at < x.length; at += 3) {
    for (let i = 0; i < 3; i++) {
      out[at + i] = to[i];
      for (let j = 0; j < 3; j++) out[at + i] += rotation.get(i, j) * (x[at + j] - from[j]);
    }
  }
  return out;
}

function determinant(m: Matrix): number {
  const at = (i: number, j: number): number => m.get(i, j);
  return (
    at(0, 0) * (at(1, 1) * at(2, 2) - at(1, 2) * at(2, 1)) -
    at(0, 1) * (at(1, 0) * at(2, 2) - at(1, 2) * at(2, 0)) +
    at(0, 2) * (at(1, 0) * at(2, 1) - at(1, 1) * at(2, 0))
  );
}
