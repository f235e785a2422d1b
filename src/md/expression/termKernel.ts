import type { LoopFrames } from './loopFrame.ts';

/**
 * The scalar part of a force-field term: an energy u of V variables (a distance, an angle, …), summed
 * over like terms that differ in their parameters. It knows nothing of coordinates.
 */
export interface TermKernel {
  /** V */
  readonly variables: number;
  /** What slopes cost: 1, or 2V + 1 for central differences. */
  readonly evaluationsPerGradient: number;
  /** Σ u of the terms `from` to `to` (exclusive); `values` is `[terms, V]`. */
  energy(values: Float64Array, from: number, to: number): number;
  /** The same, with ∂u/∂variable of each of these terms written to `slopes`, `[terms, V]`. */
  energyAndSlopes(values: Float64Array, from: number, to: number, slopes: Float64Array): number;
  /** The kernel inside of a geometry's own loops, where it can be; the same bytes, but faster. */
  fuse?(frames: LoopFrames): FusedLoops | undefined;
}

/** U of the configuration at `x[offset]`, measured, summed and scattered in one loop. */
export interface FusedLoops {
  readonly energy: (x: Float64Array, offset: number) => number;
  /** Adds ∂U/∂x to `gradient` at `offset`. */
  readonly gradient: (x: Float64Array, offset: number, gradient: Float64Array) => number;
}
