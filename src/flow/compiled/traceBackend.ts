import * as tf from '@tensorflow/tfjs-core';
import { exactValues } from '../constant.ts';
import type { Graph, Value } from './graph.ts';
import { kernelAttributes } from './kernelAttributes.ts';
import { creation } from './kernels/creation.ts';
import { elementTypeOf, elementwise } from './kernels/elementwise.ts';
import { indexing } from './kernels/indexing.ts';
import type { KernelRule } from './kernels/kernelRule.ts';
import { products } from './kernels/products.ts';
import { reductions } from './kernels/reductions.ts';
import { shapes } from './kernels/shapes.ts';
import { TraceError } from './traceError.ts';

/** The name under which tfjs knows the backend that records. It is there during a trace only. */
export const TRACE_BACKEND = 'ergoflow-trace';

/** What a trace has recorded so far. */
export interface Recording {
  readonly graph: Graph;
  /** Values by the identity of the tensor data that stands for them. */
  readonly values: Map<object, Value>;
}

let current: Recording | undefined;

/** The recording that kernels write to, or undefined outside a trace. */
export function recording(): Recording | undefined {
  return current;
}

/** Lets kernels write to `next`; undefined when the trace is over. */
export function record(next: Recording | undefined): void {
  if (next !== undefined) registerRules();
  current = next;
}

/**
 * A tfjs backend whose tensors stand for values of a graph.
 *
 * It is made of functions on tfjs's own base class, whose other methods throw.
 */
export function traceBackend({ graph, values }: Recording): tf.KernelBackend {
  return Object.assign(new tf.KernelBackend(), {
    write(numbers: ArrayLike<unknown>, shape: number[], dtype: tf.DataType) {
      const dataId = {};
      const copy = Float64Array.from(numbers as ArrayLike<number>);
      values.set(dataId, graph.constant(copy, shape, elementTypeOf(graph, dtype)));
      return dataId;
    },
    readSync(dataId: object): never | Float32Array | Int32Array {
      const value = values.get(dataId);
      const constant = value?.node.constant;
      if (value === undefined || constant === undefined) {
        throw new TraceError(
          'compiled code must not read the numbers of a tensor (dataSync, data, array): ' +
            'they do not exist while it is being traced',
        );
      }
      const size = value.shape.reduce((product, extent) => product * extent, 1);
      const numbers = Array.from(
        { length: size },
        (_, i) => constant.values[constant.uniform ? 0 : i],
      );
      return value.type === graph.real ? Float32Array.from(numbers) : Int32Array.from(numbers);
    },
    read: (): never => {
      throw new TraceError('compiled code must not wait for the numbers of a tensor (data, array)');
    },
    disposeData: (dataId: object) => {
      values.delete(dataId);
      return true;
    },
    // Every result gets data of its own, so nothing is ever shared.
    refCount: () => 1,
    incRef: () => undefined,
    numDataIds: () => values.size,
    memory: () => ({ unreliable: true }),
    floatPrecision: (): 32 => 32,
    epsilon: () => 1e-7,
    dispose: () => undefined,
  });
}

/** The value that a tensor's data stands for; numbers from another backend become a constant. */
export function valueBehind({ graph, values }: Recording, info: tf.TensorInfo): Value {
  const known = values.get(info.dataId);
  const value =
    known ??
    graph.constant(
      Float64Array.from(tf.engine().readSync(info.dataId) as ArrayLike<number>),
      info.shape,
      elementTypeOf(graph, info.dtype),
    );
  if (graph.real === 'float32' || value.node.constant === undefined) return value;
  const doubles = exactValues(info);
  if (doubles === undefined) return value;
  const exact = graph.constant(doubles, value.shape, value.type);
  values.set(info.dataId, exact);
  return exact;
}

/** Every kernel that can be recorded, by the name that tfjs gives it. */
export const RULES: Readonly<Record<string, KernelRule>> = {
  ...elementwise,
  ...shapes,
  ...reductions,
  ...products,
  ...indexing,
  ...creation,
};

/** The order of inputs where a kernel names them otherwise than `a, b` or `x`. */
const INPUT_NAMES: Readonly<Record<string, readonly string[]>> = {
  EluGrad: ['dy', 'y'],
  Prelu: ['x', 'alpha'],
  Select: ['condition', 't', 'e'],
  GatherV2: ['x', 'indices'],
  GatherNd: ['params', 'indices'],
  ScatterNd: ['indices', 'updates'],
  TensorScatterUpdate: ['tensor', 'indices', 'updates'],
  UnsortedSegmentSum: ['x', 'segmentIds'],
  SearchSorted: ['sortedSequence', 'values'],
  LowerBound: ['sortedSequence', 'values'],
  UpperBound: ['sortedSequence', 'values'],
};

let registered = false;

function registerRules(): void {
  if (registered) return;
  registered = true;
  for (const [kernelName, rule] of Object.entries(RULES)) {
    tf.registerKernel({
      kernelName,
      backendName: TRACE_BACKEND,
      kernelFunc({ inputs, attrs }) {
        if (current === undefined) throw new TraceError(`${kernelName} was called outside a trace`);
        const into = current;
        const names = INPUT_NAMES[kernelName] ?? Object.keys(inputs);
        const values = names.map((name) => {
          const input = inputs[name];
          if (input === undefined)
            throw new TraceError(`${kernelName} was called without "${name}"`);
          return valueBehind(into, input);
        });
        const result = rule(into.graph, values, kernelAttributes(kernelName, attrs));
        return isList(result) ? result.map((value) => infoOf(into, value)) : infoOf(into, result);
      },
    });
  }
}

function isList(result: Value | readonly Value[]): result is readonly Value[] {
  return Array.isArray(result);
}

/** Tensor data that stands for `value`. */
export function infoOf({ graph, values }: Recording, value: Value): tf.TensorInfo {
  const dataId = {};
  values.set(dataId, value);
  const dtype = value.type === graph.real ? 'float32' : value.type;
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
    throw new TraceError(`tfjs has no tensors of ${dtype}`);
  }
  return { dataId, shape: [...value.shape], dtype };
}
