import { neckDistances, neckHeights } from './neckTable.ts';

/** Neck integrals of the pairs of a molecule's atoms, 1/nm. */
export interface Neck {
  /** What the neck between atom `i` and atom `j` at distance `r`, nm, adds to the integral of `i`. */
  value(i: number, j: number, r: number): number;
  /** Its ∂/∂r. */
  slope(i: number, j: number, r: number): number;
}

/** Further apart than this between their surfaces, atoms have no neck, nm. */
const reach = 0.68;
const size = 21;

/**
 * The volume between two atoms that no solvent molecule enters.
 *
 *     m₀ / (1 + 100 x² + 3·10⁵ x⁶),   x = r − d₀ in nm;   0 where r > ρᵢ + ρⱼ + 0.68
 *
 * d₀ and m₀ are interpolated linearly in both radii between the published ones. The jump where it is cut
 * is below 5·10⁻⁵ of the maximum.
 * Mongan, Simmerling, McCammon, Case & Onufriev, J. Chem. Theory Comput. 3, 156, 2007.
 * doi:10.1021/ct600085e
 * @param radius ρ of each atom, nm, `[N]`, from 0.1 to 0.2.
 */
export function neck(radius: Float64Array): Neck {
  const kinds = [...new Set(radius)];
  const kindOf = Int32Array.from(radius, (each) => kinds.indexOf(each));
  const table = (published: Float64Array, perUnit: number) =>
    Float64Array.from(
      { length: kinds.length ** 2 },
      (_, k) =>
        interpolate(published, kinds[k % kinds.length], kinds[Math.floor(k / kinds.length)]) *
        perUnit,
    );
  // Entry own + kinds · other; ångströms become nm.
  const distance = table(neckDistances, 0.1);
  const height = table(neckHeights, 10);

  function away(entry: number, i: number, j: number, r: number): number {
    return r > radius[i] + radius[j] + reach ? Infinity : r - distance[entry];
  }

  return {
    value(i, j, r) {
      const entry = kindOf[i] + kinds.length * kindOf[j];
      const square = away(entry, i, j, r) ** 2;
      return height[entry] / (1 + 100 * square + 3e5 * square ** 3);
    },
    slope(i, j, r) {
      const entry = kindOf[i] + kinds.length * kindOf[j];
      const x = away(entry, i, j, r);
      if (x === Infinity) return 0;
      const square = x * x;
      const denominator = 1 + 100 * square + 3e5 * square ** 3;
      return (-height[entry] * x * (200 + 18e5 * square * square)) / denominator ** 2;
    },
  };
}

/** The table between its entries: `own` is the descreened atom's radius, nm. */
function interpolate(published: Float64Array, own: number, other: number): number {
  const [column, right] = place(own);
  const [row, below] = place(other);
  const at = (r: number, c: number): number =>
    published[size * Math.min(r, size - 1) + Math.min(c, size - 1)];
  const upper = (1 - right) * at(row, column) + right * at(row, column + 1);
  const lower = (1 - right) * at(row + 1, column) + right * at(row + 1, column + 1);
  return (1 - below) * upper + below * lower;
}

/** The entry at or below a radius, and the fraction of a step above it. */
function place(radius: number): readonly [number, number] {
  const steps = Math.min(Math.max((radius - 0.1) * 200, 0), size - 1);
  return [Math.floor(steps), steps - Math.floor(steps)];
}
