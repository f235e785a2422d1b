import type { DenseLayer, ExactNetwork } from '../exact/denseLayer.ts';
import { PANEL, packPanels, unpackPanels } from '../exact/panels.ts';
import { type DenseModule, denseModule, TANH_ADDRESS } from './denseModule.ts';
import { BLOCK, type NetworkMemory, networkMemory, type WeightImage } from './networkMemory.ts';

/** Outputs that the kernel computes together. */
const GROUP = 4;

let shared: { readonly module: DenseModule; readonly memory: NetworkMemory } | undefined;

/**
 * The network of `referenceNetwork`, with the same bits, by the SIMD kernel; undefined where the
 * machine has no WebAssembly SIMD. The weights are packed once, here.
 */
export function simdNetwork(
  layers: readonly [DenseLayer, ...DenseLayer[]],
): ExactNetwork | undefined {
  const module = denseModule();
  if (module === undefined) return undefined;
  shared ??= { module, memory: networkMemory(module) };
  const { memory } = shared;
  const { image, steps } = pack(layers);
  const { inputs } = layers[0];
  const { outputs } = layers[layers.length - 1];
  const last = steps[steps.length - 1];

  return (input, count, output) => {
    const base = memory.place(image);
    const doubles = memory.doubles();
    const [even, odd] = memory.scratch;
    const result = steps.length % 2 === 0 ? even : odd;
    for (let first = 0; first < count; first += BLOCK) {
      const rows = Math.min(BLOCK, count - first);
      const panels = Math.ceil(rows / PANEL);
      packPanels(input, inputs, first, rows, doubles, even / 8);
      let x = even;
      let y = odd;
      for (const step of steps) {
        const yPanel = step.groups * GROUP * PANEL * 8;
        module.linear(
          x,
          step.stride * PANEL * 8,
          step.inputs,
          base + step.kernel,
          base + step.bias,
          step.groups,
          y,
          yPanel,
          panels,
        );
        const numbers = (yPanel / 8) * panels;
        if (step.activation === 'tanh') module.tanh(y, numbers, TANH_ADDRESS);
        else if (step.activation === 'relu') module.relu(y, numbers);
        [x, y] = [y, x];
      }
      unpackPanels(doubles, result / 8, last.groups * GROUP, output, outputs, first, rows);
    }
  };
}

interface Step {
  readonly inputs: number;
  /** Columns of the incoming panels, padding included. */
  readonly stride: number;
  readonly groups: number;
  /** Bytes from the start of the image. */
  readonly kernel: number;
  readonly bias: number;
  readonly activation: DenseLayer['activation'];
}

function pack(layers: readonly DenseLayer[]): {
  readonly image: WeightImage;
  readonly steps: readonly Step[];
} {
  const parts: Float64Array[] = [];
  const steps: Step[] = [];
  let length = 0;
  let stride = layers[0].inputs;
  let widest = stride;
  for (const layer of layers) {
    const groups = Math.ceil(layer.outputs / GROUP);
    const kernel = new Float64Array(groups * layer.inputs * GROUP);
    for (let i = 0; i < layer.inputs; i++) {
      for (let j = 0; j < layer.outputs; j++) {
        const group = Math.floor(j / GROUP);
        kernel[(group * layer.inputs + i) * GROUP + (j % GROUP)] =
          layer.kernel[i * layer.outputs + j];
      }
    }
    const bias = new Float64Array(groups * GROUP);
    bias.set(layer.bias);
    steps.push({
      inputs: layer.inputs,
      stride,
      groups,
      kernel: length * 8,
      bias: (length + kernel.length) * 8,
      activation: layer.activation,
    });
    parts.push(kernel, bias);
    length += kernel.length + bias.length;
    stride = groups * GROUP;
    widest = Math.max(widest, stride);
  }
  const data = new Float64Array(length);
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return { image: { data, widest, address: 0, generation: -1 }, steps };
}
