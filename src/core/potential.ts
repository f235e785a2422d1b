import type { Batch } from './batch.ts';

/**
 * A potential energy surface U(x), evaluated over a batch.
 *
 * Both methods are pure: equal inputs give equal outputs, nothing is written to `x`, and row `b` of
 * the result depends on row `b` of `x` alone. Hot loops pass the result arrays in, so that nothing is
 * allocated; the arrays that were passed are returned.
 */
export interface Potential {
  /** Identity in logs and manifests, parameters included: `double-well(a4=1, a2=6, a1=1, k=1)`. */
  readonly name: string;
  /** D, the coordinates of one configuration: 3 × atoms for molecules. */
  readonly dim: number;
  /** What one coordinate or energy is measured in, for manifests and axes. */
  readonly units: PotentialUnits;
  /**
   * What `energyAndGradient` of one configuration costs: 1, or 2V + 1 for central differences in V
   * variables, D of a configuration or those of one term.
   */
  readonly evaluationsPerGradient: number;
  /** U, `[B]`; +∞ is legal (a forbidden configuration). */
  energy(x: Batch, out?: Float64Array): Float64Array;
  /** U, `[B]`, with ∂U/∂x, `[B, D]`. The force is the negative gradient. */
  energyAndGradient(x: Batch, out?: EnergyAndGradient): EnergyAndGradient;
  /**
   * In words, which term of U is not finite at the configuration `x`, `[D]`, for which atoms and values;
   * undefined where all are finite. For messages: it costs about an evaluation and is not booked.
   */
  explain?(x: Float64Array): string | undefined;
}

/** What `energyAndGradient` returns: U and ∂U/∂x of the rows of a batch. */
export interface EnergyAndGradient {
  /** U, `[B]`. */
  readonly energy: Float64Array;
  /** ∂U/∂x, `[B, D]`. */
  readonly gradient: Float64Array;
}

/** Units of a potential; `reduced` where the model has none. */
export interface PotentialUnits {
  readonly length: 'nm' | 'reduced';
  readonly energy: 'kJ/mol' | 'reduced';
}

/** Result arrays for `count` configurations of `dim` coordinates. */
export function energyAndGradientBuffer(count: number, dim: number): EnergyAndGradient {
  return { energy: new Float64Array(count), gradient: new Float64Array(count * dim) };
}
