import { ErgoflowError } from '../../core/errors.ts';
import { umbrellaReference } from './umbrellaReference.ts';

/** The particle dimer's profile along d, by umbrella sampling and MBAR; free energies in kT. */
export interface DimerReference {
  readonly kT: number;
  /** F(d ≥ 1.5) − F(d < 1.5). */
  readonly difference: { readonly value: number; readonly standardError: number };
  /** Between these two lie bins of equal width. */
  readonly min: number;
  readonly max: number;
  /** −ln P of each bin, its lowest value subtracted. */
  readonly freeEnergy: readonly number[];
  /** Of −ln P, from resampled chains. */
  readonly standardError: readonly number[];
  /** Energy evaluations that it took, and in how many chains and windows. */
  readonly evaluations: number;
  readonly chains: number;
  readonly windows: number;
}

/**
 * The reference at a temperature: made by `scripts/particle-dimer-reference.mjs`, for the default parameters.
 * @throws {ErgoflowError} at another temperature than that of the reference.
 */
export function dimerReference(kT: number): DimerReference {
  if (kT === umbrellaReference.kT) return umbrellaReference;
  throw new ErgoflowError(
    `the umbrella reference of the particle dimer holds at kT = ${umbrellaReference.kT}, not at kT = ${kT}`,
  );
}
