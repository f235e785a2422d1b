import { type Graph, type GraphNode, nameOf, sizeOf, type Value } from './graph.ts';
import { integers, split } from './layout.ts';
import { reachable } from './savedModel.ts';
import { cut, type Form, SHARDS, whole } from './shardForm.ts';
import { shardRule } from './shardRules.ts';

/** Batches of fewer rows are left whole: cutting them costs more than it gains. */
const FEWEST_ROWS = 64;
/**
 * So is everything that has no product of this many multiplications, by a matrix of this many entries: twice
 * the operations take twice as long to optimise, a quarter of a second for a small flow.
 */
const FEWEST_MULTIPLICATIONS = 2e6;
const FEWEST_WEIGHTS = 1e4;

/**
 * Rewrites `results` so that two halves of the rows of `batches` are computed side by side.
 *
 * A flow is a chain of small matrix products, each of which has too little work for two threads, or
 * pays for being shared out; two independent chains keep two threads busy for as long as they run.
 * Values are cut along their first axis where every operation on the way works on rows by itself;
 * sums over rows are taken of each half and added. Where an operation fits neither case, the halves
 * are put together again before it: the result is the same function, whatever the graph holds.
 * @param isWorthIt Whether operations are worth cutting: where one of them is a large product, by default.
 */
export function shardRows(
  graph: Graph,
  results: readonly Value[],
  batches: readonly Value[],
  isWorthIt: (nodes: readonly GraphNode[]) => boolean = hasLargeProduct,
): Value[] {
  const forms = new Map<string, Form>();
  for (const batch of batches) {
    const rows = batch.shape[0] ?? 0;
    if (rows < FEWEST_ROWS || rows % SHARDS !== 0) continue;
    const sizes = Array.from({ length: SHARDS }, () => rows / SHARDS);
    forms.set(nameOf(batch), { kind: 'rows', parts: split(graph, batch, sizes, 0) });
  }
  const formOf = (value: Value): Form => forms.get(nameOf(value)) ?? { kind: 'whole', value };
  const nodes = forms.size > 0 ? reachable(results) : [];
  if (isWorthIt(nodes)) {
    for (const node of nodes) {
      const inputs = node.inputs.map(formOf);
      const isUntouched = inputs.every(
        (form, i) => form.kind === 'whole' && form.value === node.inputs[i],
      );
      if (isUntouched) continue;
      rewritten(graph, node, inputs).forEach((form, index) => {
        forms.set(`${node.name}:${index}`, form);
      });
    }
  }
  return results.map((value) => whole(graph, formOf(value)));
}

function hasLargeProduct(nodes: readonly GraphNode[]): boolean {
  return nodes.some(isLargeProduct);
}

function isLargeProduct({ op, inputs: [left, right], outputs: [product] }: GraphNode): boolean {
  if (op !== 'MatMul') return false;
  const multiplications = sizeOf(left.shape) * product.shape[1];
  const matrix = Math.min(sizeOf(left.shape), sizeOf(right.shape), sizeOf(product.shape));
  return multiplications >= FEWEST_MULTIPLICATIONS && matrix >= FEWEST_WEIGHTS;
}

/** The outputs of a node whose inputs have come into other forms. */
function rewritten(graph: Graph, node: GraphNode, inputs: readonly Form[]): Form[] {
  const plan = shardRule(node, inputs);
  if (plan === undefined) {
    const values = inputs.map((form) => whole(graph, form));
    return graph
      .ops(node.op, values, node.attributes, node.outputs)
      .map((value) => ({ kind: 'whole', value }));
  }
  const outputs = node.outputs.map(({ type, shape }) => ({
    type,
    shape: plan.kind === 'rows' ? [shape[0] / SHARDS, ...shape.slice(1)] : shape,
  }));
  const parts = Array.from({ length: SHARDS }, (_, part) => {
    const values = inputs.map((form, i) => {
      if (form.kind !== 'whole') return form.parts[part];
      if (plan.newShape?.input === i) return integers(graph, plan.newShape.shape);
      return plan.cut?.(i) ? cut(graph, form.value, part) : form.value;
    });
    return graph.ops(node.op, values, node.attributes, outputs);
  });
  return node.outputs.map((_, index) => ({
    kind: plan.kind,
    parts: parts.map((values) => values[index]),
  }));
}
