/**
 * The switch that takes Lennard-Jones energies to zero between two distances.
 *
 *     S = 1 − 10 t³ + 15 t⁴ − 6 t⁵,   t = (r − r_s)/(r_c − r_s)
 *
 * 1 at r_s and 0 at r_c, with two continuous derivatives at both. OpenMM's; there and here it acts on the
 * energy.
 */
export function switchValue(t: number): number {
  return 1 - t * t * t * (10 - t * (15 - 6 * t));
}

/** ∂S/∂t. */
export function switchSlope(t: number): number {
  const left = t * (1 - t);
  return -30 * left * left;
}
