import type { ElementType, Graph, Value } from './graph.ts';
import { cast } from './kernels/elementwise.ts';

// tfjs-node exchanges float32 and int32 tensors only. Doubles cross the border as pairs of int32 that
// hold their bits: all of them, and TensorFlow reinterprets the memory without a copy.

/** A placeholder for numbers of `shape` that are fed as bits, `[…shape, 2]`, and the numbers. */
export function fedBits(
  graph: Graph,
  type: 'float64' | 'uint64',
  shape: readonly number[],
): { readonly fed: Value; readonly value: Value } {
  const fed = graph.placeholder('int32', [...shape, 2]);
  return { fed, value: bitcast(graph, fed, type, shape) };
}

/** The bits of real numbers as int32, `[…shape, 2]`. */
export function bitsOf(graph: Graph, x: Value): Value {
  return bitcast(graph, cast(graph, x, 'float64'), 'int32', [...x.shape, 2]);
}

function bitcast(graph: Graph, x: Value, type: ElementType, shape: readonly number[]): Value {
  return graph.op('Bitcast', [x], { T: { type: x.type }, type: { type } }, type, shape);
}
