import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { BasinSample } from './sampleBasin.ts';

/** Variances below this share of the largest are rounding, not spread. */
const smallestVariance = 1e-10;

/**
 * The direction of the largest variance over all samples, `[D]`, of length 1: the first principal
 * component of the covariance C₀.
 */
export function principalDirection(samples: readonly BasinSample[]): Float64Array {
  const { vectors } = eigen(covariance(samples, 0));
  return upright(vectors[0]);
}

/**
 * The direction along which configurations change most slowly, `[D]`, of length 1: the first
 * component of TICA, with a lag of one frame.
 *
 *     C(τ) v = λ C(0) v,   C(τ) = ½ ⟨x(t) x(t + τ)ᵀ + x(t + τ) x(t)ᵀ⟩
 *
 * The mean is that of all samples together, so that what separates the basins, which no short
 * trajectory leaves, is slowest of all.
 * Pérez-Hernández et al., J. Chem. Phys. 139, 015102, 2013. doi:10.1063/1.4811489
 */
export function slowestDirection(samples: readonly BasinSample[]): Float64Array {
  const { values, vectors } = eigen(covariance(samples, 0));
  const kept = vectors.filter((_, k) => values[k] > smallestVariance * values[0]);
  // C(0)^(−½) makes the generalised problem an ordinary one.
  const whitening = new Matrix(
    kept.map((vector, k) => Array.from(vector, (v) => v / Math.sqrt(values[k]))),
  );
  const lagged = covariance(samples, 1);
  const slow = eigen(whitening.mmul(lagged).mmul(whitening.transpose())).vectors[0];
  return upright(
    Float64Array.from(
      whitening
        .transpose()
        .mmul(Matrix.columnVector([...slow]))
        .getColumn(0),
    ),
  );
}

/** ⟨(x(t) − μ)(x(t + lag) − μ)ᵀ⟩ over all samples, made symmetric, `[D, D]`. */
function covariance(samples: readonly BasinSample[], lag: number): Matrix {
  const { dim } = samples[0].x;
  const mean = new Float64Array(dim);
  let total = 0;
  for (const { x } of samples) {
    for (let i = 0; i < x.data.length; i++) mean[i % dim] += x.data[i];
    total += x.count;
  }
  for (let i = 0; i < dim; i++) mean[i] /= total;
  const sums = Matrix.zeros(dim, dim);
  let pairs = 0;
  for (const { x, frames } of samples) {
    for (let b = 0; b < x.count; b++) {
      if (b % frames >= frames - lag) continue;
      pairs++;
      for (let i = 0; i < dim; i++) {
        const left = x.data[b * dim + i] - mean[i];
        for (let j = 0; j < dim; j++) {
          const right = x.data[(b + lag) * dim + j] - mean[j];
          sums.set(i, j, sums.get(i, j) + left * right);
        }
      }
    }
  }
  return sums
    .clone()
    .add(sums.transpose())
    .mul(0.5 / pairs);
}

/** Eigenvalues of a symmetric matrix, largest first, with their vectors. */
function eigen(matrix: Matrix): { readonly values: number[]; readonly vectors: Float64Array[] } {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  const order = realEigenvalues
    .map((_, i) => i)
    .sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  return {
    values: order.map((i) => realEigenvalues[i]),
    vectors: order.map((i) => Float64Array.from(eigenvectorMatrix.getColumn(i))),
  };
}

/** Of length 1, the largest component positive: equal data give equal directions. */
function upright(vector: Float64Array): Float64Array {
  const length = Math.hypot(...vector);
  const largest = vector.reduce((a, v) => (Math.abs(v) > Math.abs(a) ? v : a), 0);
  return vector.map((v) => v / (largest < 0 ? -length : length));
}
