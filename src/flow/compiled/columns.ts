import { type Constant, type Graph, uniformOf, type Value } from './graph.ts';

// A flow takes its coordinates apart and joins them again in every layer, in the forward pass and in
// its gradient. Written as products with matrices of zeros and ones, or as slices and paddings, that
// is a tenth of the arithmetic of a training step; almost all of it cancels.

/** Columns `indices` of the matrix `x`, in that order, without work that an earlier pick undoes. */
export function pickColumns(graph: Graph, x: Value, indices: readonly number[]): Value {
  const [rows, columns] = x.shape;
  if (indices.length === columns && indices.every((index, j) => index === j)) return x;
  const shape = [rows, indices.length];
  const uniform = uniformOf(x);
  if (uniform !== undefined) return graph.constant([uniform], shape, x.type);
  const earlier = pickedFrom(x);
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
  const first = indices[0];
  if (indices.every((index, j) => index === first + j)) {
    return graph.op(
      'Slice',
      [
        x,
        graph.constant([0, first], [2], 'int32'),
        graph.constant([rows, indices.length], [2], 'int32'),
      ],
      { T: { type: x.type }, Index: { type: 'int32' } },
      x.type,
      shape,
    );
  }
  return graph.op(
    'GatherV2',
    [x, graph.constant(indices, [indices.length], 'int32'), graph.constant([1], [], 'int32')],
    { Tparams: { type: x.type }, Tindices: { type: 'int32' }, Taxis: { type: 'int32' } },
    x.type,
    shape,
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

/** Remembers it of `x · matrix`, where every row of the matrix is zero but for a one of its own. */
export function markIfPlaced(product: Value, x: Value, matrix: ConstantMatrix): Value {
  const indices = soleOnes(matrix.rows, matrix.columns, matrix.at);
  if (indices === undefined || new Set(indices).size < indices.length) return product;
  return markPlaced(product, x, indices);
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
  const complete = first.indices.length + second.indices.length === order.length;
  if (!complete || order.includes(-1)) return undefined;
  const joined = graph.op(
    'ConcatV2',
    [first.source, second.source, graph.constant([1], [], 'int32')],
    { N: { int: 2 }, T: { type: a.type }, Tidx: { type: 'int32' } },
    a.type,
    a.shape,
  );
  return pickColumns(graph, joined, order);
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

function allValues(constant: Constant, count: number): ArrayLike<number> {
  if (!constant.uniform) return constant.values;
  return Array.from({ length: count }, () => constant.values[0]);
}

/** The pick that `x` is, if it is one. */
function pickedFrom(x: Value): { source: Value; indices: ArrayLike<number> } | undefined {
  if (x.node.op === 'GatherV2') {
    const [source, indices, axis] = x.node.inputs;
    const { constant } = indices.node;
    if (uniformOf(axis) !== 1 || source.shape.length !== 2 || constant === undefined)
      return undefined;
    return { source, indices: allValues(constant, x.shape[1]) };
  }
  if (x.node.op === 'Slice') {
    const [source, begin] = x.node.inputs;
    const from = begin.node.constant?.values;
    if (source.shape.length !== 2 || from === undefined || source.shape[0] !== x.shape[0]) {
      return undefined;
    }
    // A constant whose elements are all equal keeps one of them.
    const start = from[from.length - 1];
    return { source, indices: Array.from({ length: x.shape[1] }, (_, j) => start + j) };
  }
  return undefined;
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
