import type * as tf from '@tensorflow/tfjs-core';
import type { Bijector, Mapped } from '../bijector.ts';
import { arithmetic, unary } from './arithmetic.ts';
import { leastRows, steadyRows } from './batchPieces.ts';
import { bitsOf, fedBits } from './bits.ts';
import { type Graph, nameOf, newGraph, type Value } from './graph.ts';
import { cast } from './kernels/elementwise.ts';
import { reduce } from './kernels/reductions.ts';
import { latentDrawsInGraph } from './latentDrawsInGraph.ts';
import { reshape } from './layout.ts';
import { type ParameterLayout, parameterLayout } from './parameterLayout.ts';
import type { GraphCall, GraphRuntime, GraphSession } from './runtime.ts';
import { savedModel } from './savedModel.ts';
import { shardRows } from './shardRows.ts';
import { trace } from './trace.ts';
import { TraceError } from './traceError.ts';

/** In which precision a flow is evaluated; numbers come and go as doubles either way. */
export type Precision = 'float32' | 'float64';

/** What a graph of a flow computes. All arrays go in and out as the bits of doubles. */
export interface DensityCalls {
  /** weights, z → x, log |det ∂x/∂z| */
  readonly forward: GraphCall;
  /** weights, x → z, log |det ∂z/∂x| */
  readonly inverse: GraphCall;
  /** weights, τ, x → log q(x) */
  readonly logProb: GraphCall;
  /** weights, x → log q(x) at τ = 1, for a bijector with `logDensity`: without z */
  readonly logDensity: GraphCall;
  /** weights, τ, key, counter → z, x, log q(x) */
  readonly sample: GraphCall;
}

/**
 * The graphs of a bijector, made when they are first needed and kept: one for each thing to compute
 * and each number of rows. Weights and prior variance are fed, so they serve every model of it.
 */
export interface DensityPrograms {
  readonly layout: ParameterLayout;
  /** No call is to have more rows. */
  readonly largest: number;
  /** No call is to have fewer rows. */
  readonly smallest: number;
  /** @throws {TraceError} @throws {GraphRuntimeError} where a graph cannot be made. */
  call(kind: keyof DensityCalls, rows: number): GraphCall;
  /** All sessions made so far: what there is to be disposed of. It grows. */
  readonly sessions: readonly GraphSession[];
}

export function densityPrograms(
  bijector: Bijector,
  runtime: GraphRuntime,
  precision: Precision,
): DensityPrograms {
  const shapes = bijector.parameters.map((parameter) => parameter.shape);
  const layout = parameterLayout(shapes);
  const calls = new Map<string, GraphCall>();
  const sessions: GraphSession[] = [];

  function compile(kind: keyof DensityCalls, rows: number): GraphCall {
    const graph = newGraph(precision);
    const weights = fedWeights(graph, layout);
    const { feeds, batch, results } = BUILDERS[kind]({
      graph,
      bijector,
      rows,
      weights: weights.parameters,
    });
    const fed = [weights.fed, ...feeds];
    const outputs = shardRows(graph, results, [batch]).map((result) => bitsOf(graph, result));
    const session = runtime.load(savedModel([...fed, ...outputs]));
    sessions.push(session);
    return session.prepare(fed.map(nameOf), outputs.map(nameOf));
  }

  return {
    layout,
    largest: precision === 'float64' ? steadyRows(shapes) : Number.POSITIVE_INFINITY,
    smallest: leastRows(shapes),
    sessions,
    call(kind, rows) {
      const key = `${kind} ${rows}`;
      const call = calls.get(key) ?? compile(kind, rows);
      calls.set(key, call);
      return call;
    },
  };
}

/** What a graph is built from. */
interface Parts {
  readonly graph: Graph;
  readonly bijector: Bijector;
  readonly rows: number;
  readonly weights: readonly Value[];
}

/** Placeholders besides that of the weights, and what is computed from them. */
interface Built {
  readonly feeds: readonly Value[];
  /** The rows from which the results are computed. */
  readonly batch: Value;
  readonly results: readonly Value[];
}

