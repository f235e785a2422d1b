// The part of the WebAssembly interface in use: neither the language's nor Node's types declare it.
declare const WebAssembly:
  | {
      validate(bytes: Uint8Array): boolean;
      readonly Module: new (bytes: Uint8Array) => object;
      readonly Instance: new (module: object) => { readonly exports: unknown };
    }
  | undefined;

/** Every module exports its memory, which the host fills and reads. */
export interface SimdModule {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
}

const PAGE = 65_536;

/**
 * A module of `assembly/`, embedded as base64; undefined where the machine has no WebAssembly SIMD, and
 * the TypeScript twin of the module serves, with the same bits.
 *
 * @typeParam T what the module's source exports; nothing checks it but that source.
 */
export function simdModule<T extends SimdModule>(base64: string): T | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  // False where vector instructions are unknown.
  if (!WebAssembly.validate(bytes)) return undefined;
  // The exports of a module are untyped.
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as T;
}

/** Enlarges the memory to hold `bytes`; views made before are then detached. */
export function reserve(module: SimdModule, bytes: number): void {
  const missing = bytes - module.memory.buffer.byteLength;
  if (missing > 0) module.memory.grow(Math.ceil(missing / PAGE));
}
