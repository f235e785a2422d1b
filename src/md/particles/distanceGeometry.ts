import { distanceFrames } from './distanceFrames.ts';
import type { TermGeometry } from './termGeometry.ts';

/**
 * Squared distances of pairs of particles, in 2 or 3 dimensions.
 *
 *     s = |rᵢ − rⱼ|²,   ∂U/∂rᵢ = 2 ∂u/∂s (rᵢ − rⱼ) = −∂U/∂rⱼ
 *
 * The square, because most energies need no root. Where two particles coincide a pair has no direction,
 * and adds nothing to the gradient. Sorted by their first particle, pairs are fastest.
 */
export function distanceGeometry(
  role: string,
  pairs: readonly (readonly number[])[],
  dimensions: 2 | 3,
): TermGeometry {
  const terms = pairs.length;
  const first = Int32Array.from(pairs, ([i]) => i * dimensions);
  const second = Int32Array.from(pairs, ([, j]) => j * dimensions);
  return {
    variables: 1,
    terms,
    measure(x, offset, values) {
      for (let t = 0; t < terms; t++) {
        let square = 0;
        for (let k = 0; k < dimensions; k++) {
          const difference = x[offset + first[t] + k] - x[offset + second[t] + k];
          square += difference * difference;
        }
        values[t] = square;
      }
    },
    scatter(x, offset, values, slopes, gradient) {
      for (let t = 0; t < terms; t++) {
        const i = offset + first[t];
        const j = offset + second[t];
        const factor = values[t] === 0 ? 0 : 2 * slopes[t];
        for (let k = 0; k < dimensions; k++) {
          const change = factor * (x[i + k] - x[j + k]);
          gradient[i + k] += change;
          gradient[j + k] -= change;
        }
      }
    },
    frames: distanceFrames(first, second, dimensions),
    describe: (t) => `${role} ${pairs[t].join('–')}`,
    describeValues: (values, t) => `r = ${Math.sqrt(values[t])}`,
  };
}
