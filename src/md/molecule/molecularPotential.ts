import type { Potential } from '../../core/potential.ts';
import { simdMolecularPotential } from './kernels/simdMolecularPotential.ts';
import type { MolecularSystem } from './molecularSystem.ts';
import { plainMolecularPotential } from './plainMolecularPotential.ts';

/**
 * The potential of a molecule with its force field, in float64; nm and kJ/mol.
 *
 *     U(x) = Σ of the system's terms
 *
 * A configuration is x y z of atom after atom. Evaluated by vector instructions where the machine has them,
 * several configurations or atoms at once, and as `plainMolecularPotential` states it elsewhere; the two agree
 * but for rounding. Where two atoms that interact coincide U is +∞. The name ends in a hash of all parameters and
 * the box, so that manifests tell force fields apart.
 * @throws {ShapeError} and {RangeError} as `checkSystem` does.
 */
export function molecularPotential(system: MolecularSystem): Potential {
  return simdMolecularPotential(system) ?? plainMolecularPotential(system);
}
