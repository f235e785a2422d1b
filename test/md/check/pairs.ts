import type { Potential } from '../../../src/core/potential.ts';
import { definePotential } from '../../../src/md/definePotential.ts';

/** U and ∂U/∂r of two particles at a distance r. */
export type PairFunction = (r: number) => { readonly value: number; readonly slope: number };

export const lennardJones: PairFunction = (r) => {
  const sixth = r ** -6;
  return { value: 4 * sixth * (sixth - 1), slope: (4 * (6 - 12 * sixth) * sixth) / r };
};

/**
 * Three particles in three dimensions, a pair energy between them, and springs to the origin.
 *
 * `extra` adds a term of its own to the energy that it returns and to the gradient, where one is wanted.
 */
export function pairs(
  name: string,
  pair: PairFunction,
  extra: (x: Float64Array, out: Float64Array) => number = () => 0,
  spring = 0.1,
): Potential {
  const scratch = new Float64Array(9);
  const visit = (x: Float64Array, out: Float64Array): number => {
    let sum = extra(x, out);
    for (let i = 0; i < 9; i++) {
      sum += 0.5 * spring * x[i] * x[i];
      out[i] += spring * x[i];
    }
    for (let p = 0; p < 9; p += 3) {
      for (let q = 0; q < p; q += 3) {
        const dx = x[p] - x[q];
        const dy = x[p + 1] - x[q + 1];
        const dz = x[p + 2] - x[q + 2];
        const r = Math.sqrt(dx * dx + dy * dy + dz * dz);
        const { value, slope } = pair(r);
        const push = slope / r;
        sum += value;
        out[p] += push * dx;
        out[p + 1] += push * dy;
        out[p + 2] += push * dz;
        out[q] -= push * dx;
        out[q + 1] -= push * dy;
        out[q + 2] -= push * dz;
      }
    }
    return sum;
  };
  return definePotential({ name, dim: 9, energy: (x) => visit(x, scratch), gradient: visit });
}
