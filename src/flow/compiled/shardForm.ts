import { arithmetic } from './arithmetic.ts';
import { broadcastTo } from './broadcast.ts';
import { type Graph, uniformOf, type Value } from './graph.ts';
import { concat, split } from './layout.ts';

/** Parts that a batch is cut into. Two, whatever the machine: another number gives other last digits. */
export const SHARDS = 2;

/** How a value of the original graph is to be had in one whose batches are cut into parts. */
export type Form =
  /** As it was, or as it has become. */
  | { readonly kind: 'whole'; readonly value: Value }
  /** Its first rows, its next rows, … */
  | { readonly kind: 'rows'; readonly parts: readonly Value[] }
  /** What adds up to it. */
  | { readonly kind: 'sums'; readonly parts: readonly Value[] };

/** The value itself. */
export function whole(graph: Graph, form: Form): Value {
  switch (form.kind) {
    case 'whole':
      return form.value;
    case 'rows':
      return concat(graph, form.parts, 0);
    case 'sums':
      return form.parts.reduce((sum, part) => arithmetic(graph, 'AddV2', sum, part));
  }
}

/** One of the equal parts of a value's rows. */
export function cut(graph: Graph, value: Value, part: number): Value {
  const shape = [value.shape[0] / SHARDS, ...value.shape.slice(1)];
  const uniform = uniformOf(value);
  if (uniform !== undefined) return graph.constant([uniform], shape, value.type);
  if (value.node.op === 'BroadcastTo') {
    const [source] = value.node.inputs;
    // Spread out over the rows: the same for each part.
    if (source.shape.length < shape.length || source.shape[0] === 1) {
      return broadcastTo(graph, source, shape);
    }
  }
  const sizes = Array.from({ length: SHARDS }, () => shape[0]);
  return split(graph, value, sizes, 0)[part];
}
