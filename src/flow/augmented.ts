import { type Batch, batch, row, select } from '../core/batch.ts';
import { integers, type Key } from '../core/rng.ts';

/** A map under which the energy does not change, and which keeps volumes: an exact symmetry. */
export interface Symmetry {
  /** `[B, D]` → `[B, D]`, new arrays. */
  apply(x: Batch): Batch;
}

/**
 * Every row of `x` under one of the maps, drawn evenly: as if the data set held all images of each
 * configuration. Where the maps are a group (the identity among them) the augmented data are symmetric.
 */
export function augmented(x: Batch, symmetries: readonly Symmetry[], key: Key): Batch {
  const chosen = integers(key, x.count, symmetries.length);
  const out = batch(new Float64Array(x.data.length), x.dim);
  symmetries.forEach((symmetry, n) => {
    const own = Array.from(chosen.keys()).filter((b) => chosen[b] === n);
    if (own.length === 0) return;
    const images = symmetry.apply(select(x, own));
    own.forEach((b, i) => {
      out.data.set(row(images, i), b * x.dim);
    });
  });
  return out;
}
