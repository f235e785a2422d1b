import { positionGeometry } from '../../particles/positionGeometry.ts';
import type { PositionRestraints } from '../term.ts';
import { geometricTerm } from './geometricTerm.ts';
import type { TermEvaluator } from './termEvaluator.ts';

/**
 * Springs that hold atoms where they are.
 *
 *     U = Σ ½ k |x − x₀|²
 *
 * The only term that is neither translated nor rotated with the molecule; there are no periodic images.
 */
export function positionRestraints(term: PositionRestraints): TermEvaluator {
  const { kind, atoms, position, forceConstant } = term;
  return geometricTerm({
    kind,
    part: 'position restraint',
    geometry: positionGeometry(Array.from(atoms), 3),
    atoms,
    arity: 1,
    energyAndSlopes(x, k, slopes) {
      let square = 0;
      for (let i = 3 * k; i < 3 * k + 3; i++) {
        const away = x[i] - position[i];
        slopes[i] = forceConstant[k] * away;
        square += away * away;
      }
      return 0.5 * forceConstant[k] * square;
    },
  });
}
