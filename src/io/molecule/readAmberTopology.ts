import { angstrom } from '../../core/units.ts';
import type { MolecularSystem } from '../../md/molecule/molecularSystem.ts';
import type { Topology } from '../../md/molecule/topology.ts';
import { amberBonded } from './amberBonded.ts';
import { amberCmap } from './amberCmap.ts';
import { amberNonbonded } from './amberNonbonded.ts';
import { checkEdges } from './checkEdges.ts';
import { elementOfName, elementOfNumber, elementsOfMasses } from './elements.ts';
import { type PrmtopSections, prmtopSections } from './prmtopSections.ts';

/** What a prmtop holds. */
export interface AmberTopology {
  /** The molecule in vacuum, without a cutoff. */
  readonly system: MolecularSystem;
  /** Intrinsic radii, nm `[N]`, and scale factors `[N]` of its RADII and SCREEN sections. */
  readonly born: { readonly radius: Float64Array; readonly screen: Float64Array } | undefined;
}

/** POINTERS by name; the first 12 that any reader here asks for, with those at 27 and 30. */
export interface AmberPointers {
  readonly atoms: number;
  readonly types: number;
  readonly bondsWithH: number;
  readonly bondsWithoutH: number;
  readonly anglesWithH: number;
  readonly anglesWithoutH: number;
  readonly dihedralsWithH: number;
  readonly dihedralsWithoutH: number;
  readonly excluded: number;
  readonly residues: number;
  readonly bondTypes: number;
  readonly angleTypes: number;
  readonly dihedralTypes: number;
  readonly box: number;
}

/**
 * The molecule of an Amber parameter and topology file: harmonic bonds and angles, torsions, CMAP
 * (ff19SB), Lennard-Jones and Coulomb with exclusions and 1–4 scaling.
 *
 * Lengths become nm, energies kJ/mol; force constants double, as Amber's U = K (r − r₀)² has no ½, and
 * charges lose Amber's factor 18.2223. The atoms' σ and ε come from the A and B coefficients of their
 * types, which must follow the Lorentz–Berthelot rules between types.
 * Format: https://ambermd.org/FileFormats.php and https://ambermd.org/prmtop.pdf.
 *
 * @throws {MoleculeFileError} naming the section and line: for what is cut off or inconsistent, and for
 * what is not supported (CHAMBER, 12-6-4, 10-12, off-diagonal Lennard-Jones, extra points, polarisation).
 */
export function readAmberTopology(text: string, file: string): AmberTopology {
  const sections = prmtopSections(text, file);
  refuseUnsupported(sections);
  const pointers = readPointers(sections);
  const { atoms } = pointers;
  const masses = sections.reals('MASS', atoms);
  const massless = masses.findIndex((mass) => !(mass > 0));
  if (massless >= 0) {
    sections.fail(
      'MASS',
      `gives atom ${massless + 1} the mass ${masses[massless]}: extra points (virtual sites) are not supported; ` +
        'use a model without them',
      massless,
    );
  }
  const { terms, bonds, torsions } = amberBonded(sections, pointers);
  const topology = readTopology(sections, pointers, masses, bonds);
  const box = pointers.box > 0 ? readBox(sections, pointers.box) : undefined;
  const cmap = amberCmap(sections, atoms);
  const water = topology.residues.filter(({ name }) => /^(HOH|WAT|TIP3|SOL)$/.test(name)).length;
  return {
    system: {
      name: file.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, ''),
      topology,
      masses,
      terms: [
        ...terms,
        ...(cmap === undefined ? [] : [cmap]),
        amberNonbonded(sections, pointers, torsions),
      ],
      box,
      warnings:
        water === 0
          ? []
          : [
              `${file}: the ${water} molecules of water are flexible, as constraints are not supported`,
            ],
    },
    born: readBorn(sections, atoms),
  };
}

function refuseUnsupported(sections: PrmtopSections): void {
  const refused: readonly (readonly [flag: string, what: string])[] = [
    ['CTITLE', 'marks a CHAMBER topology with CHARMM terms, which is not supported'],
    ['LENNARD_JONES_CCOEF', 'holds a 12-6-4 potential, which is not supported'],
    ['AMOEBA_FORCEFIELD', 'marks an AMOEBA force field, which is not supported'],
    ['CHARMM_UREY_BRADLEY_COUNT', 'holds Urey–Bradley terms, which are not supported'],
  ];
  for (const [flag, what] of refused) {
    if (sections.has(flag)) {
      sections.fail(flag, `${what}; export an OpenMM System XML where its forces are supported`);
    }
  }
  if (sections.has('IPOL') && sections.integers('IPOL').some((value) => value !== 0)) {
    sections.fail('IPOL', 'asks for polarisation, which is not supported');
  }
}

