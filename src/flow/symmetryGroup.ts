import { type Batch, batch, row, select } from '../core/batch.ts';
import { ErgoflowError } from '../core/errors.ts';
import { fold, normal, rootKey } from '../core/rng.ts';
import type { Symmetry } from './augmented.ts';

/** A finite group of rigid maps of configurations. */
export interface SymmetryGroup {
  readonly maps: readonly Symmetry[];
  /** Which of `maps` leaves everything as it is. */
  readonly identity: number;
  /** Map `n` on differences, such as gradients: A v for x → A x + b, `[B, D]`. */
  turn(n: number, vectors: Batch): Batch;
}

/** Relative difference of coordinates that rounding may make. */
const ROUNDING = 1e-9;

/**
 * Makes sure, on random configurations, that `maps` are a group of rigid maps x → A x + b: distances are
 * kept, hence volumes; one of the maps is the identity; and any two of them, one after the other, are a
 * third. A flow can be averaged over such a group, and gradients go with the configurations.
 * @throws {ErgoflowError} naming the maps for which it does not hold.
 */
export function symmetryGroup(maps: readonly Symmetry[], dim: number): SymmetryGroup {
  const key = fold(rootKey(0), 'symmetry group');
  const x = batch(normal(fold(key, 'x'), dim), dim);
  const v = batch(normal(fold(key, 'v'), dim), dim);
  const origin = batch(new Float64Array(dim), dim);
  const origins = maps.map((map) => map.apply(origin));
  const images = maps.map((map) => map.apply(x));
  const name = (n: number): string => maps[n].name ?? `${n}`;

  /** A v */
  function turn(n: number, vectors: Batch): Batch {
    const { data } = maps[n].apply(vectors);
    for (let i = 0; i < data.length; i++) data[i] -= origins[n].data[i % dim];
    return batch(data, dim);
  }

  maps.forEach((map, n) => {
    const moved = map.apply(batch(sum(x.data, v.data), dim));
    const turned = turn(n, v);
    if (!isSame(moved.data, sum(images[n].data, turned.data)) || !isAsLong(turned.data, v.data)) {
      throw new ErgoflowError(
        `symmetry "${name(n)}" is no rigid map: it changes the distance of two configurations`,
      );
    }
  });
  const which = (y: Batch): number => images.findIndex(({ data }) => isSame(data, y.data));
  images.forEach((image, n) => {
    const first = which(image);
    if (first < n) {
      throw new ErgoflowError(`symmetries "${name(first)}" and "${name(n)}" are the same map`);
    }
  });
  const identity = which(x);
  if (identity < 0) {
    throw new ErgoflowError('symmetries are no group: the identity is not among them');
  }
  maps.forEach((map, a) => {
    images.forEach((image, b) => {
      if (which(map.apply(image)) >= 0) return;
      throw new ErgoflowError(
        `symmetries are no group: "${name(b)}" and then "${name(a)}" is a map that is not among them`,
      );
    });
  });
  return { maps, identity, turn };
}

function sum(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value + b[i]);
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  return a.every((value, i) => Math.abs(value - b[i]) <= ROUNDING * Math.max(1, Math.abs(b[i])));
}

function isAsLong(a: Float64Array, b: Float64Array): boolean {
  const [one, other] = [a, b].map((vector) => Math.hypot(...vector));
  return Math.abs(one - other) <= ROUNDING * other;
}

/** Each row under the map that `chosen` names for it, `[B, D]`; `apply` is the group's maps or its `turn`. */
export function imagesOf(
  x: Batch,
  chosen: ArrayLike<number>,
  maps: number,
  apply: (n: number, x: Batch) => Batch,
): Batch {
  const out = batch(new Float64Array(x.data.length), x.dim);
  for (let n = 0; n < maps; n++) {
    const own: number[] = [];
    for (let b = 0; b < x.count; b++) if (chosen[b] === n) own.push(b);
    if (own.length === 0) continue;
    const images = apply(n, select(x, own));
    own.forEach((b, i) => {
      out.data.set(row(images, i), b * x.dim);
    });
  }
  return out;
}
