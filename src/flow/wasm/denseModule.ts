import { tanhConstants } from '../exact/tanh.ts';
import denseBase64 from './dense.wasm.ts';

// The part of the WebAssembly interface in use: neither the language's nor Node's types declare it.
declare const WebAssembly:
  | {
      validate(bytes: Uint8Array): boolean;
      readonly Module: new (bytes: Uint8Array) => object;
      readonly Instance: new (module: object) => { readonly exports: unknown };
    }
  | undefined;

/** What `assembly/dense.ts` exports; addresses and strides are in bytes. */
export interface DenseModule {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
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

const PAGE = 65_536;

let instance: DenseModule | undefined | 'untried' = 'untried';

/** The SIMD kernel, one instance for all networks, or undefined where SIMD is not to be had. */
export function denseModule(): DenseModule | undefined {
  if (instance === 'untried') instance = instantiate();
  return instance;
}

/** Enlarges the memory to hold `bytes`; views made before are then detached. */
export function reserve(module: DenseModule, bytes: number): void {
  const missing = bytes - module.memory.buffer.byteLength;
  if (missing > 0) module.memory.grow(Math.ceil(missing / PAGE));
}

function instantiate(): DenseModule | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  const bytes = Uint8Array.from(atob(denseBase64), (letter) => letter.charCodeAt(0));
  // False where vector instructions are unknown.
  if (!WebAssembly.validate(bytes)) return undefined;
  // The exports of a module are untyped; this one is built from assembly/dense.ts.
  const module = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as DenseModule;
  reserve(module, FREE_ADDRESS);
  new Float64Array(module.memory.buffer).set(tanhConstants, TANH_ADDRESS / 8);
  return module;
}
