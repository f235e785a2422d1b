import { ShapeError } from './errors.ts';

/**
 * B configurations of D coordinates each: the one currency passed between `md`, `flow` and `hybrid`.
 *
 * Shapes are written `[B, D]` in every comment of this package. Row `b` occupies
 * `data[b * dim] … data[(b + 1) * dim - 1]`; a molecule is flattened atom by atom, x y z.
 */
export interface Batch {
  /** `[B, D]`, row-major. */
  readonly data: Float64Array;
  /** B */
  readonly count: number;
  /** D */
  readonly dim: number;
}

/** Views `data` as rows of `dim` coordinates; the array is shared, not copied. */
export function batch(data: Float64Array, dim: number): Batch {
  if (!Number.isInteger(dim) || dim < 1 || data.length % dim !== 0) {
    throw new ShapeError(`batch: ${data.length} numbers are not rows of ${dim} coordinates`);
  }
  return { data, count: data.length / dim, dim };
}

/** A batch holding a copy of `rows`. @throws {ShapeError} where the rows differ in length. */
export function fromRows(rows: readonly ArrayLike<number>[]): Batch {
  if (rows.length === 0) throw new ShapeError('fromRows: no rows, so the dimension is unknown');
  const dim = rows[0].length;
  const data = new Float64Array(rows.length * dim);
  rows.forEach((row, b) => {
    if (row.length !== dim) {
      throw new ShapeError(`fromRows: row ${b} has ${row.length} coordinates, row 0 has ${dim}`);
    }
    data.set(row, b * dim);
  });
  return batch(data, dim);
}

/** Row `b` as a view, `[D]`. */
export function row(x: Batch, b: number): Float64Array {
  return x.data.subarray(b * x.dim, (b + 1) * x.dim);
}

/** Rows `from` to `to` (exclusive) as a view. */
export function rows(x: Batch, from: number, to: number): Batch {
  return batch(x.data.subarray(from * x.dim, to * x.dim), x.dim);
}

/** A copy that shares nothing with `x`. */
export function copy(x: Batch): Batch {
  return batch(x.data.slice(), x.dim);
}

/** The rows of all batches, one after the other. @throws {ShapeError} where dimensions differ. */
export function concat(parts: readonly Batch[]): Batch {
  if (parts.length === 0)
    throw new ShapeError('concat: nothing to join, so the dimension is unknown');
  const dim = parts[0].dim;
  const data = new Float64Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let offset = 0;
  for (const part of parts) {
    if (part.dim !== dim) throw new ShapeError(`concat: dimensions ${dim} and ${part.dim}`);
    data.set(part.data, offset);
    offset += part.data.length;
  }
  return batch(data, dim);
}

/** The chosen rows, copied, in the given order. */
export function select(x: Batch, indices: ArrayLike<number>): Batch {
  const data = new Float64Array(indices.length * x.dim);
  for (let i = 0; i < indices.length; i++) data.set(row(x, indices[i]), i * x.dim);
  return batch(data, x.dim);
}
