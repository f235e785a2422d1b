import type { Potential } from '../../core/potential.ts';
import { rowPotential } from '../rowPotential.ts';
import { checkSystem } from './checkSystem.ts';
import { explainNonFinite } from './explainNonFinite.ts';
import type { MolecularSystem } from './molecularSystem.ts';
import { parameterHash } from './parameterHash.ts';
import { termEvaluators } from './termEvaluators.ts';

/**
 * The potential of a molecule with its force field, in plain TypeScript and float64; nm and kJ/mol.
 *
 *     U(x) = Σ of the system's terms
 *
 * A configuration is x y z of atom after atom. This is the oracle of the compiled kernels: one atom after
 * the other, each formula as its file states it. Where two atoms that interact coincide U is +∞. The name
 * ends in a hash of all parameters and the box, so that manifests tell force fields apart.
 * @throws {ShapeError} and {RangeError} as `checkSystem` does.
 */
export function plainMolecularPotential(system: MolecularSystem): Potential {
  checkSystem(system);
  const evaluators = termEvaluators(system);
  const atoms = system.topology.atoms.length;
  const dim = 3 * atoms;
  const configuration = new Float64Array(dim);
  const scratch = new Float64Array(dim);

  function sum(x: Float64Array, offset: number, gradient: Float64Array): number {
    let energy = 0;
    for (const term of evaluators) energy += term.evaluate(x, offset, gradient);
    return energy;
  }

  return rowPotential({
    name: potentialName(system),
    dim,
    units: { length: 'nm', energy: 'kJ/mol' },
    evaluationsPerGradient: 1,
    // By the same additions as with the gradient, so that both give the same bits.
    energy(x, offset) {
      configuration.set(x.subarray(offset, offset + dim));
      return sum(configuration, 0, scratch);
    },
    energyAndGradient(x, offset, gradient) {
      gradient.fill(0, offset, offset + dim);
      return sum(x, offset, gradient);
    },
    explain: (x) => explainNonFinite(system, evaluators, x),
  });
}

/** `alanine-dipeptide(atoms=22, parameters=0123456789abcdef)`: what every evaluation of a system is called. */
export function potentialName({ name, topology, terms, box }: MolecularSystem): string {
  return `${name}(atoms=${topology.atoms.length}, parameters=${parameterHash({ terms, box })})`;
}
