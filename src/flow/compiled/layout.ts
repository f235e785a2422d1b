import { sameShape } from './broadcast.ts';
import { type Graph, sizeOf, uniformOf, type Value } from './graph.ts';

/** The same elements under another shape. */
export function reshape(graph: Graph, x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x;
  const { constant } = x.node;
  if (constant !== undefined) return graph.constant(constant.values, shape, x.type);
  const source = x.node.op === 'Reshape' ? x.node.inputs[0] : x;
  if (sameShape(source.shape, shape)) return source;
  return graph.op(
    'Reshape',
    [source, integers(graph, shape)],
    { T: { type: x.type }, Tshape: { type: 'int32' } },
    x.type,
    shape,
  );
}

/** A constant vector of integers. */
export function integers(graph: Graph, values: readonly number[]): Value {
  return graph.constant(values, [values.length], 'int32');
}

/** An axis counted from the front. */
export function axisOf(x: Value, axis: number): number {
  return axis < 0 ? axis + x.shape.length : axis;
}

/** Axes in a new order. */
export function transpose(graph: Graph, x: Value, order: readonly number[]): Value {
  if (order.every((axis, position) => axis === position)) return x;
  const shape = order.map((axis) => x.shape[axis]);
  const uniform = uniformOf(x);
  if (uniform !== undefined) return graph.constant([uniform], shape, x.type);
  // Moving only axes of length one moves no element.
  const moved = order.filter((axis) => x.shape[axis] !== 1);
  if (moved.every((axis, i) => i === 0 || axis > moved[i - 1])) return reshape(graph, x, shape);
  const gathered = gatheredAcross(graph, x, order);
  if (gathered !== undefined) return gathered;
  return graph.op(
    'Transpose',
    [x, integers(graph, order)],
    { T: { type: x.type }, Tperm: { type: 'int32' } },
    x.type,
    shape,
  );
}

/**
 * A pick along the first axis between a transposition and its inverse, as one pick along another axis:
 * tfjs writes the gradient of every `gather` in the long form.
 */
function gatheredAcross(graph: Graph, x: Value, order: readonly number[]): Value | undefined {
  if (x.node.op !== 'GatherV2') return undefined;
  const [turned, indices, along] = x.node.inputs;
  if (uniformOf(along) !== 0 || turned.node.op !== 'Transpose') return undefined;
  const [source, turn] = turned.node.inputs;
  const forth = turn.node.constant?.values;
  if (forth === undefined || order.some((axis, position) => forth[axis] !== position)) {
    return undefined;
  }
  const axis = graph.constant([forth[0]], [], 'int32');
  const shape = order.map((from) => x.shape[from]);
  return graph.op('GatherV2', [source, indices, axis], x.node.attributes, x.type, shape);
}

/** The block of `size` that starts at `begin`. */
export function slice(
  graph: Graph,
  x: Value,
  begin: readonly number[],
  size: readonly number[],
): Value {
  if (sameShape(size, x.shape)) return x;
  const uniform = uniformOf(x);
  if (uniform !== undefined) return graph.constant([uniform], size, x.type);
  return graph.op(
    'Slice',
    [x, integers(graph, begin), integers(graph, size)],
    { T: { type: x.type }, Index: { type: 'int32' } },
    x.type,
    size,
  );
}

/** Values of equal shape, but for `axis`, one after the other. */
export function concat(graph: Graph, parts: readonly Value[], axis: number): Value {
  const filled = parts.filter((part) => sizeOf(part.shape) > 0);
  if (filled.length === 1) return filled[0];
  const along = axisOf(parts[0], axis);
  const shape = [...parts[0].shape];
  shape[along] = parts.reduce((sum, part) => sum + part.shape[along], 0);
  return graph.op(
    'ConcatV2',
    [...filled, graph.constant([along], [], 'int32')],
    { N: { int: filled.length }, T: { type: parts[0].type }, Tidx: { type: 'int32' } },
    parts[0].type,
    shape,
  );
}

/** Consecutive parts along `axis`. */
export function split(graph: Graph, x: Value, sizes: readonly number[], axis: number): Value[] {
  if (sizes.length === 1) return [x];
  const along = axisOf(x, axis);
  const shapes = sizes.map((size) => x.shape.map((extent, i) => (i === along ? size : extent)));
  const uniform = uniformOf(x);
  if (uniform !== undefined) return shapes.map((s) => graph.constant([uniform], s, x.type));
  return graph.ops(
    'SplitV',
    [x, integers(graph, sizes), graph.constant([along], [], 'int32')],
    { num_split: { int: sizes.length }, T: { type: x.type }, Tlen: { type: 'int32' } },
    shapes.map((shape) => ({ type: x.type, shape })),
  );
}

/** Parts that are all of a split, in its order: what was split. */
export function unsplit(parts: readonly Value[], axis: number): Value | undefined {
  const { node } = parts[0];
  if (node.op !== 'SplitV' || node.attributes['num_split'] === undefined) return undefined;
  const [whole, , along] = node.inputs;
  const complete =
    'int' in node.attributes['num_split'] && node.attributes['num_split'].int === parts.length;
  const inOrder = parts.every((part, index) => part.node === node && part.index === index);
  return complete && inOrder && uniformOf(along) === axisOf(whole, axis) ? whole : undefined;
}
