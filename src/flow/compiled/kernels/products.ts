import { broadcastShape } from '../broadcast.ts';
import { constantMatrix, markIfPlaced, pickedProduct } from '../columns.ts';
import type { Graph, Value } from '../graph.ts';
import { reshape } from '../layout.ts';
import type { KernelRule } from './kernelRule.ts';

/** `a · b`, either one transposed first if so asked. */
export function matMul(
  graph: Graph,
  a: Value,
  b: Value,
  transposeA: boolean,
  transposeB: boolean,
): Value {
  const left = untransposed(a);
  const right = untransposed(b);
  const flipA = transposeA !== left.flipped;
  const flipB = transposeB !== right.flipped;
  const [k, m] = flipA ? left.x.shape : [left.x.shape[1], left.x.shape[0]];
  const n = right.x.shape[flipB ? 0 : 1];
  if (k !== right.x.shape[flipB ? 1 : 0]) {
    throw new RangeError(`matrices of [${a.shape}] and [${b.shape}] cannot be multiplied`);
  }
  const matrix = flipA ? undefined : constantMatrix(right.x, flipB);
  const picked = matrix === undefined ? undefined : pickedProduct(graph, left.x, matrix);
  if (picked !== undefined) return picked;
  const product = graph.op(
    'MatMul',
    [left.x, right.x],
    { T: { type: a.type }, transpose_a: { bool: flipA }, transpose_b: { bool: flipB } },
    a.type,
    [m, n],
  );
  return matrix === undefined ? product : markIfPlaced(product, left.x, matrix);
}

/** A matrix before it was transposed: the product reads it either way round at no cost. */
function untransposed(x: Value): { readonly x: Value; readonly flipped: boolean } {
  return x.node.op === 'Transpose' && x.shape.length === 2
    ? { x: x.node.inputs[0], flipped: true }
    : { x, flipped: false };
}

/** Kernels that multiply matrices. */
export const products: Readonly<Record<string, KernelRule>> = {
  BatchMatMul(graph, [a, b], attributes) {
    const transposeA = attributes.flag('transposeA');
    const transposeB = attributes.flag('transposeB');
    const batch = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const matrixA = a.shape.slice(-2);
    const matrixB = b.shape.slice(-2);
    // MatMul, unlike BatchMatMulV2, is fused with a bias and an activation.
    if (batch.every((extent) => extent === 1)) {
      const product = matMul(
        graph,
        reshape(graph, a, matrixA),
        reshape(graph, b, matrixB),
        transposeA,
        transposeB,
      );
      return reshape(graph, product, [...batch, ...product.shape]);
    }
    const rows = matrixA[transposeA ? 1 : 0];
    const columns = matrixB[transposeB ? 0 : 1];
    return graph.op(
      'BatchMatMulV2',
      [a, b],
      { T: { type: a.type }, adj_x: { bool: transposeA }, adj_y: { bool: transposeB } },
      a.type,
      [...batch, rows, columns],
    );
  },
  Einsum(graph, inputs, attributes) {
    const equation = attributes.text('equation').replaceAll(' ', '');
    const [from, to] = equation.split('->');
    const extents = new Map<string, number>();
    from.split(',').forEach((letters, i) => {
      [...letters].forEach((letter, axis) => {
        extents.set(letter, inputs[i].shape[axis]);
      });
    });
    return graph.op(
      'Einsum',
      inputs,
      { N: { int: inputs.length }, equation: { text: equation }, T: { type: inputs[0].type } },
      inputs[0].type,
      Array.from(to, (letter) => extents.get(letter) ?? 1),
    );
  },
};
