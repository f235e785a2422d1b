import { reserve, type SimdModule, simdModule } from '../../core/simdModule.ts';
import { tanhConstants } from '../exact/tanh.ts';
import denseBase64 from './dense.wasm.ts';

/** What `assembly/dense.ts` exports; addresses and strides are in bytes. */
export interface DenseModule extends SimdModule {
  linear(
    x: number,
    xPanel: number,
    inputs: number,
    weights: number,
    bias: number,
    groups: number,
    y: number,
    yPanel: number,
    panels: number,
  ): void;
  relu(x: number, count: number): void;
  tanh(x: number, count: number, constants: number): void;
}

/** Where the constants of tanh lie: at the start of the memory. */
export const TANH_ADDRESS = 0;
/** First byte that is free for weights and activations. */
export const FREE_ADDRESS = 256;

let instance: DenseModule | undefined | 'untried' = 'untried';

/** The SIMD kernel, one instance for all networks, or undefined where SIMD is not to be had. */
export function denseModule(): DenseModule | undefined {
  if (instance === 'untried') instance = instantiate();
  return instance;
}

function instantiate(): DenseModule | undefined {
  const module = simdModule<DenseModule>(denseBase64);
  if (module === undefined) return undefined;
  reserve(module, FREE_ADDRESS);
  new Float64Array(module.memory.buffer).set(tanhConstants, TANH_ADDRESS / 8);
  return module;
}
