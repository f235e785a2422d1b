import { type GraphNode, uniformOf, type Value } from './graph.ts';
import { axisOf } from './layout.ts';
import { type Form, SHARDS } from './shardForm.ts';

/** How a node is computed part by part. */
export interface ShardPlan {
  /** What the parts of its outputs are. */
  readonly kind: 'rows' | 'sums';
  /** Whether input `i`, if it is whole, has rows that are to be cut; none has unless given. */
  cut?(i: number): boolean;
  /** An input that names a shape, and the shape that it is to name. */
  readonly newShape?: { readonly input: number; readonly shape: readonly number[] };
}

/** The plan for a node some of whose inputs are in parts; undefined where it needs them whole. */
export function shardRule(node: GraphNode, inputs: readonly Form[]): ShardPlan | undefined {
  const hasRows = inputs.some((form) => form.kind === 'rows');
  const hasSums = inputs.some((form) => form.kind === 'sums');
  if (hasRows === hasSums) return undefined;
  if (hasSums) return isLinear(node, inputs) ? { kind: 'sums' } : undefined;
  if (ELEMENTWISE.has(node.op)) return elementwise(node, inputs);
  return Object.hasOwn(RULES, node.op) ? RULES[node.op](node, inputs) : undefined;
}

type Rule = (node: GraphNode, inputs: readonly Form[]) => ShardPlan | undefined;

const ELEMENTWISE: ReadonlySet<string> = new Set(
  (
    'Abs Acos Acosh AddV2 Asin Asinh Atan Atan2 Atanh Cast Ceil ClipByValue Cos Cosh DeepCopy Elu ' +
    'EluGrad Equal Erf Exp Expm1 Floor FloorDiv FloorMod Greater GreaterEqual IsFinite IsInf IsNan ' +
    'Less LessEqual Log Log1p LogicalAnd LogicalNot LogicalOr Maximum Minimum Mul NotEqual Pow ' +
    'RealDiv Reciprocal Relu Relu6 ReluGrad Rint Rsqrt SelectV2 Selu Sigmoid SigmoidGrad Sign Sin ' +
    'Sinh Softplus Sqrt Square SquaredDifference Sub Tan Tanh TanhGrad'
  ).split(' '),
);

const ROWS: ShardPlan = { kind: 'rows' };
const SUMS: ShardPlan = { kind: 'sums' };

/** Rows stay rows where they are the first axis of the result too. */
const elementwise: Rule = ({ outputs: [{ shape }], inputs: values }, inputs) => {
  const isRowwise = (i: number): boolean =>
    values[i].shape.length === shape.length && values[i].shape[0] === shape[0];
  const fits = inputs.every((form, i) => form.kind === 'whole' || isRowwise(i));
  return fits ? { kind: 'rows', cut: isRowwise } : undefined;
};

/** Where the rows are the leading axis before and after, and input `shapeInput` names the shape after. */
const reshaping =
  (shapeInput: number): Rule =>
  ({ outputs: [{ shape }], inputs: [x] }) =>
    shape[0] === x.shape[0]
      ? {
          kind: 'rows',
          newShape: { input: shapeInput, shape: [shape[0] / SHARDS, ...shape.slice(1)] },
        }
      : undefined;

/** Where the axes in input `axesInput` are not that of the rows. */
const onOtherAxes =
  (axesInput: number): Rule =>
  ({ inputs: values }) =>
    axesIn(values[axesInput], values[0]).includes(0) ? undefined : ROWS;

const overAnyAxis: Rule = ({ inputs: [x, axes] }) => (axesIn(axes, x).includes(0) ? SUMS : ROWS);

const ofMatrixRows: Rule = ({ outputs: [{ shape }] }) => (shape.length > 1 ? ROWS : undefined);

const RULES: Readonly<Record<string, Rule>> = {
  Sum: overAnyAxis,
  Max: onOtherAxes(1),
  Min: onOtherAxes(1),
  Prod: onOtherAxes(1),
  Cumsum: onOtherAxes(1),
  ReverseV2: onOtherAxes(1),
  SplitV: onOtherAxes(2),
  Softmax: ofMatrixRows,
  LogSoftmax: ofMatrixRows,
  BiasAdd: (_, [x]) => (x.kind === 'rows' ? ROWS : undefined),
  BiasAddGrad: () => SUMS,
  Reshape: reshaping(1),
  // Onto more axes, the rows become another axis than the first.
  BroadcastTo: (node, inputs) =>
    node.inputs[0].shape.length === node.outputs[0].shape.length
      ? reshaping(1)(node, inputs)
      : undefined,
  Slice: (node, inputs) =>
    integersIn(node.inputs[1])[0] === 0 ? reshaping(2)(node, inputs) : undefined,
  Transpose: ({ inputs: [, order] }) => (integersIn(order)[0] === 0 ? ROWS : undefined),
  PadV2: ({ inputs: [, paddings] }) =>
    integersIn(paddings)
      .slice(0, 2)
      .every((padding) => padding === 0)
      ? ROWS
      : undefined,
  GatherV2: (node, inputs) => {
    const { batch_dims: batchAxes } = node.attributes;
    const isPlain = batchAxes === undefined || ('int' in batchAxes && batchAxes.int === 0);
    return isPlain && inputs[1].kind === 'whole' ? onOtherAxes(2)(node, inputs) : undefined;
  },
  ConcatV2({ inputs: values }, _inputs) {
    const last = values.length - 1;
    if (axesIn(values[last], values[0]).includes(0)) return undefined;
    return { kind: 'rows', cut: (i) => i < last };
  },
  MatMul({ attributes }, [_a, b]) {
    const flipA = isTrue(attributes['transpose_a']);
    const flipB = isTrue(attributes['transpose_b']);
    // Rows of a, each times b.
    if (!flipA && b.kind === 'whole') return ROWS;
    // A sum over the rows that both have.
    return flipA && !flipB ? { kind: 'sums', cut: () => true } : undefined;
  },
};

/** Whether the sum of what parts give is what their sum gives. */
function isLinear({ op, inputs: values }: GraphNode, inputs: readonly Form[]): boolean {
  const inParts = (i: number): boolean => inputs[i].kind === 'sums';
  switch (op) {
    case 'AddV2':
    case 'Sub':
      return inParts(0) && inParts(1);
    case 'Mul':
    case 'MatMul':
      return inParts(0) !== inParts(1);
    case 'RealDiv':
      return !inParts(1);
    case 'ConcatV2':
      return inputs.slice(0, -1).every((_, i) => inParts(i) || uniformOf(values[i]) === 0);
    default:
      return LINEAR_IN_FIRST.has(op);
  }
}

const LINEAR_IN_FIRST: ReadonlySet<string> = new Set([
  'BiasAddGrad',
  'BroadcastTo',
  'Reshape',
  'Slice',
  'SplitV',
  'Sum',
  'Transpose',
]);

function isTrue(attribute: GraphNode['attributes'][string] | undefined): boolean {
  return attribute !== undefined && 'bool' in attribute && attribute.bool;
}

/** Axes that a constant names, counted from the front of `x`. */
function axesIn(axes: Value, x: Value): number[] {
  return integersIn(axes).map((axis) => axisOf(x, axis));
}

/** The elements of a constant. */
function integersIn(value: Value): number[] {
  const { constant } = value.node;
  if (constant === undefined) throw new TypeError('expected axes that are known while tracing');
  const size = value.shape.reduce((product, extent) => product * extent, 1);
  return Array.from({ length: size }, (_, i) => constant.values[constant.uniform ? 0 : i]);
}
