import type { Graph, GraphNode, Value } from './graph.ts';

/** A vector that a session keeps between calls. */
export interface Variable {
  readonly handle: Value;
  /** Its numbers at the time of the call. */
  readonly value: Value;
  /** Sets it to the numbers fed to `placeholder`. */
  readonly placeholder: Value;
  readonly assignment: GraphNode;
}

/** A float32 vector of `length` named `name`. */
export function variable(graph: Graph, name: string, length: number): Variable {
  const dtype = { type: 'float32' } as const;
  const shape = [length];
  const handle = graph.effect(
    'VarHandleOp',
    [],
    { dtype, shape: { shape }, shared_name: { text: name } },
    [{ type: 'resource', shape: [] }],
    [],
  ).values[0];
  const placeholder = graph.placeholder('float32', shape);
  // Fed numbers may lie in JavaScript's memory, which the variable must never write to.
  const copy = graph.effect('DeepCopy', [placeholder], { T: dtype }, [{ ...dtype, shape }], []);
  return {
    handle,
    value: graph.effect('ReadVariableOp', [handle], { dtype }, [{ ...dtype, shape }], []).values[0],
    placeholder,
    assignment: graph.effect('AssignVariableOp', [handle, copy.values[0]], { dtype }, [], []).node,
  };
}

/** `value` under a name of its own, to be had only after `nodes` have run. */
export function after(graph: Graph, value: Value, nodes: readonly GraphNode[]): Value {
  return graph.effect(
    'Identity',
    [value],
    { T: { type: value.type } },
    [{ type: value.type, shape: value.shape }],
    nodes,
  ).values[0];
}
