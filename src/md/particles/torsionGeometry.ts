import type { TermGeometry } from './termGeometry.ts';

/**
 * Torsion angles of four particles in a chain, in 3 dimensions, −π to π; trans is ±π, cis is 0.
 *
 *     F = r₁ − r₂,  G = r₂ − r₃,  H = r₄ − r₃,  A = F × G,  B = H × G
 *     φ = atan2((B × A)·G/|G|, A·B)
 *     ∂φ/∂r₁ = −|G| A/A²,   ∂φ/∂r₄ = |G| B/B²,   the inner two by rigid-body motion
 *
 * Positive where the last bond, seen along the middle one, is turned clockwise from the first (IUPAC).
 * With three particles on a line the angle is undefined, and the term adds nothing to the gradient.
 * Blondel & Karplus, J. Comput. Chem. 17, 1132, 1996.
 */
export function torsionGeometry(torsions: readonly (readonly number[])[]): TermGeometry {
  const terms = torsions.length;
  const atoms = Int32Array.from(torsions.flat(), (atom) => 3 * atom);
  const f = new Float64Array(3);
  const g = new Float64Array(3);
  const h = new Float64Array(3);
  const a = new Float64Array(3);
  const b = new Float64Array(3);

  /** Sets the vectors of a term. */
  function place(x: Float64Array, offset: number, t: number): void {
    const i = offset + atoms[4 * t];
    const j = offset + atoms[4 * t + 1];
    const k = offset + atoms[4 * t + 2];
    const l = offset + atoms[4 * t + 3];
    for (let d = 0; d < 3; d++) {
      f[d] = x[i + d] - x[j + d];
      g[d] = x[j + d] - x[k + d];
      h[d] = x[l + d] - x[k + d];
    }
    cross(f, g, a);
    cross(h, g, b);
  }

  return {
    variables: 1,
    terms,
    measure(x, offset, values) {
      for (let t = 0; t < terms; t++) {
        place(x, offset, t);
        // (B × A)·G/|G| = |G| F·B, one product instead of three.
        values[t] = Math.atan2(-Math.sqrt(dot(g, g)) * dot(f, b), dot(a, b));
      }
    },
    scatter(x, offset, _values, slopes, gradient) {
      for (let t = 0; t < terms; t++) {
        place(x, offset, t);
        const squareA = dot(a, a);
        const squareB = dot(b, b);
        if (squareA === 0 || squareB === 0) continue;
        const squareG = dot(g, g);
        const length = Math.sqrt(squareG);
        const atFirst = (-slopes[t] * length) / squareA;
        const atLast = (slopes[t] * length) / squareB;
        const shareF = dot(f, g) / squareG;
        const shareH = dot(h, g) / squareG;
        const i = offset + atoms[4 * t];
        const j = offset + atoms[4 * t + 1];
        const k = offset + atoms[4 * t + 2];
        const l = offset + atoms[4 * t + 3];
        for (let d = 0; d < 3; d++) {
          const first = atFirst * a[d];
          const last = atLast * b[d];
          const inner = shareF * first + shareH * last;
          gradient[i + d] += first;
          gradient[l + d] += last;
          gradient[j + d] -= first + inner;
          gradient[k + d] += inner - last;
        }
      }
    },
    describe: (t) => `torsion ${torsions[t].join('–')}`,
    describeValues: (values, t) => `theta = ${values[t]}`,
  };
}

function dot(u: Float64Array, v: Float64Array): number {
  return u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
}

function cross(u: Float64Array, v: Float64Array, out: Float64Array): void {
  out[0] = u[1] * v[2] - u[2] * v[1];
  out[1] = u[2] * v[0] - u[0] * v[2];
  out[2] = u[0] * v[1] - u[1] * v[0];
}
