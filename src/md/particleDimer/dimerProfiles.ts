import { dimerReference } from './dimerReference.ts';
import { publishedProfile } from './publishedProfile.ts';

/** F along d, known beforehand: what a scenario takes for a profile of its reference. */
export interface DimerProfile {
  readonly source: string;
  /** d, ascending, reduced units. */
  readonly at: readonly number[];
  /** F = −ln p in kT up to a constant, `[at]`. */
  readonly freeEnergy: readonly number[];
  /** kT, `[at]`. */
  readonly standardError: readonly number[];
}

/**
 * The profiles of the particle dimer along d at kT = 1, for the default parameters: our own umbrella
 * sampling, in the middles of its bins, then the published one.
 *
 * The published free energies are those of windows, which average over 0.05 of d; the profile behind them is
 * made by `scripts/published-dimer-profile.py`, which has the formulas. Its errors are the scatter of three
 * repeats, each run forward and backward, over √6.
 * Noé, Olsson, Köhler & Wu, Science 365, eaaw1147, 2019, figure 6e, and the data released with it.
 * @throws {ErgoflowError} at another temperature than kT = 1.
 */
export function dimerProfiles(kT: number): readonly DimerProfile[] {
  const { min, max, freeEnergy, standardError, windows } = dimerReference(kT);
  const width = (max - min) / freeEnergy.length;
  return [
    {
      source: `umbrella sampling, ${windows} windows`,
      at: freeEnergy.map((_, k) => min + (k + 0.5) * width),
      freeEnergy,
      standardError,
    },
    { source: 'umbrella sampling of Noé et al. 2019', ...publishedProfile },
  ];
}
