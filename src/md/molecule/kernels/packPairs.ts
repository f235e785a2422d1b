import { coulombConstant } from '../../../core/units.ts';
import type { Nonbonded } from '../term.ts';

/** Nonbonded parameters of all pairs of atoms as the kernels use them. */
export interface PackedPairs {
  /** A, B, C qᵢqⱼ of U = A r⁻¹² − B r⁻⁶ + C qᵢqⱼ r⁻¹ of a pair; undefined where it has none. */
  parameters(i: number, j: number): readonly [number, number, number] | undefined;
  /** Whether the pair is an exception, with parameters of its own or excluded. */
  isException(i: number, j: number): boolean;
  /** The exceptions, `[2K]`. */
  readonly exceptions: Int32Array;
  /** √C q, `[N]`. */
  readonly charge: Float64Array;
  /** σ/2, `[N]`. */
  readonly halfWidth: Float64Array;
  /** 2 √ε, `[N]`; the product of two is 4 √(εᵢεⱼ). */
  readonly depth: Float64Array;
}

/** Combines the parameters of atoms by the rules of Lorentz and Berthelot. */
export function packPairs({ charge, sigma, epsilon, exceptions }: Nonbonded): PackedPairs {
  const atoms = charge.length;
  const exceptional = new Map<number, number>();
  for (let k = 0; k < exceptions.chargeProduct.length; k++) {
    const i = exceptions.atoms[2 * k];
    const j = exceptions.atoms[2 * k + 1];
    exceptional.set(Math.min(i, j) * atoms + Math.max(i, j), k);
  }
  const numberOf = (i: number, j: number) =>
    exceptional.get(Math.min(i, j) * atoms + Math.max(i, j));

  return {
    parameters(i, j) {
      const k = numberOf(i, j);
      const width = k === undefined ? (sigma[i] + sigma[j]) / 2 : exceptions.sigma[k];
      const depth =
        k === undefined ? Math.sqrt(epsilon[i]) * Math.sqrt(epsilon[j]) : exceptions.epsilon[k];
      const charges = k === undefined ? charge[i] * charge[j] : exceptions.chargeProduct[k];
      if (depth === 0 && charges === 0) return undefined;
      const six = width ** 6;
      return [4 * depth * six * six, 4 * depth * six, coulombConstant * charges];
    },
    isException: (i, j) => numberOf(i, j) !== undefined,
    exceptions: exceptions.atoms,
    charge: charge.map((each) => Math.sqrt(coulombConstant) * each),
    halfWidth: sigma.map((each) => each / 2),
    depth: epsilon.map((each) => 2 * Math.sqrt(each)),
  };
}
