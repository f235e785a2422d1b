import { type Batch, batch } from '../../core/batch.ts';
import { ErgoflowError } from '../../core/errors.ts';

/** One of the exact symmetries of the particle dimer, as a map of configurations. */
export interface Reflection {
  /** `identity`, `y`, `x`, `x and y`. */
  readonly name: string;
  /** `[B, D]` → `[B, D]`, new arrays. */
  apply(x: Batch): Batch;
}

/** Sites that a reflection maps onto each other agree to this. */
const TOLERANCE = 1e-9;

/**
 * The four-fold symmetry of the particle dimer with its labels: x → −x and y → −y.
 *
 *     (R x)_{σ(p)} = R x_p,   σ(p) the site onto which R maps site p of the reference
 *
 * U does not change, since box, springs and pairs are the same in the mirror. The relabelling lets the
 * reference, and with it the domain of configurations whose labels belong to their sites, be mapped onto
 * itself; in x → −x the two particles of the dimer change places, so that the first one stays on the left.
 * Each map is its own inverse and keeps volumes, so it may augment a data set and serve as a move.
 * @param reference `[D]`, a lattice with both mirror symmetries, such as `dimerLattice(1.5)`.
 * @throws {ErgoflowError} where the reference has no such symmetry, naming the particle without an image.
 */
export function dimerReflections(reference: ArrayLike<number>): readonly Reflection[] {
  return [
    reflection('identity', reference, 1, 1),
    reflection('y', reference, 1, -1),
    reflection('x', reference, -1, 1),
    reflection('x and y', reference, -1, -1),
  ];
}

function reflection(
  name: string,
  reference: ArrayLike<number>,
  signX: 1 | -1,
  signY: 1 | -1,
): Reflection {
  const images = Array.from({ length: reference.length / 2 }, (_, p) =>
    siteAt(name, reference, p, signX * reference[2 * p], signY * reference[2 * p + 1]),
  );
  return {
    name,
    apply({ data, dim }) {
      const out = new Float64Array(data.length);
      for (let offset = 0; offset < data.length; offset += dim) {
        images.forEach((image, p) => {
          out[offset + 2 * image] = signX * data[offset + 2 * p];
          out[offset + 2 * image + 1] = signY * data[offset + 2 * p + 1];
        });
      }
      return batch(out, dim);
    },
  };
}

/** The particle of the same kind, dimer or solvent, whose reference site is at (x, y). */
function siteAt(
  name: string,
  reference: ArrayLike<number>,
  particle: number,
  x: number,
  y: number,
): number {
  const [from, to] = particle < 2 ? [0, 2] : [2, reference.length / 2];
  for (let q = from; q < to; q++) {
    if (Math.hypot(reference[2 * q] - x, reference[2 * q + 1] - y) < TOLERANCE) return q;
  }
  throw new ErgoflowError(
    `reflection "${name}": the reference has no particle at (${x}, ${y}), the image of particle ${particle}`,
  );
}
