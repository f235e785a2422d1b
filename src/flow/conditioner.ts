import * as tf from '@tensorflow/tfjs-core';
import type { Key } from '../core/rng.ts';
import type { ParameterSpec } from './bijector.ts';
import { network } from './network.ts';

/**
 * Scales and shifts of an affine coupling as functions of the channel that stays:
 * S(c) and T(c), `[B, m]` each, for `c` of `[B, k]`.
 */
export interface Conditioner {
  readonly parameters: readonly ParameterSpec[];
  initial(key: Key): Float32Array[];
  apply(c: tf.Tensor2D, weights: readonly tf.Tensor[]): ScaleAndShift;
  exact(weights: readonly Float32Array[]): ExactConditioner;
}

export interface ScaleAndShift {
  /** S: the logarithm of the factor. */
  readonly scale: tf.Tensor2D;
  /** T */
  readonly shift: tf.Tensor2D;
}

/** Writes S and T, `[count, m]` each, of `count` rows of `c`. */
export type ExactConditioner = (
  c: Float64Array,
  count: number,
  scale: Float64Array,
  shift: Float64Array,
) => void;

export interface ConditionerOptions {
  /** Prefix of the parameters' names: the number of the coupling. */
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly hidden: readonly number[];
}

/**
 * The conditioner of the paper: a tanh network for S and a ReLU network for T. S starts at zero,
 * kernel and bias, so that an untrained coupling only shifts.
 *
 * Noé, Olsson, Köhler & Wu, Science 365, eaaw1147 (2019).
 */
export function independentConditioner(options: ConditionerOptions): Conditioner {
  const { name, outputs } = options;
  const scaleNet = network({
    ...options,
    name: `${name}.scale`,
    activation: 'tanh',
    zeroOutputs: outputs,
  });
  const shiftNet = network({
    ...options,
    name: `${name}.shift`,
    activation: 'relu',
    zeroOutputs: 0,
  });
  const split = scaleNet.parameters.length;

  return {
    parameters: [...scaleNet.parameters, ...shiftNet.parameters],
    initial: (key) => [...scaleNet.initial(key), ...shiftNet.initial(key)],
    apply: (c, weights) => ({
      scale: scaleNet.apply(c, weights.slice(0, split)),
      shift: shiftNet.apply(c, weights.slice(split)),
    }),
    exact(weights) {
      const scaleOf = scaleNet.exact(weights.slice(0, split));
      const shiftOf = shiftNet.exact(weights.slice(split));
      return (c, count, scale, shift) => {
        scaleOf(c, count, scale);
        shiftOf(c, count, shift);
      };
    },
  };
}

/** One ReLU network with two heads, `[S | T]`: half the arithmetic. S starts at zero. */
export function sharedConditioner(options: ConditionerOptions): Conditioner {
  const { name, outputs } = options;
  const trunk = network({
    ...options,
    name: `${name}.shared`,
    outputs: 2 * outputs,
    activation: 'relu',
    zeroOutputs: outputs,
  });

  return {
    parameters: trunk.parameters,
    initial: trunk.initial,
    apply(c, weights) {
      const [scale, shift] = tf.split<tf.Tensor2D>(trunk.apply(c, weights), 2, 1);
      return { scale, shift };
    },
    exact(weights) {
      const both = trunk.exact(weights);
      let heads = new Float64Array(0);
      return (c, count, scale, shift) => {
        if (heads.length < count * 2 * outputs) heads = new Float64Array(count * 2 * outputs);
        both(c, count, heads);
        for (let b = 0; b < count; b++) {
          const row = b * 2 * outputs;
          for (let j = 0; j < outputs; j++) {
            scale[b * outputs + j] = heads[row + j];
            shift[b * outputs + j] = heads[row + outputs + j];
          }
        }
      };
    },
  };
}
