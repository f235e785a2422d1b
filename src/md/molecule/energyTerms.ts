import { ShapeError } from '../../core/errors.ts';
import { checkSystem } from './checkSystem.ts';
import type { MolecularSystem } from './molecularSystem.ts';
import type { Term } from './term.ts';
import { termEvaluators } from './termEvaluators.ts';

/** What one term of a force field says of a configuration. */
export interface TermEnergy {
  readonly kind: Term['kind'];
  /** U, kJ/mol. */
  readonly energy: number;
  /** ∂U/∂x, `[D]`, kJ/mol/nm. */
  readonly gradient: Float64Array;
}

/**
 * The energy of every term of a system, in the order of its terms, at configurations `x`, `[3N]`, nm.
 *
 * Their sum is what `molecularPotential` gives.
 * @throws {ShapeError} and {RangeError} as `checkSystem` does; {ShapeError} for a configuration of another
 *   length.
 */
export function energyTerms(system: MolecularSystem): (x: Float64Array) => readonly TermEnergy[] {
  checkSystem(system);
  const evaluators = termEvaluators(system);
  const dim = 3 * system.topology.atoms.length;
  return (x) => {
    if (x.length !== dim) {
      throw new ShapeError(
        `${system.name}: expected ${dim} coordinates, ${dim / 3} atoms, got ${x.length}`,
      );
    }
    return evaluators.map(({ kind, evaluate }) => {
      const gradient = new Float64Array(dim);
      return { kind, energy: evaluate(x, 0, gradient), gradient };
    });
  };
}
