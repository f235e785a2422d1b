import { angstrom } from '../../core/units.ts';
import type { Atom, Residue } from '../../md/molecule/topology.ts';
import { elementOfName, elementOfSymbol } from './elements.ts';
import { MoleculeFileError } from './moleculeFileError.ts';

/** An atom as a structure file lists it, one for each of its alternate locations. */
export interface ListedAtom {
  readonly line: number;
  readonly name: string;
  /** Columns 13 to 16 of a PDB, whose alignment tells calcium from the alpha carbon; else empty. */
  readonly nameField: string;
  /** Empty where there is only one. */
  readonly alternate: string;
  readonly residue: string;
  readonly chain: string;
  readonly number: number;
  readonly insertion: string;
  /** Counts what ends a chain. */
  readonly segment: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly occupancy: number;
  /** As in the file; may be empty. */
  readonly element: string;
  readonly serial: string;
}

export interface AssembledStructure {
  readonly atoms: Atom[];
  readonly residues: Residue[];
  /** `[3N]`, nm, one for each model. */
  readonly frames: Float64Array[];
  /** Which atom a serial number means; undefined where it means several. */
  readonly bySerial: ReadonlyMap<string, number | undefined>;
  readonly warnings: string[];
}

/**
 * Atoms, residues and frames of a structure's models, which must be alike.
 *
 * Of alternate locations one is taken for each residue: that of the highest occupancy, the first of equals.
 *
 * @throws {MoleculeFileError} where a model has other atoms than the first.
 */
export function assembleStructure(
  models: Iterable<readonly ListedAtom[]>,
  file: string,
): AssembledStructure {
  let first: { listed: number; kept: Kept; structure: AssembledStructure } | undefined;
  let count = 0;
  for (const listed of models) {
    count += 1;
    if (first === undefined) {
      const kept = keepOne(listed, file);
      const structure = describeAtoms(listed, kept, file);
      first = { listed: listed.length, kept, structure };
    } else {
      expectAlike(first.structure.atoms, first.kept.indices, listed, first.listed, count, file);
    }
    const frame = new Float64Array(3 * first.kept.indices.length);
    first.kept.indices.forEach((index, atom) => {
      const { x, y, z } = listed[index];
      frame.set([x * angstrom, y * angstrom, z * angstrom], 3 * atom);
    });
    first.structure.frames.push(frame);
  }
  if (first === undefined) throw new MoleculeFileError({ file }, 'has no atoms');
  return first.structure;
}

interface Kept {
  /** Into the listed atoms. */
  readonly indices: number[];
  /** The residue of each. */
  readonly residueOf: number[];
  readonly residues: Residue[];
  readonly warnings: string[];
}

function keepOne(listed: readonly ListedAtom[], file: string): Kept {
  const kept: Kept = { indices: [], residueOf: [], residues: [], warnings: [] };
  const choices: string[] = [];
  for (const group of groupResidues(listed)) {
    const choice = chooseAlternate(listed, group);
    const { residue, chain, number, insertion } = listed[choice.indices[0]];
    for (const index of choice.indices) {
      kept.indices.push(index);
      kept.residueOf.push(kept.residues.length);
    }
    kept.residues.push({ name: residue, number, insertion, chain });
    if (choice.taken !== undefined) {
      choices.push(`${residue} ${chain}${number}${insertion} ${choice.taken}`);
    }
  }
  if (choices.length > 0) {
    const some = choices.slice(0, 5).join(', ');
    kept.warnings.push(
      `${file}: of alternate locations in ${choices.length} residues the one of the highest occupancy was ` +
        `taken (${some}${choices.length > 5 ? ', …' : ''})`,
    );
  }
  return kept;
}

/** Runs of atoms with one residue number; a name that comes again begins another residue. */
function groupResidues(listed: readonly ListedAtom[]): number[][] {
  const groups: number[][] = [];
  let place = '';
  let names = new Set<string>();
  for (const [index, atom] of listed.entries()) {
    const here = [atom.segment, atom.chain, atom.number, atom.insertion].join('|');
    const named = `${atom.name}|${atom.alternate}|${atom.residue}`;
    // Another residue at the same place is an alternative to it only where it says so.
    const last = groups.at(-1);
    const other =
      last !== undefined && listed[last[0]].residue !== atom.residue && atom.alternate === '';
    if (last === undefined || here !== place || names.has(named) || other) {
      groups.push([index]);
      names = new Set();
    } else {
      last.push(index);
    }
    place = here;
    names.add(named);
  }
  return groups;
}

