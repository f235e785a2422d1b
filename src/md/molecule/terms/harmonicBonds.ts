import { distanceGeometry } from '../../particles/distanceGeometry.ts';
import type { DistanceRestraints, HarmonicBonds } from '../term.ts';
import { atomGroups, geometricTerm } from './geometricTerm.ts';
import type { TermEvaluator } from './termEvaluator.ts';

/**
 * Springs between pairs of atoms; distance restraints are the same thing between other pairs.
 *
 *     U = Σ ½ k (r − r₀)²,   ∂U/∂r² = k (r − r₀)/2r
 *
 * Where the two atoms coincide the spring has no direction and adds nothing to the gradient. There are no
 * periodic images: a molecule is whole.
 */
export function harmonicBonds(term: HarmonicBonds | DistanceRestraints): TermEvaluator {
  const { kind, atoms, length, forceConstant } = term;
  const part = kind === 'harmonic-bonds' ? 'bond' : 'distance restraint';
  return geometricTerm({
    kind,
    part,
    geometry: distanceGeometry(part, atomGroups(atoms, 2), 3),
    atoms,
    arity: 2,
    energyAndSlopes(squares, k, slopes) {
      const r = Math.sqrt(squares[k]);
      const pull = forceConstant[k] * (r - length[k]);
      slopes[k] = (0.5 * pull) / r;
      return 0.5 * pull * (r - length[k]);
    },
  });
}
