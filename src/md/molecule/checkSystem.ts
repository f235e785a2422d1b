import { ShapeError } from '../../core/errors.ts';
import { checkTerm } from './checkTerm.ts';
import type { MolecularSystem } from './molecularSystem.ts';

/** Below this, nm, an edge of a box was probably given in other units, or is empty. */
const smallestEdge = 0.5;

/**
 * Checks that a system holds together: numbers of atoms, lengths of arrays, finite parameters, and a box
 * that its cutoffs fit into.
 *
 * @throws {ShapeError} for an array of the wrong length. @throws {RangeError} for a value out of range. Both
 *   name the system, the term and the entry: `alanine: terms[2] (nonbonded).charge[7] expected …`.
 */
export function checkSystem(system: MolecularSystem): void {
  const { name, topology, masses, terms, box } = system;
  const atoms = topology.atoms.length;
  if (atoms === 0) throw new ShapeError(`${name}: topology.atoms expected atoms, got none`);
  if (masses.length !== atoms) {
    throw new ShapeError(
      `${name}: masses expected ${atoms} numbers, one for each atom of the topology, got ${masses.length}`,
    );
  }
  masses.forEach((mass, i) => {
    if (Number.isFinite(mass) && mass >= 0) return;
    throw new RangeError(`${name}: masses[${i}] expected zero or a positive number, got ${mass}`);
  });
  topology.atoms.forEach(({ residue }, i) => {
    if (topology.residues[residue] !== undefined) return;
    throw new RangeError(
      `${name}: topology.atoms[${i}].residue expected 0 to ${topology.residues.length - 1}, got ${residue}`,
    );
  });
  if (box !== undefined) checkBox(name, box);
  terms.forEach((term, t) => {
    checkTerm(`${name}: terms[${t}] (${term.kind})`, term, atoms, box);
  });
}

function checkBox(name: string, box: readonly [number, number, number]): void {
  box.forEach((edge, k) => {
    if (Number.isFinite(edge) && edge >= smallestEdge) return;
    throw new RangeError(
      `${name}: box[${k}] expected an edge of at least ${smallestEdge} nm, got ${edge}` +
        (edge > 0 ? ' (lengths are in nm; 1 Å is 0.1 nm)' : ''),
    );
  });
}
