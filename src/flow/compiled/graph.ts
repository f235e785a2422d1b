/** Element types as TensorFlow names them, without the `DT_`. */
export type ElementType =
  | 'float32'
  | 'float64'
  | 'int32'
  | 'int64'
  | 'uint32'
  | 'uint64'
  | 'bool'
  | 'resource';

/** One output of one node: what flows along an edge of the graph. Its shape is known. */
export interface Value {
  readonly node: GraphNode;
  readonly index: number;
  readonly type: ElementType;
  readonly shape: readonly number[];
}

/** One TensorFlow operation. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
  readonly outputs: readonly OutputSpec[];
  /** Nodes that have to run before this one although nothing flows from them. */
  readonly after: readonly GraphNode[];
  /** Of a `Const`: its numbers, or the only one where all are equal. */
  readonly constant: Constant | undefined;
}

export interface Constant {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  /** All elements are `values[0]`, and `values` holds it once. */
  readonly uniform: boolean;
}

export type Attribute =
  | { readonly type: ElementType }
  | { readonly int: number }
  | { readonly float: number }
  | { readonly bool: boolean }
  | { readonly text: string }
  | { readonly shape: readonly number[] };

export type Attributes = Readonly<Record<string, Attribute>>;

export interface OutputSpec {
  readonly type: ElementType;
  readonly shape: readonly number[];
}

/**
 * A TensorFlow graph under construction.
 *
 * Equal operations on equal inputs are recorded once, so values that are equal by construction are
 * the same object. Whatever no fetched value depends on is left out when the graph is written.
 */
export interface Graph {
  /** The element type that stands for a real number in this graph. */
  readonly real: 'float32' | 'float64';
  /** A pure operation with one output. */
  op(
    op: string,
    inputs: readonly Value[],
    attributes: Attributes,
    type: ElementType,
    shape: readonly number[],
  ): Value;
  /** A pure operation with several outputs. */
  ops(
    op: string,
    inputs: readonly Value[],
    attributes: Attributes,
    outputs: readonly OutputSpec[],
  ): Value[];
  /** The result of an operation recorded before, or undefined. */
  find(op: string, inputs: readonly Value[], attributes: Attributes): Value | undefined;
  /** An operation that reads or changes state: never shared, ordered by `after`. */
  effect(
    op: string,
    inputs: readonly Value[],
    attributes: Attributes,
    outputs: readonly OutputSpec[],
    after: readonly GraphNode[],
  ): { readonly node: GraphNode; readonly values: readonly Value[] };
  /** `values`: one for each element, or a single one for all of them. */
  constant(values: ArrayLike<number>, shape: readonly number[], type: ElementType): Value;
  /** A number fed at each run. */
  placeholder(type: ElementType, shape: readonly number[]): Value;
}

/** An empty graph whose real numbers are of type `real`. */
export function newGraph(real: 'float32' | 'float64'): Graph {
  const known = new Map<string, readonly Value[]>();
  let count = 0;

  function record(
    op: string,
    inputs: readonly Value[],
    attributes: Attributes,
    outputs: readonly OutputSpec[],
    after: readonly GraphNode[],
    constant: Constant | undefined,
  ): { readonly node: GraphNode; readonly values: Value[] } {
    const name = `${op}_${count++}`;
    const node: GraphNode = { name, op, inputs, attributes, outputs, after, constant };
    return { node, values: outputs.map((output, index) => ({ node, index, ...output })) };
  }

  function shared(key: string, make: () => readonly Value[]): readonly Value[] {
    let values = known.get(key);
    if (values === undefined) {
      values = make();
      known.set(key, values);
    }
    return values;
  }

  const graph: Graph = {
    real,
    op: (op, inputs, attributes, type, shape) =>
      graph.ops(op, inputs, attributes, [{ type, shape }])[0],
    ops: (op, inputs, attributes, outputs) => [
      ...shared(
        keyOf(op, inputs, attributes),
        () => record(op, inputs, attributes, outputs, [], undefined).values,
      ),
    ],
    find: (op, inputs, attributes) => known.get(keyOf(op, inputs, attributes))?.[0],
    effect: (op, inputs, attributes, outputs, after) =>
      record(op, inputs, attributes, outputs, after, undefined),
    constant(values, shape, type) {
      const constant = compact(values, type, shape);
      const make = (): readonly Value[] =>
        record('Const', [], { dtype: { type } }, [{ type, shape }], [], constant).values;
      // Large tables are hardly ever written twice: comparing them would cost more than it saves.
      if (constant.values.length > 64) return make()[0];
      const digits = Array.from(constant.values, (v) => (Object.is(v, -0) ? '-0' : String(v)));
      return shared(`Const|${type}|${shape.join()}|${digits.join()}`, make)[0];
    },
    placeholder: (type, shape) =>
      graph.effect('Placeholder', [], { dtype: { type }, shape: { shape } }, [{ type, shape }], [])
        .values[0],
  };
  return graph;
}

/** How a session names a value: `MatMul_12:0`. */
export function nameOf(value: Value): string {
  return `${value.node.name}:${value.index}`;
}

/** The only number in a constant whose elements are all equal, or undefined. */
export function uniformOf(value: Value): number | undefined {
  return value.node.constant?.uniform ? value.node.constant.values[0] : undefined;
}

/** The number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

function keyOf(op: string, inputs: readonly Value[], attributes: Attributes): string {
  return `${op}|${inputs.map(nameOf).join()}|${JSON.stringify(attributes)}`;
}

function compact(values: ArrayLike<number>, type: ElementType, shape: readonly number[]): Constant {
  const uniform = values.length > 0 && allEqual(values);
  return { type, shape, values: uniform ? [values[0]] : values, uniform };
}

function allEqual(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (!Object.is(values[i], values[0])) return false;
  return true;
}
