import type { Profile } from './profile.ts';

/** A free-energy profile that is known in some bins. */
export interface BinnedReference {
  /** F in kT up to a constant, `[K]`; NaN or ±∞ where it is not known. */
  readonly freeEnergy: ArrayLike<number>;
  /** kT, `[K]`. */
  readonly standardError: ArrayLike<number>;
}

/** How far a profile is from what is known, at worst. */
export interface ProfileDeparture {
  /** Bins that were compared, of all where a reference is known. */
  readonly bins: number;
  readonly of: number;
  /** The largest |F − reference|, kT, and the middle of its bin. */
  readonly largest: { readonly kT: number; readonly at: number };
  /** The largest |F − reference| in standard errors of both, and the middle of its bin. */
  readonly mostSignificant: { readonly standardErrors: number; readonly at: number };
}

/** A larger error, kT, of fewer than ten effective counts, is itself too uncertain to compare with. */
export const LARGEST_ERROR = 1 / Math.sqrt(10);

/**
 * The largest departures of a profile from a reference, in the bins that both know.
 *
 *     δ_k = (F_k − ln Σ' e^(−F) Δs) − (R_k − ln Σ' e^(−R) Δs),   the sums over the compared bins
 *
 * A profile is known only up to a constant, so both are normalised in the same bins: those where the
 * reference is known and the profile has a standard error of at most `LARGEST_ERROR`. Of K bins the most
 * significant one is beyond 2 standard errors as a rule: for 50 independent bins the median is 2.5.
 * @returns null where there are no two bins to compare.
 * @throws {RangeError} where the reference has another number of bins.
 */
export function profileDeparture(
  profile: Profile,
  reference: BinnedReference,
): ProfileDeparture | null {
  const { edges, freeEnergy, standardError } = profile;
  if (reference.freeEnergy.length !== freeEnergy.length) {
    throw new RangeError(
      `"reference" expected ${freeEnergy.length} bins, got ${reference.freeEnergy.length}`,
    );
  }
  const known = Array.from(freeEnergy.keys()).filter((k) =>
    Number.isFinite(reference.freeEnergy[k]),
  );
  const bins = known.filter((k) => (standardError[k] ?? Infinity) <= LARGEST_ERROR);
  // One bin alone is normalised to the other's.
  if (bins.length < 2) return null;
  const logMass = (values: ArrayLike<number>): number =>
    Math.log(bins.reduce((sum, k) => sum + Math.exp(-values[k]) * (edges[k + 1] - edges[k]), 0));
  const shift = logMass(freeEnergy) - logMass(reference.freeEnergy);
  let largest = { kT: -1, at: Number.NaN };
  let mostSignificant = { standardErrors: -1, at: Number.NaN };
  for (const k of bins) {
    const at = (edges[k] + edges[k + 1]) / 2;
    const kT = Math.abs(freeEnergy[k] - reference.freeEnergy[k] + shift);
    const standardErrors = kT / Math.hypot(standardError[k] ?? 0, reference.standardError[k]);
    if (kT > largest.kT) largest = { kT, at };
    if (standardErrors > mostSignificant.standardErrors) mostSignificant = { standardErrors, at };
  }
  return { bins: bins.length, of: known.length, largest, mostSignificant };
}
