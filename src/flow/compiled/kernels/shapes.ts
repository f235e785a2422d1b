import { broadcastTo } from '../broadcast.ts';
import { markPlaced, pickColumns } from '../columns.ts';
import { sizeOf } from '../graph.ts';
import { axisOf, concat, integers, reshape, slice, split, transpose, unsplit } from '../layout.ts';
import type { KernelRule } from './kernelRule.ts';

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
    if (x.shape.length === 2 && size[0] === x.shape[0]) {
      return pickColumns(
        graph,
        x,
        Array.from({ length: size[1] }, (_, j) => from[1] + j),
      );
    }
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
