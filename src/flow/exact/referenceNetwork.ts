import type { Activation, DenseLayer, ExactNetwork } from './denseLayer.ts';
import { PANEL, packPanels, unpackPanels } from './panels.ts';
import { tanh } from './tanh.ts';

/**
 * A network in plain TypeScript: the arithmetic that the SIMD kernel must reproduce bit for bit, and
 * what runs where there is no SIMD. Four rows at a time, so that a weight is read once for four.
 *
 *     out[b, j] = act(bias[j] + x[b, 0] W[0, j] + x[b, 1] W[1, j] + …)   summed in this order
 */
export function referenceNetwork(layers: readonly [DenseLayer, ...DenseLayer[]]): ExactNetwork {
  const steps = layers.map((layer) => ({
    ...layer,
    // [outputs, inputs]: the sum over inputs walks through memory.
    kernel: transposed(layer),
    bias: Float64Array.from(layer.bias),
  }));
  const { inputs } = layers[0];
  const { outputs } = layers[layers.length - 1];
  const widest = Math.max(inputs, ...layers.map((layer) => layer.outputs));
  let x = new Float64Array(widest * PANEL);
  let y = new Float64Array(widest * PANEL);

  return (input, count, output) => {
    for (let first = 0; first < count; first += PANEL) {
      const rows = Math.min(PANEL, count - first);
      packPanels(input, inputs, first, rows, x, 0);
      for (const step of steps) {
        linear(x, step.inputs, step.kernel, step.bias, y);
        activate(y, step.outputs * PANEL, step.activation);
        [x, y] = [y, x];
      }
      unpackPanels(x, 0, outputs, output, outputs, first, rows);
    }
  };
}

function linear(
  x: Float64Array,
  inputs: number,
  kernel: Float64Array,
  bias: Float64Array,
  y: Float64Array,
): void {
  for (let j = 0; j < bias.length; j++) {
    let sum0 = bias[j];
    let sum1 = sum0;
    let sum2 = sum0;
    let sum3 = sum0;
    for (let i = 0, at = j * inputs; i < inputs; i++, at++) {
      const w = kernel[at];
      sum0 += x[4 * i] * w;
      sum1 += x[4 * i + 1] * w;
      sum2 += x[4 * i + 2] * w;
      sum3 += x[4 * i + 3] * w;
    }
    y[4 * j] = sum0;
    y[4 * j + 1] = sum1;
    y[4 * j + 2] = sum2;
    y[4 * j + 3] = sum3;
  }
}

function activate(y: Float64Array, count: number, activation: Activation): void {
  if (activation === 'tanh') {
    for (let i = 0; i < count; i++) y[i] = tanh(y[i]);
  } else if (activation === 'relu') {
    // A comparison and not Math.max, as in the kernel: −0 stays as it is.
    for (let i = 0; i < count; i++) if (y[i] < 0) y[i] = 0;
  }
}

function transposed(layer: DenseLayer): Float64Array {
  const out = new Float64Array(layer.kernel.length);
  for (let i = 0; i < layer.inputs; i++) {
    for (let j = 0; j < layer.outputs; j++) {
      out[j * layer.inputs + i] = layer.kernel[i * layer.outputs + j];
    }
  }
  return out;
}
