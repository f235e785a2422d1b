import { arithmetic, unary } from './arithmetic.ts';
import type { Graph, Value } from './graph.ts';
import { cast } from './kernels/elementwise.ts';
import { concat, reshape, slice, transpose } from './layout.ts';

/**
 * Standard normal numbers of the graph's real type, `[count]`: those that `normal` of `core/rng.ts`
 * draws from the same key, to rounding.
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
    'BitwiseAnd',
    [
      words,
      graph.constant([2 ** 32 - 32, 2 ** 32 - 64, 2 ** 32 - 32, 2 ** 32 - 64], [4], 'uint32'),
    ],
    { T: { type: 'uint32' } },
    'uint32',
    [blocks, 4],
  );
  const weight = graph.constant([2 ** -32, 2 ** -59, 2 ** -32, 2 ** -59], [4], 'float64');
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
      [1, blocks],
    );
  const scaled = (x: Value, factor: number): Value =>
    arithmetic(graph, 'Mul', x, graph.constant([factor], [], x.type));
  // 1 − u lies in (0, 1], so the logarithm is finite: in float64, since float32 rounds 1 − 2⁻⁵³ to 1.
  const logarithm = unary(graph, 'Log1p', scaled(uniform(0), -1));
  const radius = cast(graph, unary(graph, 'Sqrt', scaled(logarithm, -2)), graph.real);
  const angle = scaled(cast(graph, uniform(2), graph.real), 2 * Math.PI);
  const pair = ['Cos', 'Sin'].map((op) =>
    arithmetic(graph, 'Mul', radius, unary(graph, op, angle)),
  );
  const normals = reshape(graph, transpose(graph, concat(graph, pair, 0), [1, 0]), [2 * blocks]);
  return slice(graph, normals, [0], [count]);
}

/** A column as a row, `[1, blocks]`. */
function column(graph: Graph, x: Value, index: number): Value {
  return reshape(graph, slice(graph, x, [0, index], [x.shape[0], 1]), [1, x.shape[0]]);
}
