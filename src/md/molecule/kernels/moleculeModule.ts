import { reserve, type SimdModule, simdModule } from '../../../core/simdModule.ts';
import moleculeBase64 from '../../wasm/molecule.wasm.ts';

/** What `assembly/molecule.ts` exports; addresses are in bytes. */
export interface MoleculeModule extends SimdModule {
  freeMemory(): number;
  evaluate(plan: number, x: number, gradient: number, energy: number): void;
  burst(
    plan: number,
    steps: number,
    keys: number,
    chain: bigint,
    watched: number,
    dim: number,
    x: number,
    v: number,
    gradient: number,
    random: number,
    kick: number,
    renew: number,
    half: number,
    keep: number,
    energy: number,
    floats: number,
  ): number;
  burstOfFour(
    plan: number,
    exact: number,
    steps: number,
    keys: number,
    chain: bigint,
    watched: number,
    dim: number,
    x: number,
    v: number,
    gradient: number,
    random: number,
    kick: number,
    renew: number,
    half: number,
    keep: number,
    floats: number,
  ): number;
  noise(lo: number, hi: number, chain: bigint, dim: number, out: number): void;
  gather(row: number, dim: number, lanes: number): void;
  scatter(lanes: number, dim: number, row: number): void;
  expRow64(x: number, bytes: number): void;
  logRow64(x: number, bytes: number): void;
  acosRow64(x: number, bytes: number): void;
  sinRow64(x: number, bytes: number): void;
  cosRow64(x: number, bytes: number): void;
  expRow32(x: number, bytes: number): void;
  logRow32(x: number, bytes: number): void;
  acosRow32(x: number, bytes: number): void;
}

/** A module with a memory of its own, and the part of that memory that is not given away yet. */
export interface MoleculeArena {
  readonly module: MoleculeModule;
  /** The address of `bytes` bytes, zero, on a boundary of 16. */
  allot(bytes: number): number;
  /** The address of a copy of `numbers`. */
  doubles(numbers: ArrayLike<number>): number;
  floats(numbers: ArrayLike<number>): number;
  words(numbers: ArrayLike<number>): number;
}

/** undefined where the machine has no vector instructions. */
export function moleculeArena(): MoleculeArena | undefined {
  const module = simdModule<MoleculeModule>(moleculeBase64);
  if (module === undefined) return undefined;
  const { memory } = module;
  let free = Math.ceil(module.freeMemory() / 16) * 16;

  function allot(bytes: number): number {
    const address = free;
    free += Math.ceil(bytes / 16) * 16;
    reserve(module as MoleculeModule, free);
    return address;
  }

  return {
    module,
    allot,
    doubles(numbers) {
      const address = allot(8 * numbers.length);
      new Float64Array(memory.buffer, address, numbers.length).set(numbers);
      return address;
    },
    floats(numbers) {
      const address = allot(4 * numbers.length);
      new Float32Array(memory.buffer, address, numbers.length).set(numbers);
      return address;
    },
    words(numbers) {
      const address = allot(4 * numbers.length);
      new Uint32Array(memory.buffer, address, numbers.length).set(numbers);
      return address;
    },
  };
}
