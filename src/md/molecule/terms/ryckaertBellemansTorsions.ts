import { torsionGeometry } from '../../particles/torsionGeometry.ts';
import type { RyckaertBellemansTorsions } from '../term.ts';
import { atomGroups, geometricTerm } from './geometricTerm.ts';
import type { TermEvaluator } from './termEvaluator.ts';

/**
 * Polynomials in the cosine of torsion angles, measured from trans.
 *
 *     U = Σ P(cos ψ),   P(c) = Σₙ Cₙ cⁿ, n = 0 … 5,   ψ = φ − π
 *     ∂U/∂φ = −sin ψ P′(cos ψ) = sin φ P′(−cos φ)
 *
 * Ryckaert & Bellemans, Chem. Phys. Lett. 30, 123, 1975. doi:10.1016/0009-2614(75)85513-8
 */
export function ryckaertBellemansTorsions(term: RyckaertBellemansTorsions): TermEvaluator {
  const { kind, atoms, coefficients } = term;
  return geometricTerm({
    kind,
    part: 'torsion',
    geometry: torsionGeometry(atomGroups(atoms, 4)),
    atoms,
    arity: 4,
    energyAndSlopes(phi, k, slopes) {
      const cosine = -Math.cos(phi[k]);
      let value = 0;
      let derivative = 0;
      // Horner's rule for a polynomial and its derivative at once.
      for (let n = 5; n >= 0; n--) {
        derivative = derivative * cosine + value;
        value = value * cosine + coefficients[6 * k + n];
      }
      slopes[k] = Math.sin(phi[k]) * derivative;
      return value;
    },
  });
}
