/** How a method's estimate stood after each record of one run. */
export interface RunningEstimate {
  /** Spent by then on everything, rising, `[P]`. */
  readonly evaluations: Float64Array;
  readonly seconds: Float64Array;
  /** |ΔF − reference|, the largest of all states, kT, `[P]`; NaN where it is not known. */
  readonly error: Float64Array;
  /** 1 where the difference would be withheld (design rule 11), `[P]`. */
  readonly withheld: Uint8Array;
}

/** Nothing was recorded. */
export function noEstimate(): RunningEstimate {
  return {
    evaluations: new Float64Array(0),
    seconds: new Float64Array(0),
    error: new Float64Array(0),
    withheld: new Uint8Array(0),
  };
}

/** |ΔFᵢ − reference|, the largest of all states, kT, from populations up to a constant, `[K]`. */
export function largestError(
  populations: ArrayLike<number>,
  reference: readonly number[] | undefined,
): number {
  if (reference === undefined) return Number.NaN;
  let largest = 0;
  for (let i = 1; i < populations.length; i++) {
    const error = Math.abs(-Math.log(populations[i] / populations[0]) - reference[i - 1]);
    // A state without samples has no free energy, and an infinite error would hide that.
    if (!Number.isFinite(error)) return Number.NaN;
    largest = Math.max(largest, error);
  }
  return largest;
}
