import type { GeneralizedBorn } from '../term.ts';
import { bornModels } from './bornModels.ts';

/** Effective Born radii, from the integrals of descreening. */
export interface EffectiveRadii {
  /** R, nm, `[N]`. */
  readonly radius: Float64Array;
  /** ∂R/∂I, nm², `[N]`. */
  readonly slope: Float64Array;
  /** Sets both, of integrals I, 1/nm, `[N]`. */
  update(integral: Float64Array): void;
}

/**
 * The effective radii of a generalised Born model.
 *
 *     hct:     1/R = 1/ρ̃ − I,                                ρ̃ = ρ − offset
 *     others:  1/R = 1/ρ̃ − tanh(α Ψ − β Ψ² + γ Ψ³)/ρ,        Ψ = I ρ̃
 *
 * The hyperbolic tangent keeps 1/R above zero for buried atoms; HCT's may pass through it.
 */
export function effectiveRadii(term: GeneralizedBorn): EffectiveRadii {
  const { offset, rescaling } = bornModels[term.model];
  const atoms = term.radius.length;
  const radius = new Float64Array(atoms);
  const slope = new Float64Array(atoms);
  const own = term.model === 'gbn2' ? term.rescaling : undefined;

  return {
    radius,
    slope,
    update(integral) {
      for (let i = 0; i < atoms; i++) {
        const reduced = term.radius[i] - offset;
        if (rescaling === undefined && own === undefined) {
          radius[i] = 1 / (1 / reduced - integral[i]);
          slope[i] = radius[i] * radius[i];
          continue;
        }
        const alpha = own?.[3 * i] ?? rescaling?.[0] ?? Number.NaN;
        const beta = own?.[3 * i + 1] ?? rescaling?.[1] ?? Number.NaN;
        const gamma = own?.[3 * i + 2] ?? rescaling?.[2] ?? Number.NaN;
        const psi = integral[i] * reduced;
        const bound = Math.tanh(psi * (alpha - psi * (beta - psi * gamma)));
        radius[i] = 1 / (1 / reduced - bound / term.radius[i]);
        const inner = alpha - psi * (2 * beta - 3 * gamma * psi);
        slope[i] = (radius[i] * radius[i] * (1 - bound * bound) * inner * reduced) / term.radius[i];
      }
    },
  };
}
