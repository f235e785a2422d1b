/** The reaction field's 1/r + k r² − c: its two constants. */
export interface ReactionField {
  /** k, 1/nm³. */
  readonly quadratic: number;
  /** c, 1/nm. */
  readonly shift: number;
}

/**
 * Coulomb's law inside of a cavity of radius r_c in a continuum.
 *
 *     1/r + k r² − c,   k = (ε − 1)/((2ε + 1) r_c³),   c = 3ε/((2ε + 1) r_c)
 *
 * It is zero at r_c; its slope there is −3/((2ε + 1) r_c²), which only a conductor makes zero.
 * Tironi, Sperb, Smith & van Gunsteren, J. Chem. Phys. 102, 5451, 1995. doi:10.1063/1.469273
 * @param cutoff r_c, nm. @param dielectric ε of the continuum.
 */
export function reactionField(cutoff: number, dielectric: number): ReactionField {
  const denominator = 2 * dielectric + 1;
  return {
    quadratic: (dielectric - 1) / (denominator * cutoff ** 3),
    shift: (3 * dielectric) / (denominator * cutoff),
  };
}
