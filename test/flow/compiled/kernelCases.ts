import * as tf from '@tensorflow/tfjs';
import type { TensorCode } from './runTraced.ts';

/** A use of a kernel, on inputs uniform in an interval. */
export interface Case {
  readonly code: TensorCode;
  readonly shapes: readonly (readonly number[])[];
  readonly between: readonly [number, number];
  /** The gradient exists, and tfjs has it. */
  readonly differentiable: boolean;
}

function of(
  code: TensorCode,
  shapes: readonly (readonly number[])[] = [[3, 4]],
  between: readonly [number, number] = [-2, 2],
): Case {
  return { code, shapes, between, differentiable: true };
}

const fixed = (one: Case): Case => ({ ...one, differentiable: false });
const positive = [0.3, 2] as const;
const insideOne = [-0.9, 0.9] as const;
const pair = [
  [3, 4],
  [3, 4],
];
const rowAndMatrix = [[4], [3, 4]];

const one =
  (op: (x: tf.Tensor) => tf.Tensor): TensorCode =>
  ([x]) =>
    op(x);

const two =
  (op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): TensorCode =>
  ([a, b]) =>
    op(a, b);

/** One use or more of every kernel. */
export const cases: Readonly<Record<string, readonly Case[]>> = {
  Abs: [of(one(tf.abs))],
  Acos: [of(one(tf.acos), [[3, 4]], insideOne)],
  Acosh: [of(one(tf.acosh), [[3, 4]], [1.2, 3])],
  Asin: [of(one(tf.asin), [[3, 4]], insideOne)],
  Asinh: [of(one(tf.asinh))],
  Atan: [of(one(tf.atan))],
  Atanh: [of(one(tf.atanh), [[3, 4]], insideOne)],
  Ceil: [of(one(tf.ceil))],
  Cos: [of(one(tf.cos))],
  Cosh: [of(one(tf.cosh))],
  Elu: [of(one(tf.elu))],
  EluGrad: [of(one(tf.elu))],
  Erf: [of(one(tf.erf))],
  Exp: [of(one(tf.exp)), of(one((x) => tf.exp(tf.neg(x)))), of(one((x) => tf.exp(tf.tanh(x))))],
  Expm1: [of(one(tf.expm1))],
  Floor: [of(one(tf.floor))],
  Log: [of(one(tf.log), [[3, 4]], positive)],
  Log1p: [of(one(tf.log1p), [[3, 4]], positive)],
  Neg: [of(one(tf.neg)), of(([x]) => tf.add(tf.neg(x), tf.sub(x, tf.neg(tf.square(x)))))],
  Reciprocal: [of(one(tf.reciprocal), [[3, 4]], positive)],
  Relu: [of(one(tf.relu)), of(([x]) => tf.mul(tf.relu(x), x))],
  Relu6: [of(one((x) => tf.relu6(tf.mul(x, 5))))],
  Rsqrt: [of(one(tf.rsqrt), [[3, 4]], positive)],
  Selu: [of(one(tf.selu))],
  Sigmoid: [
    of(one(tf.sigmoid)),
    // Nearly the derivative of a sigmoid.
    of(([x]) => tf.mul(tf.mul(tf.sigmoid(x), tf.sub(1, tf.sigmoid(tf.mul(x, 2)))), x)),
  ],
  Sign: [of(one(tf.sign))],
  Sin: [of(one(tf.sin))],
  Sinh: [of(one(tf.sinh))],
  Softplus: [of(one(tf.softplus))],
  Sqrt: [of(one(tf.sqrt), [[3, 4]], positive)],
  Square: [of(one(tf.square))],
  Tan: [of(one(tf.tan), [[3, 4]], insideOne)],
  Tanh: [
    of(one(tf.tanh)),
    // Nearly the derivative of a tanh.
    of(([x]) => tf.mul(tf.sub(2, tf.square(tf.tanh(x))), x)),
  ],
  Round: [of(one(tf.round)), fixed(of(() => tf.round(tf.tensor1d([0.5, 1.5, 2.5, -0.5, -1.5]))))],
  Add: [of(two(tf.add), pair), of(two(tf.add), rowAndMatrix), of(one((x) => tf.add(x, 0)))],
  Sub: [
    of(two(tf.sub), pair),
    of(two(tf.sub), rowAndMatrix),
    of(([x]) => tf.sub(0, x)),
    of(([x]) => tf.sub(x, 0)),
  ],
  Multiply: [of(two(tf.mul), pair), of(two(tf.mul), rowAndMatrix), of(one((x) => tf.mul(1, x)))],
  RealDiv: [of(two(tf.div), pair, positive), of(two(tf.div), rowAndMatrix, positive)],
  Maximum: [of(two(tf.maximum), pair)],
  Minimum: [of(two(tf.minimum), pair), of(([a, b]) => tf.minimum(tf.square(a), b), pair)],
  Atan2: [of(two(tf.atan2), pair)],
  FloorDiv: [
    fixed(
      of(
        two((a, b) => tf.floorDiv(tf.cast(tf.mul(a, 9), 'int32'), tf.cast(b, 'int32'))),
        pair,
        [1, 5],
      ),
    ),
  ],
  Mod: [of(two(tf.mod), pair, positive)],
  Pow: [of(two(tf.pow), pair, positive), of(one((x) => tf.pow(x, 3)))],
  SquaredDifference: [of(two(tf.squaredDifference), pair)],
  AddN: [of(([a, b]) => tf.addN([a, b, a]), pair)],
  LeakyRelu: [of(one((x) => tf.leakyRelu(x, 0.3)))],
  Prelu: [of(two(tf.prelu), [[3, 4], [4]])],
  Step: [of(one((x) => tf.step(x))), fixed(of(one((x) => tf.step(x, 0.25))))],
  ClipByValue: [of(one((x) => tf.clipByValue(x, -0.7, 0.9)))],
  Equal: [fixed(of(one((x) => tf.equal(tf.sign(x), tf.scalar(1)))))],
  NotEqual: [fixed(of(one((x) => tf.notEqual(tf.sign(x), tf.scalar(1)))))],
  Greater: [fixed(of(two(tf.greater), rowAndMatrix))],
  GreaterEqual: [fixed(of(two(tf.greaterEqual), rowAndMatrix))],
  Less: [fixed(of(two(tf.less), rowAndMatrix))],
  LessEqual: [fixed(of(two(tf.lessEqual), rowAndMatrix))],
  LogicalAnd: [fixed(of(([a, b]) => tf.logicalAnd(tf.greater(a, 0), tf.greater(b, 0)), pair))],
  LogicalOr: [fixed(of(([a, b]) => tf.logicalOr(tf.greater(a, 0), tf.greater(b, 0)), pair))],
  LogicalXor: [fixed(of(([a, b]) => tf.logicalXor(tf.greater(a, 0), tf.greater(b, 0)), pair))],
  LogicalNot: [fixed(of(one((x) => tf.logicalNot(tf.greater(x, 0)))))],
  IsNan: [fixed(of(one((x) => tf.isNaN(tf.sqrt(x)))))],
  IsInf: [fixed(of(one((x) => tf.isInf(tf.div(x, tf.relu(x))))))],
  IsFinite: [fixed(of(one((x) => tf.isFinite(tf.log(x)))))],
  Select: [
    of(([a, b]) => tf.where(tf.tensor2d([1, 0, 1], [3, 1], 'bool'), tf.square(a), b), pair),
    fixed(of(([a, b]) => tf.where(tf.greater(b, 0), tf.scalar(3), tf.mul(b, a)), rowAndMatrix)),
  ],
  Cast: [
    of(one((x) => tf.mul(x, tf.cast(tf.cast(x, 'float32'), 'float32')))),
    fixed(of(one((x) => tf.mul(x, tf.cast(tf.greater(x, 0), 'float32'))))),
    fixed(of(one((x) => tf.cast(x, 'int32')))),
  ],
  Identity: [of(one((x) => tf.clone(x)))],
  Reshape: [of(one((x) => tf.square(tf.reshape(tf.reshape(x, [2, 6]), [-1, 3]))))],
  ExpandDims: [of(one((x) => tf.expandDims(x, 1))), of(one((x) => tf.expandDims(x, -1)))],
  Transpose: [
    of(one((x) => tf.transpose(x))),
    of(
      one((x) => tf.transpose(x, [1, 0, 2])),
      [[2, 3, 4]],
    ),
  ],
  Tile: [
    of(one((x) => tf.tile(x, [2, 3]))),
    of(
      one((x) => tf.tile(x, [3, 1])),
      [[1, 4]],
    ),
  ],
  BroadcastTo: [
    of(
      one((x) => tf.broadcastTo(x, [3, 4])),
      [[4]],
    ),
  ],
  Concat: [
    of(([a, b]) => tf.concat([a, b], 1), pair),
    of(([a, b]) => tf.concat([a, tf.neg(b)], 0), pair),
  ],
  SplitV: [
    of(([x]) => tf.split(x, [1, -1], 1)),
    of(([x]) => tf.split(x, 2, 1)),
    of(([x]) => tf.concat(tf.split(x, 2, 1), 1)),
    of(([x]) => tf.concat(tf.split(x, 2, 1).toReversed(), 1)),
  ],
  Slice: [
    of(one((x) => tf.slice(x, [1, 1], [2, 2]))),
    of(one((x) => tf.slice(x, [0, 1], [-1, 2]))),
    of(([x]) => tf.add(tf.slice(x, [0, 0], [3, 2]), tf.square(tf.slice(x, [0, 2], [3, 2])))),
    of(
      one((x) => tf.slice(x, 1)),
      [[4]],
    ),
  ],
  Pack: [of(([a, b]) => tf.stack([a, b], 1), pair)],
  Unpack: [of(([x]) => tf.unstack(x, 1))],
  PadV2: [
    of(
      one((x) =>
        tf.pad(
          x,
          [
            [1, 0],
            [2, 1],
          ],
          0.5,
        ),
      ),
    ),
    of(
      one((x) =>
        tf.pad(x, [
          [0, 0],
          [2, 1],
        ]),
      ),
    ),
  ],
  MirrorPad: [
    of(
      one((x) =>
        tf.mirrorPad(
          x,
          [
            [1, 1],
            [0, 2],
          ],
          'reflect',
        ),
      ),
    ),
  ],
  Reverse: [of(one((x) => tf.reverse(x, 1)))],
  Sum: [
    of(one((x) => tf.sum(x))),
    of(one((x) => tf.sum(x, 0))),
    of(one((x) => tf.sum(x, -1, true))),
    of(
      one((x) => tf.sum(tf.square(x), [1])),
      [[3, 1]],
    ),
  ],
  Prod: [
    of(
      one((x) => tf.prod(x, 1)),
      [[3, 4]],
      positive,
    ),
  ],
  Max: [of(one((x) => tf.max(x, 1)))],
  Min: [of(one((x) => tf.min(x, 0)))],
  All: [fixed(of(one((x) => tf.all(tf.greater(x, -1.5), 1))))],
  Any: [fixed(of(one((x) => tf.any(tf.greater(x, 1.5), 1))))],
  Mean: [of(one((x) => tf.mean(x))), of(one((x) => tf.mean(tf.square(x), 1)))],
  ArgMax: [fixed(of(one((x) => tf.argMax(x, 1))))],
  ArgMin: [fixed(of(one((x) => tf.argMin(x, 0))))],
  Cumsum: [of(one((x) => tf.cumsum(x, 1))), of(one((x) => tf.cumsum(x, 1, true, true)))],
  Cumprod: [fixed(of(one((x) => tf.cumprod(x, 1))))],
  Softmax: [of(one((x) => tf.softmax(x)))],
  LogSoftmax: [of(one((x) => tf.logSoftmax(x)))],
  TopK: [fixed(of(([x]) => Object.values(tf.topk(x, 2))))],
  BatchMatMul: [
    of(
      two((a, b) => tf.matMul(a, b)),
      [
        [3, 4],
        [4, 2],
      ],
    ),
    of(
      two((a, b) => tf.matMul(a, b, true, true)),
      [
        [4, 3],
        [2, 4],
      ],
    ),
    of(
      two((a, b) => tf.matMul(tf.transpose(a), b)),
      [
        [4, 3],
        [4, 2],
      ],
    ),
    of(
      two((a, b) => tf.matMul(a, b, false, true)),
      [
        [1, 3, 4],
        [1, 2, 4],
      ],
    ),
    of(
      two((a, b) => tf.matMul(a, b)),
      [
        [5, 3, 4],
        [5, 4, 2],
      ],
    ),
    of(
      // Three of four columns filled: a sum that is no join.
      ([a, b]) =>
        tf.add(
          tf.matMul(a, tf.tensor2d([1, 0, 0, 0, 0, 1, 0, 0], [2, 4])),
          tf.matMul(b, tf.tensor2d([0, 0, 0, 1], [1, 4])),
        ),
      [
        [3, 2],
        [3, 1],
      ],
    ),
    of(
      // Two columns that go to one.
      ([a, b]) =>
        tf.add(
          tf.matMul(a, tf.tensor2d([1, 0, 0, 1, 0, 0], [2, 3])),
          tf.matMul(b, tf.tensor2d([0, 1, 0, 0, 0, 1], [2, 3])),
        ),
      [
        [3, 2],
        [3, 2],
      ],
    ),
    of(([a, b, c]) => tf.relu(tf.add(tf.matMul(a, b), c)), [[3, 4], [4, 2], [2]]),
  ],
  Einsum: [
    fixed(
      of(
        ([a, b]) => tf.einsum('ij,jk->ki', a, b),
        [
          [3, 4],
          [4, 2],
        ],
      ),
    ),
  ],
  GatherV2: [
    of(one((x) => tf.gather(x, tf.tensor1d([2, 0, 2], 'int32'), 0))),
    of(one((x) => tf.gather(x, tf.tensor1d([3, 1, 0, 2], 'int32'), 1))),
    of(one((x) => tf.gather(tf.gather(x, tf.tensor1d([3, 1, 0, 2], 'int32'), 1), [1, 1], 1))),
  ],
  GatherNd: [
    fixed(
      of(
        one((x) =>
          tf.gatherND(
            x,
            tf.tensor2d(
              [
                [0, 1],
                [2, 3],
              ],
              [2, 2],
              'int32',
            ),
          ),
        ),
      ),
    ),
  ],
  ScatterNd: [
    fixed(of(one((x) => tf.scatterND(tf.tensor2d([[4], [1], [2]], [3, 1], 'int32'), x, [5, 4])))),
  ],
  TensorScatterUpdate: [
    fixed(
      of(
        ([x, y]) => tf.tensorScatterUpdate(x, tf.tensor2d([[2]], [1, 1], 'int32'), y),
        [
          [3, 4],
          [1, 4],
        ],
      ),
    ),
  ],
  UnsortedSegmentSum: [
    of(one((x) => tf.unsortedSegmentSum(x, tf.tensor1d([1, 0, 1], 'int32'), 3))),
  ],
  StridedSlice: [
    fixed(of(one((x) => tf.stridedSlice(x, [0, 1], [3, 4], [2, 2])))),
    fixed(of(one((x) => tf.stridedSlice(x, [1, 0], [2, 4], [1, 1], 0, 0, 0, 0, 1)))),
  ],
  OneHot: [fixed(of(one((x) => tf.oneHot(tf.cast(tf.abs(x), 'int32'), 3, 2, -1))))],
  SearchSorted: [
    fixed(of(([a, b]) => tf.searchSorted(tf.cumsum(tf.abs(a), 1), tf.abs(b), 'left'), pair)),
    fixed(of(([a, b]) => tf.searchSorted(tf.cumsum(tf.abs(a), 1), tf.abs(b), 'right'), pair)),
  ],
  LowerBound: [fixed(of(([a, b]) => tf.lowerBound(tf.cumsum(tf.abs(a), 1), tf.abs(b)), pair))],
  UpperBound: [fixed(of(([a, b]) => tf.upperBound(tf.cumsum(tf.abs(a), 1), tf.abs(b)), pair))],
  Fill: [of(([x]) => tf.mul(x, tf.fill([3, 4], 0.7)))],
  ZerosLike: [of(([x]) => tf.add(x, tf.zerosLike(x)))],
  OnesLike: [of(([x]) => tf.add(x, tf.onesLike(x)))],
  Range: [of(([x]) => tf.mul(x, tf.range(0, 4)))],
  LinSpace: [of(([x]) => tf.mul(x, tf.linspace(0, 1, 4)))],
};
