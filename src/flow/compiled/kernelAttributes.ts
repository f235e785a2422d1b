import type { KernelAttributes } from './kernels/kernelRule.ts';
import { TraceError } from './traceError.ts';

/** Checked access to what tfjs passed to a kernel. */
export function kernelAttributes(kernel: string, given: object | undefined): KernelAttributes {
  const attributes: Readonly<Record<string, unknown>> = { ...given };

  function wrong(name: string, expected: string): TraceError {
    return new TraceError(
      `kernel ${kernel}: attribute "${name}" expected ${expected}, got ${String(attributes[name])}`,
    );
  }

  function integers(name: string): number[] {
    const value = attributes[name];
    if (typeof value === 'number') return [value];
    if (Array.isArray(value) && value.every((item) => typeof item === 'number')) return value;
    throw wrong(name, 'integers');
  }

  return {
    integers,
    number(name) {
      const value = attributes[name];
      if (typeof value !== 'number') throw wrong(name, 'a number');
      return value;
    },
    // tfjs leaves flags out that were not given.
    flag: (name) => attributes[name] === true,
    text(name) {
      const value = attributes[name];
      if (typeof value !== 'string') throw wrong(name, 'a text');
      return value;
    },
    has: (name) => attributes[name] !== undefined && attributes[name] !== null,
    isList: (name) => Array.isArray(attributes[name]),
    pairs(name) {
      const value = attributes[name];
      if (!Array.isArray(value)) throw wrong(name, 'pairs');
      return value.map((pair) => [Number(pair[0]), Number(pair[1])]);
    },
  };
}
