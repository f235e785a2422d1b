import * as tf from '@tensorflow/tfjs-core';
import { pickColumns } from '../columns.ts';
import type { Value } from '../graph.ts';
import { axisOf, integers } from '../layout.ts';
import { cast, real } from './elementwise.ts';
import type { KernelRule } from './kernelRule.ts';

/** The inverse of a permutation, or undefined where `values` are not one. */
function inversePermutation(values: ArrayLike<number>, count: number): Int32Array | undefined {
  if (values.length !== count) return undefined;
  const inverse = new Int32Array(count).fill(-1);
  for (let i = 0; i < count; i++) {
    const target = values[i];
    if (!(target >= 0 && target < count) || inverse[target] !== -1) return undefined;
    inverse[target] = i;
  }
  return inverse;
}

const searched =
  (op: string): KernelRule =>
  (graph, [sorted, values]) =>
    graph.op(
      op,
      [sorted, values],
      { T: { type: sorted.type }, out_type: { type: 'int32' } },
      'int32',
      values.shape,
    );

/** Kernels that pick elements by number, and their gradients. */
export const indexing: Readonly<Record<string, KernelRule>> = {
  GatherV2(graph, [x, indices], attributes) {
    const axis = axisOf(x, attributes.number('axis'));
    const batchAxes = attributes.has('batchDims') ? attributes.number('batchDims') : 0;
    const picked = indices.node.constant;
    if (picked !== undefined && x.shape.length === 2 && axis === 1 && indices.shape.length === 1) {
      const columns = Array.from({ length: indices.shape[0] }, (_, i) =>
        Number(picked.values[picked.uniform ? 0 : i]),
      );
      return pickColumns(graph, x, columns);
    }
    return graph.op(
      'GatherV2',
      [x, indices, graph.constant([axis], [], 'int32')],
      {
        Tparams: { type: x.type },
        Tindices: { type: indices.type },
        Taxis: { type: 'int32' },
        batch_dims: { int: batchAxes },
      },
      x.type,
      [...x.shape.slice(0, axis), ...indices.shape.slice(batchAxes), ...x.shape.slice(axis + 1)],
    );
  },
  UnsortedSegmentSum(graph, [x, segments], attributes) {
    const count = attributes.number('numSegments');
    const shape = [count, ...x.shape.slice(segments.shape.length)];
    const constant = segments.node.constant;
    const inverse =
      constant !== undefined && !constant.uniform && segments.shape.length === 1
        ? inversePermutation(constant.values, count)
        : undefined;
    if (inverse !== undefined) {
      // The gradient of a permutation is its inverse: a copy, where adding up is a scatter.
      return graph.op(
        'GatherV2',
        [x, graph.constant(inverse, [count], 'int32'), graph.constant([0], [], 'int32')],
        { Tparams: { type: x.type }, Tindices: { type: 'int32' }, Taxis: { type: 'int32' } },
        x.type,
        shape,
      );
    }
    return graph.op(
      'UnsortedSegmentSum',
      [x, segments, graph.constant([count], [], 'int32')],
      {
        T: { type: x.type },
        Tindices: { type: segments.type },
        Tnumsegments: { type: 'int32' },
      },
      x.type,
      shape,
    );
  },
  GatherNd: (graph, [x, indices]) =>
    graph.op(
      'GatherNd',
      [x, indices],
      { Tparams: { type: x.type }, Tindices: { type: indices.type } },
      x.type,
      [...indices.shape.slice(0, -1), ...x.shape.slice(indices.shape.at(-1) ?? 0)],
    ),
  ScatterNd(graph, [indices, updates], attributes) {
    const shape = attributes.integers('shape');
    return graph.op(
      'ScatterNd',
      [indices, updates, integers(graph, shape)],
      { T: { type: updates.type }, Tindices: { type: 'int32' } },
      updates.type,
      shape,
    );
  },
  TensorScatterUpdate: (graph, [x, indices, updates]) =>
    graph.op(
      'TensorScatterUpdate',
      [x, indices, updates],
      { T: { type: x.type }, Tindices: { type: indices.type } },
      x.type,
      x.shape,
    ),
  StridedSlice(graph, [x], attributes) {
    const [begin, end, strides] = ['begin', 'end', 'strides'].map((n) => attributes.integers(n));
    const [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] = [
      'beginMask',
      'endMask',
      'ellipsisMask',
      'newAxisMask',
      'shrinkAxisMask',
    ].map((name) => attributes.number(name));
    const { finalShapeSparse } = tf.slice_util.sliceInfo(
      [...x.shape],
      begin,
      end,
      strides,
      beginMask,
      endMask,
      ellipsisMask,
      newAxisMask,
      shrinkAxisMask,
    );
    return graph.op(
      'StridedSlice',
      [x, integers(graph, begin), integers(graph, end), integers(graph, strides)],
      {
        T: { type: x.type },
        Index: { type: 'int32' },
        begin_mask: { int: beginMask },
        end_mask: { int: endMask },
        ellipsis_mask: { int: ellipsisMask },
        new_axis_mask: { int: newAxisMask },
        shrink_axis_mask: { int: shrinkAxisMask },
      },
      x.type,
      finalShapeSparse,
    );
  },
  OneHot(graph, [indices], attributes) {
    const depth = attributes.number('depth');
    const type = attributes.text('dtype') === 'int32' ? 'int32' : graph.real;
    const value = (name: string): Value => cast(graph, real(graph, attributes.number(name)), type);
    return graph.op(
      'OneHot',
      [indices, graph.constant([depth], [], 'int32'), value('onValue'), value('offValue')],
      { T: { type }, TI: { type: indices.type } },
      type,
      [...indices.shape, depth],
    );
  },
  SearchSorted: (graph, inputs, attributes) =>
    searched(attributes.text('side') === 'left' ? 'LowerBound' : 'UpperBound')(
      graph,
      inputs,
      attributes,
    ),
  LowerBound: searched('LowerBound'),
  UpperBound: searched('UpperBound'),
};
