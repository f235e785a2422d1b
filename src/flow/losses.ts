import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from '../core/batch.ts';
import type { Bijector } from './bijector.ts';
import type { Input, LossFunction, MapFunction } from './stepper.ts';

/**
 * The loss of every training step and every tier, in ordinary tensor ops:
 *
 *     J = Σ_b a_b (|z(x_b)|²/2τ − log R_xz(x_b)) + Σ_b [G_b · x(z_b) − c_b log R_zx(z_b)]
 *
 * The first sum is training by example: with a_b = w_ML/B it is w_ML J_ML, and the term reported is
 * J_ML itself. The second is a surrogate for everything that acts on configurations: with
 * G_b = ∂(w_KL ⟨u⟩ + w_RC J_RC)/∂x_b held fixed and c_b = w_KL/B it has their gradient, though not
 * their value. So the potential stays outside the graph, and one compiled step serves all.
 *
 * Inputs: `exampleInputs`, `configurationInputs`, or the first followed by the second.
 */
export function trainingLoss(bijector: Bijector, priorVariance: number): LossFunction {
  function byExample(
    [x, a]: readonly tf.Tensor[],
    weights: readonly tf.Tensor[],
  ): { readonly loss: tf.Scalar; readonly mean: tf.Scalar } {
    const each = exampleLoss(bijector, priorVariance, x as tf.Tensor2D, weights);
    return { loss: tf.sum(tf.mul(a, each)), mean: tf.mean(each) };
  }

  function onConfigurations(
    [z, gradient, c]: readonly tf.Tensor[],
    weights: readonly tf.Tensor[],
  ): tf.Scalar {
    const { value: x, logDet } = bijector.forward(z as tf.Tensor2D, weights);
    return tf.sub(tf.sum<tf.Scalar>(tf.mul(gradient, x)), tf.sum(tf.mul(c, logDet)));
  }

  return (weights, inputs) => {
    if (inputs.length === CONFIGURATION_INPUTS) {
      return { loss: onConfigurations(inputs, weights), terms: [] };
    }
    const { loss, mean } = byExample(inputs, weights);
    if (inputs.length === EXAMPLE_INPUTS) return { loss, terms: [mean] };
    const rest = onConfigurations(inputs.slice(EXAMPLE_INPUTS), weights);
    return { loss: tf.add(loss, rest), terms: [mean] };
  };
}

/**
 * |z(x)|²/2τ − log R_xz(x), `[B]`: −log q(x) but for the constant ½ D ln 2πτ. By the flow's own short way
 * where it has one, which leads to τ = 1.
 */
export function exampleLoss(
  bijector: Bijector,
  priorVariance: number,
  x: tf.Tensor2D,
  weights: readonly tf.Tensor[],
): tf.Tensor1D {
  if (bijector.logDensity !== undefined && priorVariance === 1) {
    const constant = 0.5 * bijector.dim * Math.log(2 * Math.PI);
    return tf.neg(tf.add(bijector.logDensity(x, weights), constant));
  }
  const { value: z, logDet } = bijector.inverse(x, weights);
  return tf.sub(tf.mul(tf.sum<tf.Tensor1D>(tf.square(z), 1), 0.5 / priorVariance), logDet);
}

const EXAMPLE_INPUTS = 2;
const CONFIGURATION_INPUTS = 3;

/** x, `[B, D]`, and a = w_ML/B, `[B]`. */
export function exampleInputs(x: Batch, weight: number): Input[] {
  return [
    { data: Float32Array.from(x.data), shape: [x.count, x.dim] },
    { data: new Float32Array(x.count).fill(weight / x.count), shape: [x.count] },
  ];
}

/** z, `[B, D]`, G, `[B, D]`, and c = w_KL/B, `[B]`. */
export function configurationInputs(z: Input, gradient: Float64Array, weight: number): Input[] {
  const [count] = z.shape;
  return [
    z,
    { data: Float32Array.from(gradient), shape: z.shape },
    { data: new Float32Array(count).fill(weight / count), shape: [count] },
  ];
}

/**
 * x, `[B, D]`, and 1/τₖ, `[B]` → [∂ log q/∂x], `[B, D]`, of the flow fed with N(0, τₖ τ I): what the path
 * gradient adds to the gradient of the energy.
 */
export function pathScoreMap(bijector: Bijector, priorVariance: number): MapFunction {
  return (weights, [x, coldness]) => {
    const total = (rows: tf.Tensor): tf.Tensor => {
      const { value: z, logDet } = bijector.inverse(rows as tf.Tensor2D, weights);
      const squares = tf.mul(tf.sum(tf.square(z), 1), tf.mul(coldness, -0.5 / priorVariance));
      return tf.sum(tf.add(squares, logDet));
    };
    return [tf.grad(total)(x)];
  };
}

/** z → [x, log R_zx], x → [z, log R_xz], and x → [the example loss], for `Stepper.evaluate`. */
export function flowMaps(
  bijector: Bijector,
  priorVariance = 1,
): Readonly<Record<'forward' | 'inverse' | 'exampleLoss', MapFunction>> {
  return {
    forward(weights, [z]) {
      const { value, logDet } = bijector.forward(z as tf.Tensor2D, weights);
      return [value, logDet];
    },
    inverse(weights, [x]) {
      const { value, logDet } = bijector.inverse(x as tf.Tensor2D, weights);
      return [value, logDet];
    },
    exampleLoss: (weights, [x]) => [
      exampleLoss(bijector, priorVariance, x as tf.Tensor2D, weights),
    ],
  };
}
