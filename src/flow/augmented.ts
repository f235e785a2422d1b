import type { Batch } from '../core/batch.ts';
import { integers, type Key } from '../core/rng.ts';
import { imagesOf } from './symmetryGroup.ts';

/** A map under which the energy does not change, and which keeps volumes: an exact symmetry. */
export interface Symmetry {
  /** For messages. */
  readonly name?: string;
  /** `[B, D]` → `[B, D]`, new arrays. */
  apply(x: Batch): Batch;
}

/**
 * Every row of `x` under one of the maps, drawn evenly: as if the data set held all images of each
 * configuration. Where the maps are a group (the identity among them) the augmented data are symmetric.
 */
export function augmented(x: Batch, symmetries: readonly Symmetry[], key: Key): Batch {
  const chosen = integers(key, x.count, symmetries.length);
  return imagesOf(x, chosen, symmetries.length, (n, own) => symmetries[n].apply(own));
}
