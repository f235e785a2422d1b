import { type Graph, uniformOf, type Value } from './graph.ts';
import { concat, reshape, slice, transpose } from './layout.ts';

// A flow takes its coordinates apart and joins them again in every layer, in the forward pass and in
// its gradient. Written as products with matrices of zeros and ones, or as slices and paddings, that
// is a tenth of the arithmetic of a training step; almost all of it cancels.

/** Columns `indices` of the matrix `x`, in that order, without work that an earlier pick undoes. */
export function pickColumns(graph: Graph, x: Value, indices: readonly number[]): Value {
  const [rows, columns] = x.shape;
  if (indices.length === columns && indices.every((index, j) => index === j)) return x;
  const uniform = uniformOf(x);
  if (uniform !== undefined) return graph.constant([uniform], [rows, indices.length], x.type);
  const earlier = picks.get(x);
  if (earlier !== undefined) {
    return pickColumns(
      graph,
      earlier.source,
      indices.map((index) => earlier.indices[index]),
    );
  }
  for (const part of columnParts(x)) {
    const local = indices.map((index) => index - part.start);
    if (local.every((index) => index >= 0 && index < part.value.shape[1])) {
      return pickColumns(graph, part.value, local);
    }
  }
  const picked =
    progression(graph, x, indices) ?? riffle(graph, x, indices) ?? gather(graph, x, indices);
  picks.set(picked, { source: x, indices });
  return picked;
}

/** Columns `indices` of `source`. */
interface Pick {
  readonly source: Value;
  readonly indices: readonly number[];
}

/** What was picked from where, so that picks of picks are one. */
const picks = new WeakMap<Value, Pick>();

/** Neighbouring columns, or every s-th of all: blocks of memory, ten times as fast as a gather. */
function progression(graph: Graph, x: Value, indices: readonly number[]): Value | undefined {
  const [rows, columns] = x.shape;
  const [first] = indices;
  const step = indices.length > 1 ? indices[1] - first : 1;
  if (indices.some((index, j) => index !== first + step * j)) return undefined;
  if (step === 1) return slice(graph, x, [0, first], [rows, indices.length]);
  if (step < 1 || indices.length * step !== columns) return undefined;
  const groups = reshape(graph, x, [rows, indices.length, step]);
  const chosen = slice(graph, groups, [0, 0, first], [rows, indices.length, 1]);
  return reshape(graph, chosen, [rows, indices.length]);
}

/** The first column of each of some matrices of equal width side by side, then the second of each … */
function riffle(graph: Graph, x: Value, indices: readonly number[]): Value | undefined {
  const parts = columnParts(x).map((part) => part.value);
  const [rows, columns] = x.shape;
  const width = columns / parts.length;
  if (parts.length < 2 || parts.some((part) => part.shape[1] !== width)) return undefined;
  const isRiffled = indices.every(
    (index, j) => index === (j % parts.length) * width + Math.floor(j / parts.length),
  );
  if (!isRiffled || indices.length !== columns) return undefined;
  const flat = parts.map((part) => reshape(graph, part, [1, rows * width]));
  return reshape(graph, transpose(graph, concat(graph, flat, 0), [1, 0]), [rows, columns]);
}

function gather(graph: Graph, x: Value, indices: readonly number[]): Value {
  return graph.op(
    'GatherV2',
    [x, graph.constant(indices, [indices.length], 'int32'), graph.constant([1], [], 'int32')],
    { Tparams: { type: x.type }, Tindices: { type: 'int32' }, Taxis: { type: 'int32' } },
    x.type,
    [x.shape[0], indices.length],
  );
}

/** `x · matrix` as a pick, where every column of the matrix is zero but for a single one. */
export function pickedProduct(graph: Graph, x: Value, matrix: ConstantMatrix): Value | undefined {
  const indices = soleOnes(matrix.columns, matrix.rows, (column, row) => matrix.at(row, column));
  return indices === undefined ? undefined : pickColumns(graph, x, indices);
}

/** A constant matrix as it enters a product. */
export interface ConstantMatrix {
  readonly rows: number;
  readonly columns: number;
  at(row: number, column: number): number;
}

/** The numbers of `x`, `[rows, columns]`, transposed if so asked; undefined unless it is constant. */
export function constantMatrix(x: Value, transposed: boolean): ConstantMatrix | undefined {
  const { constant } = x.node;
  if (constant === undefined || constant.uniform || x.shape.length !== 2) return undefined;
  const [rows, columns] = x.shape;
  const { values } = constant;
  return transposed
    ? { rows: columns, columns: rows, at: (row, column) => values[column * columns + row] }
    : { rows, columns, at: (row, column) => values[row * columns + column] };
}

/** Columns set into a wider matrix of zeros: column `j` of `source` is column `indices[j]`. */
interface Placement {
  readonly source: Value;
  readonly indices: readonly number[];
}

const placements = new WeakMap<Value, Placement>();

/** Remembers that `value` is the columns of `source` among zeros, so that a sum can be a join. */
export function markPlaced(value: Value, source: Value, indices: readonly number[]): Value {
  placements.set(value, { source, indices });
  return value;
}

/** Remembers it of `x · matrix`, where every row of the matrix is zero but for a single one. */
export function markIfPlaced(product: Value, x: Value, matrix: ConstantMatrix): Value {
  const indices = soleOnes(matrix.rows, matrix.columns, matrix.at);
  return indices === undefined ? product : markPlaced(product, x, indices);
}

/** `a + b`, where each fills the columns that the other leaves zero: their columns side by side. */
export function joinedColumns(graph: Graph, a: Value, b: Value): Value | undefined {
  const first = placements.get(a);
  const second = placements.get(b);
  if (first === undefined || second === undefined) return undefined;
  const order = new Array<number>(a.shape[1]).fill(-1);
  [...first.indices, ...second.indices].forEach((column, position) => {
    order[column] = position;
  });
  // As many columns as there are places, and none empty: so none is filled twice.
  const isPermutation =
    first.indices.length + second.indices.length === order.length && !order.includes(-1);
  if (!isPermutation) return undefined;
  return pickColumns(graph, concat(graph, [first.source, second.source], 1), order);
}

/** For each of `count` lines of a matrix, where its only non-zero element, a one, stands. */
function soleOnes(
  count: number,
  length: number,
  at: (line: number, position: number) => number,
): number[] | undefined {
  const positions: number[] = [];
  for (let line = 0; line < count; line++) {
    let found = -1;
    for (let position = 0; position < length; position++) {
      const value = at(line, position);
      if (value === 0) continue;
      if (value !== 1 || found !== -1) return undefined;
      found = position;
    }
    if (found === -1) return undefined;
    positions.push(found);
  }
  return positions;
}

/** The matrices that stand side by side in `x`, or none. */
function columnParts(x: Value): { readonly start: number; readonly value: Value }[] {
  if (x.node.op !== 'ConcatV2') return [];
  const axis = x.node.inputs.at(-1);
  if (axis === undefined || uniformOf(axis) !== 1) return [];
  let start = 0;
  return x.node.inputs.slice(0, -1).map((value) => {
    const part = { start, value };
    start += value.shape[1];
    return part;
  });
}
