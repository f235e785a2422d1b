import { angstrom, kilocalorie } from '../../core/units.ts';
import type { HarmonicAngles, HarmonicBonds, PeriodicTorsions } from '../../md/molecule/term.ts';
import type { PrmtopSections } from './prmtopSections.ts';
import type { AmberPointers } from './readAmberTopology.ts';

/** One entry of a prmtop's dihedral lists. */
export interface AmberDihedral {
  readonly atoms: readonly [number, number, number, number];
  /** Into the dihedral types, from 0. */
  readonly type: number;
  /** Whether the outer atoms are a 1–4 pair that this entry scales. */
  readonly scales: boolean;
  /** Where it stands, for complaints. */
  readonly flag: string;
  readonly entry: number;
}

/** The bonded terms of a prmtop; Amber's K (r − r₀)² has no ½, ours has. @throws {MoleculeFileError} */
export function amberBonded(
  sections: PrmtopSections,
  pointers: AmberPointers,
): {
  readonly terms: readonly [HarmonicBonds, HarmonicAngles, PeriodicTorsions];
  readonly bonds: Int32Array;
  readonly torsions: readonly AmberDihedral[];
} {
  const bonds = groups(sections, pointers, 2, pointers.bondTypes, [
    ['BONDS_INC_HYDROGEN', pointers.bondsWithH],
    ['BONDS_WITHOUT_HYDROGEN', pointers.bondsWithoutH],
  ]);
  const angles = groups(sections, pointers, 3, pointers.angleTypes, [
    ['ANGLES_INC_HYDROGEN', pointers.anglesWithH],
    ['ANGLES_WITHOUT_HYDROGEN', pointers.anglesWithoutH],
  ]);
  const dihedrals = groups(sections, pointers, 4, pointers.dihedralTypes, [
    ['DIHEDRALS_INC_HYDROGEN', pointers.dihedralsWithH],
    ['DIHEDRALS_WITHOUT_HYDROGEN', pointers.dihedralsWithoutH],
  ]);
  const bondK = sections.reals('BOND_FORCE_CONSTANT', pointers.bondTypes);
  const bondLength = sections.reals('BOND_EQUIL_VALUE', pointers.bondTypes);
  const angleK = sections.reals('ANGLE_FORCE_CONSTANT', pointers.angleTypes);
  const angleAt = sections.reals('ANGLE_EQUIL_VALUE', pointers.angleTypes);
  const atomsOfBonds = flat(bonds);
  return {
    terms: [
      {
        kind: 'harmonic-bonds',
        atoms: atomsOfBonds,
        length: Float64Array.from(bonds, ({ type }) => bondLength[type] * angstrom),
        forceConstant: Float64Array.from(
          bonds,
          ({ type }) => (2 * bondK[type] * kilocalorie) / angstrom ** 2,
        ),
      },
      {
        kind: 'harmonic-angles',
        atoms: flat(angles),
        angle: Float64Array.from(angles, ({ type }) => angleAt[type]),
        forceConstant: Float64Array.from(angles, ({ type }) => 2 * angleK[type] * kilocalorie),
      },
      periodicTorsions(sections, pointers, dihedrals),
    ],
    bonds: atomsOfBonds,
    torsions: dihedrals.map(({ atoms, scales, ...rest }) => ({
      ...rest,
      atoms: [atoms[0], atoms[1], atoms[2], atoms[3]],
      scales,
    })),
  };
}

function periodicTorsions(
  sections: PrmtopSections,
  { dihedralTypes }: AmberPointers,
  dihedrals: readonly Group[],
): PeriodicTorsions {
  const barrier = sections.reals('DIHEDRAL_FORCE_CONSTANT', dihedralTypes);
  const phase = sections.reals('DIHEDRAL_PHASE', dihedralTypes);
  const periodicity = sections.reals('DIHEDRAL_PERIODICITY', dihedralTypes);
  // Types of no barrier stand for 1–4 pairs alone, and may have any periodicity.
  const felt = dihedrals.filter(({ type }) => barrier[type] !== 0);
  for (const { type } of felt) {
    const n = periodicity[type];
    if (n < 1 || Math.abs(n - Math.round(n)) > 1e-3) {
      sections.fail('DIHEDRAL_PERIODICITY', `has ${n}, which is no periodicity`, type);
    }
  }
  return {
    kind: 'periodic-torsions',
    atoms: flat(felt),
    periodicity: Int32Array.from(felt, ({ type }) => Math.round(periodicity[type])),
    phase: Float64Array.from(felt, ({ type }) => phase[type]),
    forceConstant: Float64Array.from(felt, ({ type }) => barrier[type] * kilocalorie),
  };
}

interface Group {
  readonly atoms: readonly number[];
  readonly type: number;
  readonly scales: boolean;
  readonly flag: string;
  readonly entry: number;
}

/**
 * Lists of `size` atoms and a type each. Atoms are given as their offset in an array of coordinates,
 * three times their number; of a dihedral the third is negative where the 1–4 pair is counted elsewhere,
 * and the fourth where the torsion is improper.
 */
function groups(
  sections: PrmtopSections,
  { atoms: count }: AmberPointers,
  size: 2 | 3 | 4,
  types: number,
  lists: readonly (readonly [flag: string, length: number])[],
): Group[] {
  return lists.flatMap(([flag, length]) => {
    const values = sections.integers(flag, length * (size + 1));
    return Array.from({ length }, (_, k) => {
      const entry = k * (size + 1);
      const signed = Array.from(values.subarray(entry, entry + size));
      const atoms = signed.map((value, place) =>
        place > 1 && size === 4 ? Math.abs(value) : value,
      );
      for (const [place, atom] of atoms.entries()) {
        if (atom < 0 || atom % 3 !== 0 || atom / 3 >= count) {
          sections.fail(
            flag,
            `has ${signed[place]}, which is 3 × the number of no atom`,
            entry + place,
          );
        }
      }
      if (new Set(atoms).size !== size) {
        sections.fail(flag, `joins an atom with itself: ${signed.join(' ')}`, entry);
      }
      const type = values[entry + size];
      if (type < 1 || type > types) {
        sections.fail(flag, `names the type ${type}, and there are ${types}`, entry + size);
      }
      return {
        atoms: atoms.map((atom) => atom / 3),
        type: type - 1,
        scales: size === 4 && signed[2] >= 0 && signed[3] >= 0,
        flag,
        entry,
      };
    });
  });
}

function flat(list: readonly Group[]): Int32Array {
  return Int32Array.from(list.flatMap(({ atoms }) => atoms));
}
