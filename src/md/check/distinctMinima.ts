import { batch } from '../../core/batch.ts';
import type { Potential } from '../../core/potential.ts';
import type { Minimum } from '../minimize.ts';
import type { Symmetries } from './symmetry.ts';

/** A minimum, and how many starts ended in it. */
export interface FoundMinimum extends Minimum {
  readonly starts: number;
}

/**
 * The minima among `bottoms`, lowest first: two of them are one where their energies agree and no
 * barrier above 1 % of kT lies on the straight line between them, or where symmetries explain the rest:
 * of a system that may be moved and turned only the distances between particles count.
 */
export function distinctMinima(
  potential: Potential,
  bottoms: readonly Minimum[],
  kT: number,
  symmetries: Symmetries,
): FoundMinimum[] {
  const sorted = [...bottoms].sort((a, b) => a.energy - b.energy);
  const found: { minimum: Minimum; starts: number; shape: Float64Array | undefined }[] = [];
  for (const minimum of sorted) {
    const shape = shapeOf(minimum.x, symmetries);
    const known = found.find(
      (other) =>
        minimum.energy - other.minimum.energy < 0.01 * kT &&
        (shape !== undefined && other.shape !== undefined
          ? isAlike(shape, other.shape)
          : isJoined(potential, minimum, other.minimum, kT)),
    );
    if (known === undefined) found.push({ minimum, starts: 1, shape });
    else known.starts++;
  }
  return found.map(({ minimum, starts }) => ({ ...minimum, starts }));
}

/** All distances between particles, in order; undefined unless U depends on nothing else. */
function shapeOf(x: Float64Array, symmetries: Symmetries): Float64Array | undefined {
  const { layout, holding } = symmetries;
  if (layout === undefined || !holding.has('translation') || !holding.has('rotation')) {
    return undefined;
  }
  const { dimensions } = layout;
  const distances: number[] = [];
  for (let p = 0; p < x.length; p += dimensions) {
    for (let q = 0; q < p; q += dimensions) {
      let square = 0;
      for (let i = 0; i < dimensions; i++) square += (x[p + i] - x[q + i]) ** 2;
      distances.push(Math.sqrt(square));
    }
  }
  const all = Float64Array.from(distances);
  // Interchangeable particles have no names: only the set of distances counts.
  return holding.has('permutation') ? all.sort() : all;
}

function isAlike(left: Float64Array, right: Float64Array): boolean {
  return left.every((value, i) => Math.abs(value - right[i]) <= 1e-2 * Math.abs(value) + 1e-6);
}

function isJoined(potential: Potential, a: Minimum, b: Minimum, kT: number): boolean {
  const { dim } = potential;
  const points = 15;
  const data = new Float64Array(points * dim);
  for (let p = 0; p < points; p++) {
    const share = (p + 1) / (points + 1);
    for (let i = 0; i < dim; i++) data[p * dim + i] = a.x[i] + share * (b.x[i] - a.x[i]);
  }
  const top = Math.max(a.energy, b.energy) + 0.01 * kT;
  return potential.energy(batch(data, dim)).every((energy) => energy <= top);
}
