import { broadcastShape, broadcastTo, narrowed, sameShape } from './broadcast.ts';
import { joinedColumns } from './columns.ts';
import { type Graph, uniformOf, type Value } from './graph.ts';

/** An elementwise operation of two arguments that results in their own type. */
export type ArithmeticOp = 'AddV2' | 'Sub' | 'Mul' | 'RealDiv' | 'Maximum' | 'Minimum';

/**
 * Records `a op b` in the form in which TensorFlow runs it fastest.
 *
 * Gradients as tfjs writes them are full of products with tensors of ones, of values spread out only
 * to be multiplied, and of derivatives spelt out in three steps that TensorFlow has in one; the graph
 * optimiser's own rules miss them. Values are those of the plain operation, except that a gradient of
 * a rectifier at x ≤ 0 is 0 even where the incoming one is not finite.
 */
export function arithmetic(graph: Graph, op: ArithmeticOp, a: Value, b: Value): Value {
  const shape = broadcastShape(a.shape, b.shape);
  const left = uniformOf(a);
  const right = uniformOf(b);
  if (left !== undefined && right !== undefined && a.type === graph.real) {
    return graph.constant([EVALUATE[op](left, right)], shape, a.type);
  }
  if (isNeutral(op, right)) return broadcastTo(graph, a, shape);
  if (isNeutral(op, left) && isCommutative(op)) return broadcastTo(graph, b, shape);
  const signed = withoutNegation(graph, op, a, b);
  if (signed !== undefined) return signed;
  const derivative = op === 'Mul' ? (fused(graph, a, b) ?? fused(graph, b, a)) : undefined;
  if (derivative !== undefined) return derivative;
  if (op === 'AddV2') {
    const joined = withBias(graph, a, b) ?? withBias(graph, b, a) ?? joinedColumns(graph, a, b);
    if (joined !== undefined) return joined;
  }
  return graph.op(
    op,
    [narrowed(graph, a, b, shape), narrowed(graph, b, a, shape)],
    { T: { type: a.type } },
    a.type,
    shape,
  );
}

/**
 * −x. As a product, because TensorFlow would merge its own `Neg` with a following `exp` into one
 * operation that takes ten times as long as the two.
 */
export function negative(graph: Graph, x: Value): Value {
  return arithmetic(graph, 'Mul', x, graph.constant([-1], [], x.type));
}

/** `op(x)` of one argument, of x's own type. */
export function unary(graph: Graph, op: string, x: Value): Value {
  const apart = MERGED.has(op) && MERGED.has(x.node.op);
  const attributes = { T: { type: x.type } };
  // A copy between two such operations keeps TensorFlow from merging them, for the same reason.
  const input = apart ? graph.op('DeepCopy', [x], attributes, x.type, x.shape) : x;
  return graph.op(op, [input], attributes, x.type, x.shape);
}

/** What TensorFlow's `UnaryOpsComposition` merges with its like. */
const MERGED: ReadonlySet<string> = new Set(
  (
    'Abs Acos Acosh Asin Asinh Atan Atanh Ceil Cos Cosh Elu Exp Expm1 Floor Log Log1p Neg ' +
    'Reciprocal Relu Relu6 Rint Rsqrt Selu Sigmoid Sin Sinh Sqrt Square Tan Tanh'
  ).split(' '),
);

/** x, where `value` is −x as `negative` writes it. */
function negated(value: Value): Value | undefined {
  if (value.node.op !== 'Mul') return undefined;
  const [x, factor] = value.node.inputs;
  return uniformOf(factor) === -1 && sameShape(x.shape, value.shape) ? x : undefined;
}

