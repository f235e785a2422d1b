import { arithmetic } from '../arithmetic.ts';
import { type Graph, uniformOf, type Value } from '../graph.ts';
import { axisOf, integers, reshape } from '../layout.ts';
import { cast, real } from './elementwise.ts';
import type { KernelAttributes, KernelRule } from './kernelRule.ts';

/** `op` over `axes`, which disappear unless they are kept with length one. */
export function reduce(
  graph: Graph,
  op: string,
  x: Value,
  axes: readonly number[],
  keepAxes: boolean,
): Value {
  const over = axes.map((axis) => axisOf(x, axis)).sort((a, b) => a - b);
  const kept = x.shape.map((extent, axis) => (over.includes(axis) ? 1 : extent));
  const shape = keepAxes ? kept : x.shape.filter((_, axis) => !over.includes(axis));
  // Over axes of length one every reduction here is the identity.
  if (over.every((axis) => x.shape[axis] === 1)) return reshape(graph, x, shape);
  const uniform = uniformOf(x);
  if (op === 'Sum' && uniform !== undefined && x.type === graph.real) {
    const count = over.reduce((product, axis) => product * x.shape[axis], 1);
    return graph.constant([uniform * count], shape, x.type);
  }
  if (op === 'Sum' && x.shape.length === 2 && over.length === 1 && over[0] === 0 && !keepAxes) {
    // The sum over a batch, as the gradient of a bias: nearly twice as fast as the general one.
    return graph.op('BiasAddGrad', [x], { T: { type: x.type } }, x.type, shape);
  }
  const types =
    op === 'All' || op === 'Any'
      ? { Tidx: { type: 'int32' } as const }
      : { T: { type: x.type }, Tidx: { type: 'int32' } as const };
  return graph.op(
    op,
    [x, integers(graph, over)],
    { ...types, keep_dims: { bool: keepAxes } },
    x.type,
    shape,
  );
}

const reduction =
  (op: string, axes = 'axis'): KernelRule =>
  (graph, [x], attributes) =>
    reduce(graph, op, x, axesOf(x, attributes, axes), keepsAxes(attributes));

const index =
  (op: string): KernelRule =>
  (graph, [x], attributes) => {
    const axis = axisOf(x, attributes.number('axis'));
    return graph.op(
      op,
      [x, graph.constant([axis], [], 'int32')],
      { T: { type: x.type }, Tidx: { type: 'int32' }, output_type: { type: 'int32' } },
      'int32',
      x.shape.filter((_, i) => i !== axis),
    );
  };

const cumulative =
  (op: string): KernelRule =>
  (graph, [x], attributes) =>
    graph.op(
      op,
      [x, graph.constant([axisOf(x, attributes.number('axis'))], [], 'int32')],
      {
        T: { type: x.type },
        Tidx: { type: 'int32' },
        exclusive: { bool: attributes.flag('exclusive') },
        reverse: { bool: attributes.flag('reverse') },
      },
      x.type,
      x.shape,
    );

const overLastAxis =
  (op: string): KernelRule =>
  (graph, [x]) =>
    // tfjs moves the axis to the end before it calls the kernel.
    graph.op(op, [x], { T: { type: x.type } }, x.type, x.shape);

/** Kernels that join the elements of an axis. */
export const reductions: Readonly<Record<string, KernelRule>> = {
  Sum: reduction('Sum'),
  Prod: reduction('Prod'),
  Max: reduction('Max', 'reductionIndices'),
  Min: reduction('Min'),
  All: reduction('All'),
  Any: reduction('Any'),
  Mean(graph, [x], attributes) {
    // As a sum times a constant: the same operations as a loss that divides by its batch itself.
    const axes = axesOf(x, attributes, 'axis');
    const count = axes.reduce((product, axis) => product * x.shape[axisOf(x, axis)], 1);
    const sum = reduce(graph, 'Sum', cast(graph, x, graph.real), axes, keepsAxes(attributes));
    return arithmetic(graph, 'RealDiv', sum, real(graph, count));
  },
  ArgMax: index('ArgMax'),
  ArgMin: index('ArgMin'),
  Cumsum: cumulative('Cumsum'),
  Cumprod: cumulative('Cumprod'),
  Softmax: overLastAxis('Softmax'),
  LogSoftmax: overLastAxis('LogSoftmax'),
  TopK(graph, [x], attributes) {
    const k = attributes.number('k');
    const shape = [...x.shape.slice(0, -1), k];
    return graph.ops(
      'TopKV2',
      [x, graph.constant([k], [], 'int32')],
      { T: { type: x.type }, sorted: { bool: attributes.flag('sorted') } },
      [
        { type: x.type, shape },
        { type: 'int32', shape },
      ],
    );
  },
};

function axesOf(x: Value, attributes: KernelAttributes, name: string): number[] {
  return attributes.has(name) ? attributes.integers(name) : [...x.shape.keys()];
}

function keepsAxes(attributes: KernelAttributes): boolean {
  return attributes.has('keepDims') && attributes.flag('keepDims');
}
