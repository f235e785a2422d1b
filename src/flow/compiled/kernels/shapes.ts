import { broadcastTo, sameShape } from '../broadcast.ts';
import { markPlaced, pickColumns } from '../columns.ts';
import { type Graph, sizeOf, uniformOf, type Value } from '../graph.ts';
import type { KernelRule } from './kernelRule.ts';

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
  if (x.shape.length === 2 && size[0] === x.shape[0]) {
    return pickColumns(
      graph,
      x,
      Array.from({ length: size[1] }, (_, j) => begin[1] + j),
    );
  }
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
function unsplit(parts: readonly Value[], axis: number): Value | undefined {
  const { node } = parts[0];
  if (node.op !== 'SplitV' || node.attributes['num_split'] === undefined) return undefined;
  const [whole, , along] = node.inputs;
  const complete =
    'int' in node.attributes['num_split'] && node.attributes['num_split'].int === parts.length;
  const inOrder = parts.every((part, index) => part.node === node && part.index === index);
  return complete && inOrder && uniformOf(along) === axisOf(whole, axis) ? whole : undefined;
}

/** Kernels that move elements about. */
export const shapes: Readonly<Record<string, KernelRule>> = {
  Identity: (_, [x]) => x,
  Reshape(graph, [x], attributes) {
    const wanted = attributes.integers('shape');
    const known = wanted.reduce((product, extent) => (extent < 0 ? product : product * extent), 1);
    const shape = wanted.map((extent) => (extent < 0 ? sizeOf(x.shape) / known : extent));
    return reshape(graph, x, shape);
  },
  ExpandDims(graph, [x], attributes) {
    const dim = attributes.number('dim');
    const shape = [...x.shape];
    shape.splice(dim < 0 ? dim + x.shape.length + 1 : dim, 0, 1);
    return reshape(graph, x, shape);
  },
  Transpose: (graph, [x], attributes) => transpose(graph, x, attributes.integers('perm')),
  Tile(graph, [x], attributes) {
    const reps = attributes.integers('reps');
    const shape = x.shape.map((extent, axis) => extent * reps[axis]);
    // Repeating axes of length one is spreading them out, which users of the result can do for free.
    if (x.shape.every((extent, axis) => extent === 1 || reps[axis] === 1)) {
      return broadcastTo(graph, x, shape);
    }
    return graph.op(
      'Tile',
      [x, integers(graph, reps)],
      { T: { type: x.type }, Tmultiples: { type: 'int32' } },
      x.type,
      shape,
    );
  },
  BroadcastTo: (graph, [x], attributes) => broadcastTo(graph, x, attributes.integers('shape')),
  Concat: (graph, parts, attributes) => {
    const axis = attributes.number('axis');
    return unsplit(parts, axis) ?? concat(graph, parts, axis);
  },
  SplitV(graph, [x], attributes) {
    const axis = attributes.number('axis');
    const extent = x.shape[axisOf(x, axis)];
    const wanted = attributes.integers('numOrSizeSplits');
    if (!attributes.isList('numOrSizeSplits')) {
      const parts = wanted[0];
      return split(
        graph,
        x,
        Array.from({ length: parts }, () => extent / parts),
        axis,
      );
    }
    const known = wanted.reduce((sum, size) => (size < 0 ? sum : sum + size), 0);
    return split(
      graph,
      x,
      wanted.map((size) => (size < 0 ? extent - known : size)),
      axis,
    );
  },
  Slice(graph, [x], attributes) {
    const begin = attributes.integers('begin');
    const wanted = attributes.has('size') ? attributes.integers('size') : [];
    const from = x.shape.map((_, axis) => begin[axis] ?? 0);
    const size = x.shape.map((extent, axis) =>
      wanted[axis] === undefined || wanted[axis] < 0 ? extent - from[axis] : wanted[axis],
    );
    return slice(graph, x, from, size);
  },
  Pack(graph, parts, attributes) {
    const axis = attributes.number('axis');
    const rank = parts[0].shape.length + 1;
    const at = axis < 0 ? axis + rank : axis;
    const shape = [...parts[0].shape];
    shape.splice(at, 0, 1);
    return concat(
      graph,
      parts.map((part) => reshape(graph, part, shape)),
      at,
    );
  },
  Unpack(graph, [x], attributes) {
    const axis = axisOf(x, attributes.number('axis'));
    const shape = x.shape.filter((_, i) => i !== axis);
    const ones = Array.from({ length: x.shape[axis] }, () => 1);
    return split(graph, x, ones, axis).map((part) => reshape(graph, part, shape));
  },
  PadV2(graph, [x], attributes) {
    const paddings = attributes.pairs('paddings');
    const shape = x.shape.map((extent, axis) => extent + paddings[axis][0] + paddings[axis][1]);
    const value = attributes.number('constantValue');
    const padded = graph.op(
      'PadV2',
      [
        x,
        graph.constant(paddings.flat(), [paddings.length, 2], 'int32'),
        graph.constant([value], [], x.type),
      ],
      { T: { type: x.type }, Tpaddings: { type: 'int32' } },
      x.type,
      shape,
    );
    if (value !== 0 || shape.length !== 2 || shape[0] !== x.shape[0]) return padded;
    return markPlaced(
      padded,
      x,
      Array.from({ length: x.shape[1] }, (_, j) => paddings[1][0] + j),
    );
  },
  MirrorPad(graph, [x], attributes) {
    const paddings = attributes.pairs('paddings');
    return graph.op(
      'MirrorPad',
      [x, graph.constant(paddings.flat(), [paddings.length, 2], 'int32')],
      {
        T: { type: x.type },
        Tpaddings: { type: 'int32' },
        mode: { text: attributes.text('mode').toUpperCase() },
      },
      x.type,
      x.shape.map((extent, axis) => extent + paddings[axis][0] + paddings[axis][1]),
    );
  },
  Reverse(graph, [x], attributes) {
    const axes = attributes.integers('dims').map((axis) => axisOf(x, axis));
    return graph.op(
      'ReverseV2',
      [x, integers(graph, axes)],
      { T: { type: x.type }, Tidx: { type: 'int32' } },
      x.type,
      x.shape,
    );
  },
};
