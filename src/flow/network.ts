import * as tf from '@tensorflow/tfjs-core';
import { fold, type Key, uniform } from '../core/rng.ts';
import type { ParameterSpec } from './bijector.ts';
import type { Activation, DenseLayer, ExactNetwork } from './exact/denseLayer.ts';
import { exactNetwork } from './exact/exactNetwork.ts';

/** A fully connected network, described once and evaluated with tensors and in float64. */
export interface Network {
  /** A kernel and a bias for each layer. */
  readonly parameters: readonly ParameterSpec[];
  initial(key: Key): Float32Array[];
  /** `[B, inputs]` → `[B, outputs]`. */
  apply(input: tf.Tensor2D, weights: readonly tf.Tensor[]): tf.Tensor2D;
  exact(weights: readonly Float32Array[]): ExactNetwork;
}

export interface NetworkOptions {
  /** Prefix of the parameters' names: `3.scale`. */
  readonly name: string;
  readonly inputs: number;
  /** Widths of the hidden layers; none for an affine map. */
  readonly hidden: readonly number[];
  readonly outputs: number;
  /** Between the layers; the last one is linear. */
  readonly activation: Exclude<Activation, 'linear'>;
  /** The first so many outputs start as zero, whatever the input. */
  readonly zeroOutputs: number;
}

/**
 * A network whose kernels start Glorot-uniform and whose biases start at zero.
 *
 *     h₀ = x,   hₗ₊₁ = act(hₗ Wₗ + bₗ),   W ~ U(−√(6/(in + out)), +√(6/(in + out)))
 *
 * Glorot & Bengio, AISTATS 2010, PMLR 9:249.
 */
export function network(options: NetworkOptions): Network {
  const { name, activation, zeroOutputs } = options;
  const widths = [options.inputs, ...options.hidden, options.outputs];
  const count = widths.length - 1;
  const parameters = widths.slice(1).flatMap((width, l) => [
    { name: `${name}.${l}.kernel`, shape: [widths[l], width] },
    { name: `${name}.${l}.bias`, shape: [width] },
  ]);

  return {
    parameters,
    initial(key) {
      return parameters.map(({ name: parameter, shape }) => {
        if (shape.length === 1) return new Float32Array(shape[0]);
        const [inputs, outputs] = shape;
        const zeros = parameter === `${name}.${count - 1}.kernel` ? zeroOutputs : 0;
        // Each head of a last layer is a layer of its own as far as its starting scale goes.
        const limit = Math.sqrt(6 / (inputs + outputs - zeros));
        const u = uniform(fold(key, parameter), inputs * outputs);
        return Float32Array.from(u, (v, i) => (i % outputs < zeros ? 0 : limit * (2 * v - 1)));
      });
    },
    apply(input, weights) {
      let h = input;
      for (let l = 0; l < count; l++) {
        h = tf.add(tf.matMul(h, weights[2 * l] as tf.Tensor2D), weights[2 * l + 1]);
        if (l < count - 1) h = activation === 'tanh' ? tf.tanh(h) : tf.relu(h);
      }
      return h;
    },
    exact(weights) {
      const layers = Array.from(
        { length: count },
        (_, l): DenseLayer => ({
          inputs: widths[l],
          outputs: widths[l + 1],
          kernel: weights[2 * l],
          bias: weights[2 * l + 1],
          activation: l < count - 1 ? activation : 'linear',
        }),
      );
      const [first, ...others] = layers;
      return exactNetwork([first, ...others]);
    },
  };
}
