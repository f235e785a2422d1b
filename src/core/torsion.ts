import type { CollectiveVariable } from './collectiveVariable.ts';

/** Four atoms i–j–k–l of a molecule, numbered from 0. */
export type TorsionAtoms = readonly [number, number, number, number];

/**
 * The torsion angle φ of four atoms of a configuration `[3N]` that begins at `x[offset]`: radians, in
 * (−π, π]; cis is 0, trans is π, and clockwise is positive (IUPAC).
 *
 *     b₁ = rⱼ − rᵢ,  b₂ = rₖ − rⱼ,  b₃ = rₗ − rₖ,  m = b₁ × b₂,  n = b₂ × b₃
 *     φ = atan2(|b₂| b₁·n, m·n)
 */
export function torsionAngle(x: Float64Array, atoms: TorsionAtoms, offset = 0): number {
  const { b1, b2, m, n } = vectorsOf(x, atoms, offset);
  return Math.atan2(Math.sqrt(dot(b2, b2)) * dot(b1, n), dot(m, n));
}

/**
 * ∂φ/∂x of the four atoms, `[12]`, rad/nm; NaN where three of them are in a line.
 *
 *     ∂φ/∂rᵢ = −|b₂| m/m²,  ∂φ/∂rₗ = |b₂| n/n²
 *
 * and those of the inner two by invariance under shift and rotation (Blondel and Karplus,
 * J. Comput. Chem. 17, 1132, 1996), which has no singularity at φ = 0 and π.
 */
export function torsionGradient(x: Float64Array, atoms: TorsionAtoms, offset = 0): Float64Array {
  const { b1, b2, b3, m, n } = vectorsOf(x, atoms, offset);
  const length = Math.sqrt(dot(b2, b2));
  const gradient = new Float64Array(12);
  const [first, last] = [-length / dot(m, m), length / dot(n, n)];
  const [p, q] = [dot(b1, b2) / length ** 2, dot(b3, b2) / length ** 2];
  for (let axis = 0; axis < 3; axis++) {
    const [outer, other] = [first * m[axis], last * n[axis]];
    gradient[axis] = outer;
    gradient[3 + axis] = -(1 + p) * outer + q * other;
    gradient[6 + axis] = p * outer - (1 + q) * other;
    gradient[9 + axis] = other;
  }
  return gradient;
}

/**
 * φ, a torsion angle of a molecule, radians in (−π, π], of period 2π. `torsion('phi', [4, 6, 8, 14])`.
 *
 * A three-dimensional configuration is `[3N]`, atom by atom; atoms are numbered from 0.
 * @throws {RangeError} unless `atoms` are four different ones.
 */
export function torsion(name: string, atoms: TorsionAtoms): CollectiveVariable {
  if (
    new Set(atoms).size !== 4 ||
    !atoms.every((atom) => Number.isSafeInteger(atom) && atom >= 0)
  ) {
    throw new RangeError(
      `torsion "${name}": expected four different atoms, got ${atoms.join(', ')}`,
    );
  }
  return {
    name,
    period: 2 * Math.PI,
    value(x) {
      return Float64Array.from({ length: x.count }, (_, b) => {
        return torsionAngle(x.data, atoms, b * x.dim);
      });
    },
    gradient(x) {
      const out = new Float64Array(x.data.length);
      for (let b = 0; b < x.count; b++) {
        const gradient = torsionGradient(x.data, atoms, b * x.dim);
        atoms.forEach((atom, place) => {
          out.set(gradient.subarray(3 * place, 3 * place + 3), b * x.dim + 3 * atom);
        });
      }
      return out;
    },
  };
}

type Vector = readonly [number, number, number];

function vectorsOf(x: Float64Array, [i, j, k, l]: TorsionAtoms, offset: number) {
  const between = (from: number, to: number): Vector => {
    const [a, b] = [offset + 3 * from, offset + 3 * to];
    return [x[b] - x[a], x[b + 1] - x[a + 1], x[b + 2] - x[a + 2]];
  };
  const [b1, b2, b3] = [between(i, j), between(j, k), between(k, l)];
  return { b1, b2, b3, m: cross(b1, b2), n: cross(b2, b3) };
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
