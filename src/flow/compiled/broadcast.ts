import { type Graph, uniformOf, type Value } from './graph.ts';

/** The shape of an elementwise result, by numpy's rule. @throws {RangeError} where shapes clash. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new RangeError(`shapes [${a}] and [${b}] cannot be broadcast together`);
    }
    return left === 1 ? right : left;
  });
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** `x` repeated to `shape`. */
export function broadcastTo(graph: Graph, x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x;
  const uniform = uniformOf(x);
  if (uniform !== undefined) return graph.constant([uniform], shape, x.type);
  return graph.op(
    'BroadcastTo',
    [x, graph.constant(shape, [shape.length], 'int32')],
    { T: { type: x.type }, Tidx: { type: 'int32' } },
    x.type,
    shape,
  );
}

/** `x` before it was spread out, where `other` alone gives the result its shape. */
export function narrowed(graph: Graph, x: Value, other: Value, shape: readonly number[]): Value {
  if (!sameShape(other.shape, shape)) return x;
  const uniform = uniformOf(x);
  if (uniform !== undefined) return graph.constant([uniform], [], x.type);
  return x.node.op === 'BroadcastTo' ? x.node.inputs[0] : x;
}
