import * as tf from '@tensorflow/tfjs-core';
import { fold, type Key, uniform } from '../core/rng.ts';
import type { ParameterSpec } from './bijector.ts';
import { constant } from './constant.ts';
import type { DenseLayer, ExactNetwork } from './exact/denseLayer.ts';
import { exactNetwork } from './exact/exactNetwork.ts';

export interface CoordinateNetworksOptions {
  /** D */
  readonly dim: number;
  /** Widths of the hidden layers of every network; one at least. */
  readonly hidden: readonly [number, ...number[]];
  /** Numbers that each network gives. */
  readonly outputs: number;
  /** What every network gives before training, whatever its input, `[outputs]`. */
  readonly start: readonly number[];
}

/** One small network for each coordinate, which sees the coordinates before it alone. */
export interface CoordinateNetworks {
  readonly parameters: readonly ParameterSpec[];
  initial(key: Key): Float32Array[];
  /** `[B, D]` → `[D, B, outputs]`. */
  apply(x: tf.Tensor2D, weights: readonly tf.Tensor[]): tf.Tensor3D;
  /**
   * Network i in float64: reads `[count, i]`, the coordinates before i, and writes `[count, outputs]`.
   * Network 0 has nothing to read and is given one column of zeros.
   */
  exact(weights: readonly Float32Array[]): ExactNetwork[];
}

/**
 * D tanh networks side by side, which are a handful of operations on tensors:
 *
 *     h₁ = tanh(x (W₁ ∘ M) + b₁),   hₗ₊₁[i] = tanh(hₗ[i] Wₗ[i] + bₗ[i]),   the last one linear
 *
 * The first product is one for all coordinates, with a mask M that leaves network i the rows before i;
 * the others are products in batches of D. Kernels start Glorot-uniform, the last ones at zero.
 */
export function coordinateNetworks(options: CoordinateNetworksOptions): CoordinateNetworks {
  const { dim, hidden, outputs, start } = options;
  const [first] = hidden;
  const widths = [...hidden, outputs];
  const layers = widths.length;
  const parameters: ParameterSpec[] = [
    { name: '0.kernel', shape: [dim, dim * first] },
    { name: '0.bias', shape: [dim * first] },
    ...widths.slice(1).flatMap((width, l) => [
      { name: `${l + 1}.kernel`, shape: [dim, widths[l], width] },
      { name: `${l + 1}.bias`, shape: [dim, 1, width] },
    ]),
  ];
  let mask: readonly number[] | undefined;
  const makeMask = (): number[] =>
    Array.from({ length: dim * dim * first }, (_, at) => {
      const row = Math.floor(at / (dim * first));
      const network = Math.floor((at % (dim * first)) / first);
      return row < network ? 1 : 0;
    });

  return {
    parameters,
    initial(key) {
      const draw = (n: number, inputs: (at: number) => number, width: number): Float32Array => {
        const { name, shape } = parameters[n];
        const u = uniform(
          fold(key, name),
          shape.reduce((product, extent) => product * extent, 1),
        );
        return Float32Array.from(u, (v, at) => Math.sqrt(6 / (inputs(at) + width)) * (2 * v - 1));
      };
      return parameters.map(({ shape }, n) => {
        const layer = n >> 1;
        const size = shape.reduce((product, extent) => product * extent, 1);
        if (layer === layers - 1) {
          return n % 2 === 0
            ? new Float32Array(size)
            : Float32Array.from({ length: size }, (_, at) => start[at % outputs]);
        }
        if (n % 2 === 1) return new Float32Array(size);
        return layer === 0
          ? draw(n, (at) => Math.floor((at % (dim * first)) / first), first)
          : draw(n, () => widths[layer - 1], widths[layer]);
      });
    },
    apply(x, weights) {
      const batch = x.shape[0];
      mask ??= makeMask();
      const masked = tf.mul<tf.Tensor2D>(weights[0], constant(mask, dim, dim * first));
      const all = tf.tanh(tf.add(tf.matMul(x, masked), weights[1]));
      let h: tf.Tensor = tf.transpose(tf.reshape(all, [batch, dim, first]), [1, 0, 2]);
      for (let l = 1; l < layers; l++) {
        h = tf.add(tf.matMul(h, weights[2 * l]), weights[2 * l + 1]);
        if (l < layers - 1) h = tf.tanh(h);
      }
      return h as tf.Tensor3D;
    },
    exact: (weights) =>
      Array.from({ length: dim }, (_, i) => {
        const [own, ...others] = widths.map((width, l): DenseLayer => {
          const inputs = l === 0 ? Math.max(1, i) : widths[l - 1];
          const size = l === 0 ? width : inputs * width;
          return {
            inputs,
            outputs: width,
            kernel: l === 0 ? firstKernel(weights[0], i) : part(weights[2 * l], i, size),
            bias: part(weights[2 * l + 1], i, width),
            activation: l < layers - 1 ? 'tanh' : 'linear',
          };
        });
        return exactNetwork([own, ...others]);
      }),
  };

  /** Rows before `i` of the columns of network `i`, `[max(1, i), first]`. */
  function firstKernel(kernel: Float32Array, i: number): Float32Array {
    const out = new Float32Array(Math.max(1, i) * first);
    for (let row = 0; row < i; row++) {
      const from = (row * dim + i) * first;
      out.set(kernel.subarray(from, from + first), row * first);
    }
    return out;
  }
}

function part(values: Float32Array, i: number, size: number): Float32Array {
  return values.slice(i * size, (i + 1) * size);
}
