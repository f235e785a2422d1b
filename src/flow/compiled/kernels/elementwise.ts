import { type ArithmeticOp, arithmetic, negative, unary } from '../arithmetic.ts';
import { broadcastShape, narrowed } from '../broadcast.ts';
import { type ElementType, type Graph, uniformOf, type Value } from '../graph.ts';
import { TraceError } from '../traceError.ts';
import type { KernelRule } from './kernelRule.ts';

/** `x` as another element type. */
export function cast(graph: Graph, x: Value, type: ElementType): Value {
  if (x.type === type) return x;
  const uniform = uniformOf(x);
  if (uniform !== undefined && type === graph.real && x.type !== 'uint64') {
    return graph.constant([uniform], x.shape, type);
  }
  return graph.op('Cast', [x], { SrcT: { type: x.type }, DstT: { type } }, type, x.shape);
}

/** A comparison or a logical operation of two arguments. */
export function predicate(graph: Graph, op: string, a: Value, b: Value): Value {
  const attributes = op.startsWith('Logical') ? {} : { T: { type: a.type } };
  return graph.op(op, [a, b], attributes, 'bool', broadcastShape(a.shape, b.shape));
}

/** `yes` where `condition` holds, `no` elsewhere. */
export function select(graph: Graph, condition: Value, yes: Value, no: Value): Value {
  const shape = broadcastShape(condition.shape, broadcastShape(yes.shape, no.shape));
  const branches = [yes, no].map((branch) => narrowed(graph, branch, condition, shape));
  return graph.op('SelectV2', [condition, ...branches], { T: { type: yes.type } }, yes.type, shape);
}

/** The graph's element type for one of tfjs. @throws {TraceError} where it has none. */
export function elementTypeOf(graph: Graph, dtype: string): ElementType {
  if (dtype === 'float32') return graph.real;
  if (dtype === 'int32' || dtype === 'bool') return dtype;
  throw new TraceError(`a compiled graph has no tensors of ${dtype}`);
}

/** A number of the graph's real type. */
export function real(graph: Graph, value: number): Value {
  return graph.constant([value], [], graph.real);
}

const sameName =
  (op: string): KernelRule =>
  (graph, [x]) =>
    unary(graph, op, x);

const arithmeticRule =
  (op: ArithmeticOp): KernelRule =>
  (graph, [a, b]) =>
    arithmetic(graph, op, a, b);

const binary =
  (op: string): KernelRule =>
  (graph, [a, b]) =>
    graph.op(op, [a, b], { T: { type: a.type } }, a.type, broadcastShape(a.shape, b.shape));

const predicateRule =
  (op: string): KernelRule =>
  (graph, [a, b]) =>
    predicate(graph, op, a, b);

const test =
  (op: string): KernelRule =>
  (graph, [x]) =>
    graph.op(op, [x], { T: { type: x.type } }, 'bool', x.shape);

const UNARY =
  'Abs Acos Acosh Asin Asinh Atan Atanh Ceil Cos Cosh Elu Erf Exp Expm1 Floor Log Log1p ' +
  'Reciprocal Relu Relu6 Rsqrt Selu Sigmoid Sign Sin Sinh Softplus Sqrt Square Tan Tanh';

/** Kernels that work on each element by itself. */
export const elementwise: Readonly<Record<string, KernelRule>> = {
  ...Object.fromEntries(UNARY.split(' ').map((name) => [name, sameName(name)])),
  Neg: (graph, [x]) => negative(graph, x),
  // tfjs rounds halves to even, which is TensorFlow's Rint.
  Round: sameName('Rint'),
  Add: arithmeticRule('AddV2'),
  Sub: arithmeticRule('Sub'),
  Multiply: arithmeticRule('Mul'),
  RealDiv: arithmeticRule('RealDiv'),
  Maximum: arithmeticRule('Maximum'),
  Minimum: arithmeticRule('Minimum'),
  Atan2: binary('Atan2'),
  FloorDiv: binary('FloorDiv'),
  Mod: binary('FloorMod'),
  Pow: binary('Pow'),
  SquaredDifference: binary('SquaredDifference'),
  AddN: (graph, inputs) => inputs.reduce((sum, x) => arithmetic(graph, 'AddV2', sum, x)),
  EluGrad: (graph, [dy, y]) =>
    graph.op('EluGrad', [dy, y], { T: { type: dy.type } }, dy.type, dy.shape),
  LeakyRelu(graph, [x], attributes) {
    // TensorFlow keeps the slope as float32, which would cost a float64 graph its digits.
    const leak = arithmetic(graph, 'Mul', x, real(graph, attributes.number('alpha')));
    return select(graph, predicate(graph, 'Greater', x, real(graph, 0)), x, leak);
  },
  Prelu(graph, [x, alpha]) {
    const leak = arithmetic(graph, 'Mul', x, alpha);
    return select(graph, predicate(graph, 'Greater', x, real(graph, 0)), x, leak);
  },
  Step(graph, [x], attributes) {
    const slope = attributes.has('alpha') ? attributes.number('alpha') : 0;
    const positive = predicate(graph, 'Greater', x, graph.constant([0], [], x.type));
    if (slope === 0) return cast(graph, positive, graph.real);
    return select(graph, positive, real(graph, 1), real(graph, slope));
  },
  ClipByValue: (graph, [x], attributes) =>
    graph.op(
      'ClipByValue',
      [
        x,
        real(graph, attributes.number('clipValueMin')),
        real(graph, attributes.number('clipValueMax')),
      ],
      { T: { type: x.type } },
      x.type,
      x.shape,
    ),
  Equal: predicateRule('Equal'),
  NotEqual: predicateRule('NotEqual'),
  Greater: predicateRule('Greater'),
  GreaterEqual: predicateRule('GreaterEqual'),
  Less: predicateRule('Less'),
  LessEqual: predicateRule('LessEqual'),
  LogicalAnd: predicateRule('LogicalAnd'),
  LogicalOr: predicateRule('LogicalOr'),
  LogicalXor: (graph, [a, b]) =>
    graph.op('NotEqual', [a, b], { T: { type: 'bool' } }, 'bool', broadcastShape(a.shape, b.shape)),
  LogicalNot: (graph, [x]) => graph.op('LogicalNot', [x], {}, 'bool', x.shape),
  IsNan: test('IsNan'),
  IsInf: test('IsInf'),
  IsFinite: test('IsFinite'),
  Select: (graph, [condition, yes, no]) => select(graph, condition, yes, no),
  Cast(graph, [x], attributes) {
    const wanted = attributes.text('dtype');
    return cast(graph, x, elementTypeOf(graph, wanted));
  },
};
