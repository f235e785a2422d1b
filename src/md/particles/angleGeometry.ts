import type { TermGeometry } from './termGeometry.ts';

/**
 * Angles at the middle one of three particles, in 2 or 3 dimensions, 0 to π.
 *
 *     θ = atan2(|a × b|, a·b),   a = r₁ − r₂,  b = r₃ − r₂
 *     ∂θ/∂r₁ = (cos θ â − b̂) / (|a| sin θ),   ∂θ/∂r₃ alike,   ∂θ/∂r₂ = −∂θ/∂r₁ − ∂θ/∂r₃
 *
 * The arctangent keeps its digits near 0 and π, where the arccosine has none. On a straight line the
 * angle has no gradient, and the term adds none.
 */
export function angleGeometry(
  angles: readonly (readonly number[])[],
  dimensions: 2 | 3,
): TermGeometry {
  const terms = angles.length;
  const atoms = Int32Array.from(angles.flat(), (atom) => atom * dimensions);
  const a = new Float64Array(3);
  const b = new Float64Array(3);

  /** Sets a and b to the arms of a term, and returns |a × b|. */
  function arms(x: Float64Array, offset: number, t: number): number {
    const middle = offset + atoms[3 * t + 1];
    for (let k = 0; k < dimensions; k++) {
      a[k] = x[offset + atoms[3 * t] + k] - x[middle + k];
      b[k] = x[offset + atoms[3 * t + 2] + k] - x[middle + k];
    }
    const cx = a[1] * b[2] - a[2] * b[1];
    const cy = a[2] * b[0] - a[0] * b[2];
    const cz = a[0] * b[1] - a[1] * b[0];
    return Math.sqrt(cx * cx + cy * cy + cz * cz);
  }

  return {
    variables: 1,
    terms,
    measure(x, offset, values) {
      for (let t = 0; t < terms; t++) {
        const cross = arms(x, offset, t);
        values[t] = Math.atan2(cross, dot(a, b));
      }
    },
    scatter(x, offset, _values, slopes, gradient) {
      for (let t = 0; t < terms; t++) {
        const cross = arms(x, offset, t);
        if (cross === 0) continue;
        const along = dot(a, b) / cross;
        // |a| |b| sin θ = |a × b|, so that no angle is needed here.
        const perA = (slopes[t] * along) / dot(a, a);
        const perB = (slopes[t] * along) / dot(b, b);
        const mixed = slopes[t] / cross;
        const i = offset + atoms[3 * t];
        const j = offset + atoms[3 * t + 1];
        const k = offset + atoms[3 * t + 2];
        for (let d = 0; d < dimensions; d++) {
          const atFirst = perA * a[d] - mixed * b[d];
          const atLast = perB * b[d] - mixed * a[d];
          gradient[i + d] += atFirst;
          gradient[k + d] += atLast;
          gradient[j + d] -= atFirst + atLast;
        }
      }
    },
    describe: (t) => `angle ${angles[t].join('–')}`,
    describeValues: (values, t) => `theta = ${values[t]}`,
  };
}

function dot(u: Float64Array, v: Float64Array): number {
  return u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
}
