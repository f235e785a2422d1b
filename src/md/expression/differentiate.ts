import type { Algebra, Node } from './algebra.ts';
import { functionOf } from './functions.ts';

/**
 * The node of ∂value/∂variable, in the same graph.
 *
 * Node after node from the inputs up, by the chain rule, so that every subexpression is differentiated
 * once. Where a function has no derivative (a jump, a corner) OpenMM's convention holds: see
 * `formulaFunctions`.
 */
export function differentiate(a: Algebra, value: Node, variable: Node): Node {
  const zero = a.number(0);
  // By node; derivatives are appended to the graph while the loop runs, and are not visited.
  const changes: Node[] = [];
  for (let node = 0; node <= value; node++) {
    if (node === variable) changes[node] = a.number(1);
    else if (a.nodes[node].of.every((each) => changes[each] === zero)) changes[node] = zero;
    else changes[node] = changeOf(a, node, changes);
  }
  return changes[value];
}

/** How `node` changes where the nodes below it change by `changes`. */
function changeOf(a: Algebra, node: Node, changes: readonly Node[]): Node {
  const { operation, of, value } = a.nodes[node];
  const [u, v] = of;
  const [du, dv] = of.map((each) => changes[each]);
  switch (operation) {
    case 'number':
    case 'input':
      return a.number(0);
    case 'add':
      return a.add(du, dv);
    case 'subtract':
      return a.subtract(du, dv);
    case 'negate':
      return a.negate(du);
    case 'multiply':
      return a.add(a.multiply(du, v), a.multiply(u, dv));
    case 'divide':
      return a.subtract(a.divide(du, v), quotientTimesLogChange(a, node, v, changes));
    case 'power':
      return a.multiply(a.multiply(a.number(value), a.power(u, value - 1)), du);
    default: {
      const { derivative } = functionOf(operation.slice('call:'.length));
      const change = of.map((each) => changes[each]);
      return derivative?.(a, of, change, node) ?? a.number(0);
    }
  }
}

/** (u/v) v′/v; where v = wⁿ it is n (u/v) w′/w, which needs no further power. */
function quotientTimesLogChange(
  a: Algebra,
  quotient: Node,
  v: Node,
  changes: readonly Node[],
): Node {
  const { operation, of, value } = a.nodes[v];
  if (operation !== 'power') return a.divide(a.multiply(quotient, changes[v]), v);
  const scaled = a.multiply(a.number(value), quotient);
  return a.divide(a.multiply(scaled, changes[of[0]]), of[0]);
}
