/**
 * Units: nm, ps, amu, kJ/mol, K. They are consistent (1 amu·nm²/ps² = 1 kJ/mol), so no factor appears
 * in any integrator. Model systems set their own ε = σ = m = 1 and say "reduced".
 *
 * Constants are exact by the 2019 SI definition: k_B = 1.380649e-23 J/K, N_A = 6.02214076e23 /mol.
 */

/** The molar gas constant R = k_B·N_A, kJ/mol/K. */
export const molarGasConstant = 1.380649e-23 * 6.02214076e23 * 1e-3;

/** k_B T, kJ/mol, of a temperature in kelvin. */
export function kelvinToKT(temperatureKelvin: number): number {
  return molarGasConstant * temperatureKelvin;
}

/** Picoseconds of a time in femtoseconds. */
export function fsToPs(timeFs: number): number {
  return timeFs * 1e-3;
}

/** One thermochemical kilocalorie, kJ (exact by definition). */
export const kilocalorie = 4.184;

/** One ångström, nm. */
export const angstrom = 0.1;

/** Elementary charge squared over 4πε₀, kJ/mol·nm/e²; from CODATA 2018 e and ε₀. */
export const coulombConstant =
  ((1.602176634e-19 ** 2 * 6.02214076e23) / (4 * Math.PI * 8.8541878128e-12)) * 1e9 * 1e-3;

/** One Bohr radius, nm; CODATA 2018. */
export const bohr = 5.29177210903e-2;

/** One hartree, kJ/mol; CODATA 2018 E_h = 4.3597447222071e-18 J. */
export const hartree = 4.3597447222071e-18 * 6.02214076e23 * 1e-3;
