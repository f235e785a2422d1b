import { ErgoflowError } from '../../core/errors.ts';
import { umbrellaReference } from './umbrellaReference.ts';

/** What umbrella sampling found along d; all free energies in kT. */
export type DimerReference = typeof umbrellaReference;

/**
 * The particle dimer's profile along d and its free-energy difference, by umbrella sampling and MBAR: made
 * by `scripts/particle-dimer-reference.mjs`, for the default parameters.
 * @throws {ErgoflowError} at another temperature than that of the reference.
 */
export function dimerReference(kT: number): DimerReference {
  if (kT === umbrellaReference.kT) return umbrellaReference;
  throw new ErgoflowError(
    `the umbrella reference of the particle dimer holds at kT = ${umbrellaReference.kT}, not at kT = ${kT}`,
  );
}
