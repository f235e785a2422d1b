import { torsionGeometry } from '../../particles/torsionGeometry.ts';
import type { PeriodicTorsions } from '../term.ts';
import { atomGroups, geometricTerm } from './geometricTerm.ts';
import type { TermEvaluator } from './termEvaluator.ts';

/**
 * Cosines of torsion angles, proper and improper.
 *
 *     U = Σ k (1 + cos(n φ − φ₀)),   ∂U/∂φ = −k n sin(n φ − φ₀)
 *
 * φ is 0 at cis and ±π at trans. The gradient goes by way of the angle (Blondel & Karplus 1996), which has
 * no division by sin φ; with three atoms on a line a torsion adds none.
 */
export function periodicTorsions(term: PeriodicTorsions): TermEvaluator {
  const { kind, atoms, periodicity, phase, forceConstant } = term;
  return geometricTerm({
    kind,
    part: 'torsion',
    geometry: torsionGeometry(atomGroups(atoms, 4)),
    atoms,
    arity: 4,
    energyAndSlopes(phi, k, slopes) {
      const turn = periodicity[k] * phi[k] - phase[k];
      slopes[k] = -forceConstant[k] * periodicity[k] * Math.sin(turn);
      return forceConstant[k] * (1 + Math.cos(turn));
    },
  });
}