/** Sums, differences and products of negatives, with the signs drawn into the operation. */
function withoutNegation(graph: Graph, op: ArithmeticOp, a: Value, b: Value): Value | undefined {
  const left = negated(a);
  const right = negated(b);
  if (op === 'AddV2' && right !== undefined) return arithmetic(graph, 'Sub', a, right);
  if (op === 'AddV2' && left !== undefined) return arithmetic(graph, 'Sub', b, left);
  if (op === 'Sub' && right !== undefined) return arithmetic(graph, 'AddV2', a, right);
  if (op === 'Mul' && left !== undefined && uniformOf(b) === -1) return left;
  return undefined;
}

const EVALUATE: Readonly<Record<ArithmeticOp, (a: number, b: number) => number>> = {
  AddV2: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  RealDiv: (a, b) => a / b,
  Maximum: Math.max,
  Minimum: Math.min,
};

function isCommutative(op: ArithmeticOp): boolean {
  return op !== 'Sub' && op !== 'RealDiv';
}

/** Whether `x op value` is x. */
function isNeutral(op: ArithmeticOp, value: number | undefined): boolean {
  if (op === 'Mul' || op === 'RealDiv') return value === 1;
  return (op === 'AddV2' || op === 'Sub') && value === 0;
}

/** `slope · dy` as one operation, where `slope` is the derivative of a known activation. */
function fused(graph: Graph, slope: Value, dy: Value): Value | undefined {
  if (!sameShape(slope.shape, dy.shape)) return undefined;
  const attributes = { T: { type: dy.type } };
  const rectified = rectifiedBy(graph, slope);
  if (rectified !== undefined) {
    return graph.op('ReluGrad', [dy, rectified], attributes, dy.type, dy.shape);
  }
  const tanh = tanhBehind(slope);
  if (tanh !== undefined) {
    return graph.op('TanhGrad', [tanh, dy], attributes, dy.type, dy.shape);
  }
  const sigmoid = sigmoidBehind(slope);
  if (sigmoid !== undefined) {
    return graph.op('SigmoidGrad', [sigmoid, dy], attributes, dy.type, dy.shape);
  }
  return undefined;
}

/** Of [x > 0] as a number: relu(x) where the graph has it, so that x itself need not be kept; else x. */
function rectifiedBy(graph: Graph, slope: Value): Value | undefined {
  if (slope.node.op !== 'Cast' || slope.node.inputs[0].node.op !== 'Greater') return undefined;
  const [x, threshold] = slope.node.inputs[0].node.inputs;
  if (uniformOf(threshold) !== 0 || !sameShape(x.shape, slope.shape)) return undefined;
  return graph.find('Relu', [x], { T: { type: x.type } }) ?? x;
}

/** Of 1 − y²: y, where it is a tanh. */
function tanhBehind(slope: Value): Value | undefined {
  if (slope.node.op !== 'Sub') return undefined;
  const [one, square] = slope.node.inputs;
  if (uniformOf(one) !== 1 || square.node.op !== 'Square') return undefined;
  const y = original(square.node.inputs[0]);
  return y.node.op === 'Tanh' ? y : undefined;
}

/** `x` before `unary` kept it apart. */
function original(x: Value): Value {
  return x.node.op === 'DeepCopy' ? x.node.inputs[0] : x;
}

/** Of y (1 − y): y, where it is a sigmoid. */
function sigmoidBehind(slope: Value): Value | undefined {
  if (slope.node.op !== 'Mul') return undefined;
  const [y, complement] = slope.node.inputs;
  if (y.node.op !== 'Sigmoid' || complement.node.op !== 'Sub') return undefined;
  const [one, same] = complement.node.inputs;
  return uniformOf(one) === 1 && same === y ? y : undefined;
}

/** A matrix product plus a row as BiasAdd: the form that the graph optimiser fuses into the product. */
function withBias(graph: Graph, product: Value, bias: Value): Value | undefined {
  if (product.node.op !== 'MatMul' || bias.shape.length !== 1) return undefined;
  if (bias.shape[0] !== product.shape[1]) return undefined;
  return graph.op(
    'BiasAdd',
    [product, bias],
    { T: { type: product.type } },
    product.type,
    product.shape,
  );
}