function readPointers(sections: PrmtopSections): AmberPointers {
  const values = sections.integers('POINTERS');
  if (values.length < 30) {
    sections.fail('POINTERS', `has ${values.length} entries where 30 or more should be`);
  }
  const negative = values.findIndex((value) => value < 0);
  if (negative >= 0) sections.fail('POINTERS', `has the count ${values[negative]}`, negative);
  if (values[0] < 1) sections.fail('POINTERS', 'promises no atoms', 0);
  if (values[20] > 0) sections.fail('POINTERS', 'asks for a perturbation (IFPERT)', 20);
  if (values[29] > 0) sections.fail('POINTERS', 'asks for a solvent cap (IFCAP)', 29);
  return {
    atoms: values[0],
    types: values[1],
    bondsWithH: values[2],
    // NBONA, NTHETA and NPHIA hold what is constrained as well, and those lists are what is in the file.
    bondsWithoutH: values[12],
    anglesWithH: values[4],
    anglesWithoutH: values[13],
    dihedralsWithH: values[6],
    dihedralsWithoutH: values[14],
    excluded: values[10],
    residues: values[11],
    bondTypes: values[15],
    angleTypes: values[16],
    dihedralTypes: values[17],
    box: values[27],
  };
}

function readTopology(
  sections: PrmtopSections,
  { atoms, residues }: AmberPointers,
  masses: Float64Array,
  bonds: Int32Array,
): Topology {
  const names = sections.names('ATOM_NAME', atoms);
  const labels = sections.names('RESIDUE_LABEL', residues);
  const firsts = sections.integers('RESIDUE_POINTER', residues);
  const numbers = sections.has('ATOMIC_NUMBER') ? sections.integers('ATOMIC_NUMBER', atoms) : [];
  const weighed = elementsOfMasses(masses);
  const residueOf = new Int32Array(atoms);
  for (let r = 0; r < residues; r++) {
    const end = r + 1 < residues ? firsts[r + 1] : atoms + 1;
    if (firsts[r] < 1 || firsts[r] >= end || end > atoms + 1 || (r === 0 && firsts[0] !== 1)) {
      sections.fail('RESIDUE_POINTER', `lets residue ${r + 1} begin at atom ${firsts[r]}`, r);
    }
    residueOf.fill(r, firsts[r] - 1, end - 1);
  }
  if (residues === 0) sections.fail('POINTERS', 'promises no residues', 11);
  return {
    atoms: names.map((name, i) => ({
      name,
      // The number says it, or the mass, unless mass was moved to hydrogens; then the name has to.
      element:
        elementOfNumber(numbers[i] ?? 0) ??
        weighed[i] ??
        elementOfName(name, labels[residueOf[i]]) ??
        '',
      residue: residueOf[i],
    })),
    residues: labels.map((name, r) => ({ name, number: r + 1, insertion: '', chain: '' })),
    bonds: Array.from({ length: bonds.length / 2 }, (_, k): readonly [number, number] => {
      const [i, j] = [bonds[2 * k], bonds[2 * k + 1]];
      return i < j ? [i, j] : [j, i];
    }),
  };
}

function readBox(sections: PrmtopSections, kind: number): [number, number, number] {
  const [beta, ...edges] = sections.reals('BOX_DIMENSIONS', 4);
  if (kind !== 1 || Math.abs(beta - 90) > 1e-4) {
    sections.fail(
      'BOX_DIMENSIONS',
      `has the angle ${beta}° (IFBOX ${kind}): only rectangular boxes are supported; solvate in a ` +
        'rectangular box (solvateBox)',
    );
  }
  const place = { file: sections.file, line: sections.lineOf('BOX_DIMENSIONS') };
  return checkEdges(place, [edges[0] * angstrom, edges[1] * angstrom, edges[2] * angstrom]);
}

function readBorn(sections: PrmtopSections, atoms: number): AmberTopology['born'] {
  if (!sections.has('RADII') || !sections.has('SCREEN')) return undefined;
  const radius = sections.reals('RADII', atoms).map((value) => value / 10);
  return { radius, screen: sections.reals('SCREEN', atoms) };
}
