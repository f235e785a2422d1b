import { coulombConstant } from '../../../core/units.ts';
import type { MolecularSystem } from '../molecularSystem.ts';
import type { GeneralizedBorn, Nonbonded, Term } from '../term.ts';
import { type DihedralSeries, dihedralSeries } from './dihedralSeries.ts';
import { type PackedBorn, packBorn } from './packBorn.ts';
import { type PackedPairs, packPairs } from './packPairs.ts';

/** A list of groups of atoms, and the parameters of each. */
export interface PackedGroups {
  /** Numbers of atoms, one group after the other. */
  readonly atoms: readonly number[];
  readonly parameters: readonly number[];
}

/** What the kernels evaluate of a system, in the order of their tables, and what they leave. */
export interface PackedSystem {
  readonly atoms: number;
  /** r₀, k of each bond and distance restraint. */
  readonly bonds: PackedGroups;
  /** θ₀, k of each angle. */
  readonly angles: PackedGroups;
  readonly torsions: DihedralSeries;
  /** x₀ y₀ z₀ k of each restrained atom. */
  readonly restraints: PackedGroups;
  readonly pairs: PackedPairs | undefined;
  readonly born: PackedBorn | undefined;
  /** Terms that no kernel has: CMAP, necks, cutoffs. */
  readonly rest: readonly Term[];
}

/** Sorts the terms of a checked system into the tables of the kernels. */
export function packSystem({ topology, terms }: MolecularSystem): PackedSystem {
  const atoms = topology.atoms.length;
  const bonds = { atoms: [] as number[], parameters: [] as number[] };
  const angles = { atoms: [] as number[], parameters: [] as number[] };
  const restraints = { atoms: [] as number[], parameters: [] as number[] };
  const rest: Term[] = [];
  let nonbonded: Nonbonded | undefined;
  let solvent: GeneralizedBorn | undefined;

  for (const term of terms) {
    switch (term.kind) {
      case 'harmonic-bonds':
      case 'distance-restraints':
        for (const atom of term.atoms) bonds.atoms.push(atom);
        term.length.forEach((length, k) => {
          bonds.parameters.push(length, term.forceConstant[k]);
        });
        break;
      case 'harmonic-angles':
        for (const atom of term.atoms) angles.atoms.push(atom);
        term.angle.forEach((angle, k) => {
          angles.parameters.push(angle, term.forceConstant[k]);
        });
        break;
      case 'position-restraints':
        term.atoms.forEach((atom, k) => {
          restraints.atoms.push(atom);
          restraints.parameters.push(
            ...term.position.subarray(3 * k, 3 * k + 3),
            term.forceConstant[k],
          );
        });
        break;
      case 'periodic-torsions':
      case 'ryckaert-bellemans-torsions':
        break;
      case 'nonbonded':
        if (nonbonded === undefined && term.cutoff === undefined) nonbonded = term;
        else rest.push(term);
        break;
      case 'generalized-born':
        if (solvent === undefined && hasKernel(term)) solvent = term;
        else rest.push(term);
        break;
      case 'cmap-torsions':
        rest.push(term);
        break;
    }
  }
  return {
    atoms,
    bonds,
    angles,
    torsions: dihedralSeries(terms),
    restraints,
    pairs: nonbonded && packPairs(nonbonded),
    born: solvent && packBorn(solvent, coulombConstant),
    rest,
  };
}

function hasKernel({ model, cutoff }: GeneralizedBorn): boolean {
  return cutoff === undefined && (model === 'hct' || model === 'obc1' || model === 'obc2');
}
