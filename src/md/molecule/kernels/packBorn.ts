import type { GeneralizedBorn } from '../term.ts';
import { bornModels } from '../terms/bornModels.ts';

/** A generalised Born term as the kernels use it. */
export interface PackedBorn {
  /** Ten numbers an atom: ρ̃, S ρ̃, √C q, 1/ρ, α, β, γ, 4π s (ρ + 0.14)² ρ⁶, 1/ρ̃, and the square of the
   * distance from which on spheres are apart and small, max(34.1 (S ρ̃)², 4 ρ̃²). */
  readonly perAtom: readonly number[];
  /** 1/εₚ, 1/εₛ, κ. */
  readonly settings: readonly [number, number, number];
  /** Whether radii are rescaled by a hyperbolic tangent. */
  readonly rescaled: boolean;
}

/** Radius of the solvent's probe in the surface term, nm. */
const PROBE = 0.14;

/** @param coulomb C, kJ/mol nm/e². */
export function packBorn(term: GeneralizedBorn, coulomb: number): PackedBorn {
  const { offset, rescaling } = bornModels[term.model];
  const [alpha, beta, gamma] = rescaling ?? [0, 0, 0];
  const perAtom = Array.from(term.radius, (radius, i) => {
    const reduced = radius - offset;
    return [
      reduced,
      term.screen[i] * reduced,
      Math.sqrt(coulomb) * term.charge[i],
      1 / radius,
      alpha,
      beta,
      gamma,
      4 * Math.PI * term.surfaceTension * (radius + PROBE) ** 2 * radius ** 6,
      1 / reduced,
      Math.max(34.1 * (term.screen[i] * reduced) ** 2, 4 * reduced * reduced),
    ];
  });
  return {
    perAtom: perAtom.flat(),
    settings: [1 / term.soluteDielectric, 1 / term.solventDielectric, term.inverseDebyeLength],
    rescaled: rescaling !== undefined,
  };
}
