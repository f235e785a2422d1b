import * as tf from '@tensorflow/tfjs-core';
import { ShapeError } from '../../core/errors.ts';
import type { StepperSpec } from '../stepper.ts';
import { adamUpdate } from './adamUpdate.ts';
import { nameOf, newGraph, type Value } from './graph.ts';
import { cast } from './kernels/elementwise.ts';
import { concat, reshape } from './layout.ts';
import type { ParameterLayout } from './parameterLayout.ts';
import type { GraphCall, GraphRuntime } from './runtime.ts';
import { savedModel } from './savedModel.ts';
import { shardRows } from './shardRows.ts';
import { trace } from './trace.ts';
import { after, variable } from './variables.ts';

/** A training step compiled for inputs of given shapes, with the state that it advances. */
export interface StepProgram {
  /** Sets weights, first and second moments, a vector each. */
  readonly assign: GraphCall;
  /**
   * One step on: bias-corrected rate, corrected ε, then the inputs. Gives one vector:
   * loss, terms, gradient norm, and 1 or 0 for taken or skipped.
   */
  readonly step: GraphCall;
  /** The weights as they are now. */
  readonly weights: GraphCall;
  /** Weights, first and second moments as they are now. */
  readonly state: GraphCall;
  dispose(): void;
}

/**
 * Compiles the loss of `spec`, its gradient and the Adam step into one graph.
 * @throws {TraceError} where the loss cannot be traced. @throws {GraphRuntimeError} from `runtime`.
 */
export function stepProgram(
  spec: StepperSpec,
  layout: ParameterLayout,
  shapes: readonly (readonly number[])[],
  runtime: GraphRuntime,
): StepProgram {
  const graph = newGraph('float32');
  const [weights, first, second] = ['weights', 'firstMoments', 'secondMoments'].map((name) =>
    variable(graph, name, layout.length),
  );
  const all = [weights, first, second];
  const inputs = shapes.map((shape) => graph.placeholder('float32', shape));
  const feeds = {
    rate: graph.placeholder('float32', []),
    epsilon: graph.placeholder('float32', []),
  };
  const parameters = layout.splitIn(graph, weights.value);
  const traced = trace(graph, [...parameters, ...inputs], (tracing) =>
    lossAndGradients(spec, tracing.tensors, tracing.valueBehind),
  );
  const joined = layout.joinIn(
    graph,
    traced.gradients.map((g, i) => g ?? graph.constant([0], spec.shapes[i], 'float32')),
  );
  const [gradient, loss, ...terms] = shardRows(
    graph,
    [joined, traced.loss, ...traced.terms],
    inputs,
  );
  const update = adamUpdate(graph, { weights, first, second }, loss, gradient, feeds, spec.adam);
  const scalars = [loss, ...terms, update.norm, cast(graph, update.finite, 'float32')];
  const report = after(
    graph,
    concat(
      graph,
      scalars.map((scalar) => reshape(graph, scalar, [1])),
      0,
    ),
    [update.node],
  );
  const assigned = after(
    graph,
    graph.constant([1], [], 'float32'),
    all.map((one) => one.assignment),
  );
  const state = all.map((one) => one.value);
  const session = runtime.load(savedModel([report, assigned, ...state]));
  const placeholders = all.map((one) => nameOf(one.placeholder));
  return {
    assign: session.prepare(placeholders, [nameOf(assigned)]),
    step: session.prepare([feeds.rate, feeds.epsilon, ...inputs].map(nameOf), [nameOf(report)]),
    weights: session.prepare([], [nameOf(weights.value)]),
    state: session.prepare([], state.map(nameOf)),
    dispose: session.dispose,
  };
}

interface LossAndGradients {
  readonly loss: Value;
  readonly terms: readonly Value[];
  /** Undefined for a parameter that the loss does not depend on. */
  readonly gradients: readonly (Value | undefined)[];
}

function lossAndGradients(
  spec: StepperSpec,
  tensors: readonly tf.Tensor[],
  valueBehind: (tensor: tf.Tensor) => Value,
): LossAndGradients {
  const weights = tensors.slice(0, spec.shapes.length);
  let terms: readonly Value[] = [];
  // tf.grads refuses parameters without influence; the engine's own call leaves their gradient out.
  const { value, grads } = tf.engine().gradients(
    () => {
      const result = spec.loss(weights, tensors.slice(spec.shapes.length));
      terms = result.terms.map(valueBehind);
      return result.loss;
    },
    [...weights],
    undefined,
    true,
  );
  if (value.rank !== 0) {
    throw new ShapeError(`the loss expected a scalar, got a tensor of shape [${value.shape}]`);
  }
  const gradients: readonly (tf.Tensor | undefined)[] = grads;
  return {
    loss: valueBehind(value),
    terms,
    gradients: gradients.map((gradient) => (gradient ? valueBehind(gradient) : undefined)),
  };
}
