import { angleGeometry } from '../../particles/angleGeometry.ts';
import type { HarmonicAngles } from '../term.ts';
import { atomGroups, geometricTerm } from './geometricTerm.ts';
import type { TermEvaluator } from './termEvaluator.ts';

/**
 * Springs on the angles of triples of atoms.
 *
 *     U = Σ ½ k (θ − θ₀)²,   ∂U/∂θ = k (θ − θ₀)
 *
 * On a straight line an angle has no gradient, and adds none.
 */
export function harmonicAngles(term: HarmonicAngles): TermEvaluator {
  const { kind, atoms, angle, forceConstant } = term;
  return geometricTerm({
    kind,
    part: 'angle',
    geometry: angleGeometry(atomGroups(atoms, 3), 3),
    atoms,
    arity: 3,
    energyAndSlopes(theta, k, slopes) {
      const bend = theta[k] - angle[k];
      slopes[k] = forceConstant[k] * bend;
      return 0.5 * forceConstant[k] * bend * bend;
    },
  });
}