function chooseAlternate(
  listed: readonly ListedAtom[],
  group: readonly number[],
): { indices: number[]; taken: string | undefined } {
  const best = new Map<string, number>();
  for (const index of group) {
    const { alternate, occupancy } = listed[index];
    if (alternate === '') continue;
    best.set(alternate, Math.max(best.get(alternate) ?? Number.NEGATIVE_INFINITY, occupancy));
  }
  if (best.size === 0) return { indices: [...group], taken: undefined };
  const [taken] = [...best].reduce((a, b) => (b[1] > a[1] ? b : a));
  const sample = group.find((index) => listed[index].alternate === taken) ?? group[0];
  const { residue } = listed[sample];
  // Of an atom that has not this location the best of those it has; each once, where it came first.
  const chosen = new Map<string, number>();
  for (const index of group) {
    const atom = listed[index];
    if (atom.residue !== residue) continue;
    const before = chosen.get(atom.name);
    if (before === undefined || isBetter(atom, listed[before], taken)) chosen.set(atom.name, index);
  }
  const others = best.size > 1 || group.some((index) => listed[index].residue !== residue);
  return { indices: [...chosen.values()], taken: others ? taken : undefined };
}

function isBetter(atom: ListedAtom, than: ListedAtom, taken: string): boolean {
  if (than.alternate === taken) return false;
  return atom.alternate === taken || atom.occupancy > than.occupancy;
}

function describeAtoms(
  listed: readonly ListedAtom[],
  { indices, residueOf, residues, warnings }: Kept,
  file: string,
): AssembledStructure {
  const bySerial = new Map<string, number | undefined>();
  const nameless: number[] = [];
  const atoms = indices.map((index, i): Atom => {
    const atom = listed[index];
    bySerial.set(atom.serial, bySerial.has(atom.serial) ? undefined : i);
    const element = elementOfSymbol(atom.element) ?? elementByColumns(atom);
    if (element === undefined) nameless.push(i);
    return { name: atom.name, element: element ?? '', residue: residueOf[i] };
  });
  if (nameless.length > 0) {
    const { line, name } = listed[indices[nameless[0]]];
    warnings.push(
      `${file}: the element of ${nameless.length} atoms cannot be told, of ${JSON.stringify(name)} in line ${line} first`,
    );
  }
  return { atoms, residues, frames: [], bySerial, warnings };
}

const organic =
  /^(A(LA|RG|S[NPHX])|C(Y[SXM])|G(L[NUYHX])|HI[SDEP]|ILE|L(EU|Y[SN])|MET|MSE|PHE|PRO|SER|THR|TRP|TYR|VAL|ACE|NM[EA]|NH[2E]|D?[ACGTU][35N]?|R[ACGU][35N]?|HOH|WAT|TIP\d|SOL)$/;

/** Where the file has no column of elements: two letters in the columns of such symbols mean one. */
function elementByColumns({ name, nameField, residue }: ListedAtom): string | undefined {
  if (!organic.test(residue) && /^[A-Za-z]{2}/.test(nameField) && name.length < 4) {
    const two = elementOfSymbol(nameField.slice(0, 2));
    if (two !== undefined) return two;
  }
  return elementOfName(name, residue);
}

function expectAlike(
  atoms: readonly Atom[],
  indices: readonly number[],
  listed: readonly ListedAtom[],
  expected: number,
  model: number,
  file: string,
): void {
  if (listed.length !== expected) {
    throw new MoleculeFileError(
      { file, line: listed[0]?.line },
      `model ${model} has ${listed.length} atoms, and the first has ${expected}`,
    );
  }
  for (const [i, index] of indices.entries()) {
    const { name, line } = listed[index];
    if (name !== atoms[i].name) {
      throw new MoleculeFileError(
        { file, line },
        `model ${model} has ${name} where the first has ${atoms[i].name}`,
      );
    }
  }
}
