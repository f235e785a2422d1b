import type { Key } from '../../../core/rng.ts';

/** What one burst changes, in place. */
export interface BurstState {
  /** `[B, D]`. */
  readonly positions: Float64Array;
  /** `[B, D]`. */
  readonly velocities: Float64Array;
  /** U at the positions, `[B]`. */
  readonly energy: Float64Array;
  /** ∂U/∂x at the positions, `[B, D]`. */
  readonly gradient: Float64Array;
}

/** The numbers of a step, per coordinate where a coordinate's mass counts. */
export interface BurstSettings {
  readonly steps: number;
  /** Δt/2, ps. */
  readonly half: number;
  /** e^(−γΔt). */
  readonly keep: number;
  /** Δt/2m, `[D]`. */
  readonly kick: Float64Array;
  /** √(1 − e^(−2γΔt)) √(kT/m), `[D]`. */
  readonly renew: Float64Array;
}

/**
 * Steps the chains `first`, `first + 1` … of a run in place; the noise of a chain depends on the key, the step and its number
 * alone. Throws `DivergenceError`.
 */
export type Burst = (state: BurstState, key: Key, first: number) => void;
