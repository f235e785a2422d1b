import { arithmetic, unary } from './arithmetic.ts';
import type { Graph, Value } from './graph.ts';
import { cast } from './kernels/elementwise.ts';
import { concat, reshape, slice } from './kernels/shapes.ts';

/**
 * Standard normal doubles, `[count]`: those that `normal` of `core/rng.ts` draws from the same key,
 * to rounding.
 *
 * TensorFlow has the same generator, Philox4x32-10, and gives its words as they are; the steps from
 * words to uniforms to normals are those of `normal`.
 *
 * @param key of uint64, `[1]`: the low word first.
 * @param counter of uint64, `[2]`: the block to start from, and 0; two numbers come from a block.
 */
export function latentDrawsInGraph(graph: Graph, key: Value, counter: Value, count: number): Value {
  const blocks = Math.ceil(count / 2);
  const philox = graph.constant([1], [], 'int32');
  const words = graph.op(
    'StatelessRandomUniformFullIntV2',
    [graph.constant([blocks, 4], [2], 'int32'), key, counter, philox],
    { dtype: { type: 'uint32' }, Tshape: { type: 'int32' } },
    'uint32',
    [blocks, 4],
  );
  const f64 = { T: { type: 'float64' } } as const;
  // The upper 27 bits of one word and the upper 26 of the next are the 53 bits of a double.
  const kept = graph.op(
    'RightShift',
    [words, graph.constant([5, 6, 5, 6], [4], 'uint32')],
    { T: { type: 'uint32' } },
    'uint32',
    [blocks, 4],
  );
  const weight = graph.constant([2 ** -27, 2 ** -53, 2 ** -27, 2 ** -53], [4], 'float64');
  const digits = graph.op('Mul', [cast(graph, kept, 'float64'), weight], f64, 'float64', [
    blocks,
    4,
  ]);
  const uniform = (first: number): Value =>
    graph.op(
      'AddV2',
      [column(graph, digits, first), column(graph, digits, first + 1)],
      f64,
      'float64',
      [blocks, 1],
    );
  const scaled = (x: Value, factor: number): Value =>
    arithmetic(graph, 'Mul', x, graph.constant([factor], [], 'float64'));
  // 1 − u lies in (0, 1], so the logarithm is finite.
  const logarithm = unary(graph, 'Log1p', scaled(uniform(0), -1));
  const radius = unary(graph, 'Sqrt', scaled(logarithm, -2));
  const angle = scaled(uniform(2), 2 * Math.PI);
  const pair = ['Cos', 'Sin'].map((op) =>
    arithmetic(graph, 'Mul', radius, unary(graph, op, angle)),
  );
  const normals = reshape(graph, concat(graph, pair, 1), [2 * blocks]);
  return slice(graph, normals, [0], [count]);
}

function column(graph: Graph, x: Value, index: number): Value {
  return slice(graph, x, [0, index], [x.shape[0], 1]);
}