const BUILDERS: Readonly<Record<keyof DensityCalls, (parts: Parts) => Built>> = {
  forward(parts) {
    const z = fedRows(parts);
    const { value, logDet } = mapped('forward', parts, z.value);
    return { feeds: [z.fed], batch: z.value, results: [value, logDet] };
  },
  inverse(parts) {
    const x = fedRows(parts);
    const { value, logDet } = mapped('inverse', parts, x.value);
    return { feeds: [x.fed], batch: x.value, results: [value, logDet] };
  },
  logProb(parts) {
    const { graph } = parts;
    const variance = fedBits(graph, 'float64', []);
    const x = fedRows(parts);
    const { value, logDet } = mapped('inverse', parts, x.value);
    const prior = logNormalInGraph(graph, value, cast(graph, variance.value, graph.real));
    return {
      feeds: [variance.fed, x.fed],
      batch: x.value,
      results: [arithmetic(graph, 'AddV2', prior, logDet)],
    };
  },
  logDensity(parts) {
    const { graph, bijector, weights } = parts;
    const x = fedRows(parts);
    const log = trace(graph, [x.value, ...weights], ({ tensors: [rows, ...own], valueBehind }) => {
      if (bijector.logDensity === undefined) {
        throw new TraceError(`${bijector.name} has no density but through z`);
      }
      return valueBehind(bijector.logDensity(rows as tf.Tensor2D, own));
    });
    return { feeds: [x.fed], batch: x.value, results: [log] };
  },
  sample(parts) {
    const { graph, bijector, rows } = parts;
    const variance = fedBits(graph, 'float64', []);
    const key = fedBits(graph, 'uint64', [1]);
    const counter = fedBits(graph, 'uint64', [2]);
    const normals = latentDrawsInGraph(graph, key.value, counter.value, rows * bijector.dim);
    const tau = cast(graph, variance.value, graph.real);
    // Shaped before it is scaled: what reshapes a reshaped value again looks through to its source.
    const shaped = reshape(graph, normals, [rows, bijector.dim]);
    const z = arithmetic(graph, 'Mul', shaped, unary(graph, 'Sqrt', tau));
    const { value, logDet } = mapped('forward', parts, z);
    const prior = logNormalInGraph(graph, z, tau);
    return {
      feeds: [variance.fed, key.fed, counter.fed],
      batch: z,
      results: [z, value, arithmetic(graph, 'Sub', prior, logDet)],
    };
  },
};

function fedWeights(
  graph: Graph,
  layout: ParameterLayout,
): { readonly fed: Value; readonly parameters: readonly Value[] } {
  if (graph.real === 'float32') {
    const fed = graph.placeholder('float32', [layout.length]);
    return { fed, parameters: layout.splitIn(graph, fed) };
  }
  const { fed, value } = fedBits(graph, 'float64', [layout.length]);
  return { fed, parameters: layout.splitIn(graph, value) };
}

function fedRows({ graph, bijector, rows }: Parts): { readonly fed: Value; readonly value: Value } {
  const { fed, value } = fedBits(graph, 'float64', [rows, bijector.dim]);
  return { fed, value: cast(graph, value, graph.real) };
}

function mapped(
  direction: 'forward' | 'inverse',
  { graph, bijector, weights }: Parts,
  input: Value,
): { readonly value: Value; readonly logDet: Value } {
  return trace(graph, [input, ...weights], ({ tensors: [x, ...parameters], valueBehind }) => {
    const result: Mapped = bijector[direction](x as tf.Tensor2D, parameters);
    return { value: valueBehind(result.value), logDet: valueBehind(result.logDet) };
  });
}

/** log N(z; 0, τ I), `[B]`: that of `core/gaussian.ts`. */
function logNormalInGraph(graph: Graph, z: Value, variance: Value): Value {
  const number = (value: number): Value => graph.constant([value], [], graph.real);
  const times = (a: Value, b: Value): Value => arithmetic(graph, 'Mul', a, b);
  const square = reduce(graph, 'Sum', unary(graph, 'Square', z), [1], false);
  const volume = times(
    unary(graph, 'Log', times(variance, number(2 * Math.PI))),
    number(-0.5 * z.shape[1]),
  );
  const distance = arithmetic(graph, 'RealDiv', square, times(variance, number(2)));
  return arithmetic(graph, 'Sub', volume, distance);
}
