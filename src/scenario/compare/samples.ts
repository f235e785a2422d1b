/** Labels of the records of several chains: enough for every figure, without a single position. */
export interface ChainSamples {
  readonly kind: 'chains';
  /** The state of each record of each chain, `[M][n]`; −1 for none. */
  readonly states: readonly Int8Array[];
  /** The core of each record of each chain, `[M][n]`; −1 between the cores. */
  readonly cores: readonly Int8Array[];
  /** log-weight of each record of each chain, `[M][n]`; undefined where all are equal. */
  readonly logWeights: readonly Float64Array[] | undefined;
  /** Whether a flow move made the record, `[n]`. */
  readonly flowMoves: readonly boolean[];
  /** Spent by the whole run when the record was made, `[n]`. */
  readonly evaluations: Float64Array;
  readonly seconds: Float64Array;
  /** Spent by the whole run before the first record. */
  readonly before: number;
}

/** Independent weighted draws. */
export interface WeightedSamples {
  readonly kind: 'weights';
  /** The state of each draw, `[N]`; −1 for none. */
  readonly labels: Int8Array;
  /** log w of each draw, `[N]`; −∞ for a weight of 0. */
  readonly logWeights: Float64Array;
  /** Draws made when each block of them was done, `[P]`. */
  readonly draws: Float64Array;
  /** Spent by the whole run by then, `[P]`. */
  readonly evaluations: Float64Array;
  readonly seconds: Float64Array;
}

/** The share of a chain that is left out of every estimate, at its beginning: the warm-up. */
export const WARM_UP = 0.1;

/** The first record that counts among the first `records`. */
export function firstCounted(records: number): number {
  return Math.floor(WARM_UP * records);
}
