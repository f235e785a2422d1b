/**
 * Molecular force fields and Langevin dynamics in SIMD: what `src/md/molecule/terms` and
 * `src/md/kernels/langevin.ts` compute, built into `src/md/wasm/molecule.wasm.ts` by
 * `scripts/build-wasm.mjs`. The host owns the memory from `freeMemory` on and passes byte addresses.
 *
 * Lanes are chains: two in float64, four in float32, so that no chain can see another. For large molecules
 * the pairs are computed with atoms in the lanes instead, one chain after the other.
 */
export { burst, burstOfFour } from './molecule/langevin';
export * from './molecule/mathOnRows';
export { noise } from './molecule/noise';
export { gather, scatter } from './molecule/rows';

import { evaluateTwo } from './molecule/langevin';

/** Where the host's part of the memory begins. */
export function freeMemory(): usize {
  return __heap_base;
}

/** U of two chains to `energy`, their gradients to `g`, [coordinate][lane]. */
export function evaluate(plan: usize, x: usize, g: usize, energy: usize): void {
  v128.store(energy, evaluateTwo(plan, x, g, false));
}
