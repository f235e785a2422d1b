import type { Atom, Residue } from '../../md/molecule/topology.ts';

/** Residues whose atoms are `ATOM`; those of any other are `HETATM`. Amber's names count as well. */
const polymer = new Set(
  (
    'ALA ARG ASN ASP CYS GLN GLU GLY HIS ILE LEU LYS MET PHE PRO SER THR TRP TYR VAL ' +
    'ASH CYM CYX GLH HID HIE HIP LYN ACE NME NH2 A C G U DA DC DG DT'
  ).split(' '),
);

/** Whether readers know the bonds of a residue by its name. */
export function isKnownResidue(name: string): boolean {
  return polymer.has(name) || name === 'HOH';
}

/** `text` at the right of a field; what does not fit has been refused before. */
export function columns(text: string, width: number): string {
  return text.padStart(width);
}

/** Columns 7–11. */
export function serial(number: number): string {
  return columns(String(number % 100_000), 5);
}

/**
 * What stands before and behind the numbers of an atom's record: columns 1–6, 13–27 and 77–78.
 * @throws {RangeError} for a name that does not fit.
 */
export function atomColumns(
  atom: Atom,
  residue: Residue,
): { readonly record: string; readonly middle: string; readonly element: string } {
  const fits = (what: string, text: string, width: number): string => {
    if (text.length > width || /[^\x20-\x7e]/.test(text)) {
      throw new RangeError(
        `pdb: ${what} "${text}" of atom ${atom.name} in residue ${residue.name} ${residue.number} ` +
          `does not fit ${width} column${width === 1 ? '' : 's'}`,
      );
    }
    return text;
  };
  // Elements of one letter have theirs in column 14, so that CA is no calcium.
  const isShort = atom.element.length < 2 && atom.name.length < 4;
  const name = fits('the name', `${isShort ? ' ' : ''}${atom.name}`, 4).padEnd(4);
  // Three letters end in column 20; the fourth, of some force fields, is in column 21.
  const residueName = fits('the residue', residue.name, 4).padStart(3).padEnd(4);
  const chain = fits('the chain', residue.chain, 1).padEnd(1);
  const number = fits('the residue number', String(wrapped(residue.number)), 4).padStart(4);
  const insertion = fits('the insertion code', residue.insertion, 1).padEnd(1);
  return {
    record: polymer.has(residue.name) ? 'ATOM  ' : 'HETATM',
    middle: `${name} ${residueName}${chain}${number}${insertion}`,
    element: columns(fits('the element', atom.element.toUpperCase(), 2), 2),
  };
}

/**
 * Columns 31–38, 39–46 or 47–54: ångström to three places.
 * @throws {RangeError} for one below −999.999 or above 9999.999 Å, or none at all.
 */
export function coordinate(nm: number, atom: number, axis: number, where: string): string {
  const text = (10 * nm).toFixed(3);
  if (text.length > 8 || !Number.isFinite(nm)) {
    throw new RangeError(
      `${where}: atom ${atom + 1} has ${'xyz'[axis]} = ${nm} nm, which eight columns of ` +
        'ångström with three places cannot hold: write DCD or HDF5, or bring the molecule back to the origin',
    );
  }
  return columns(text, 8);
}

function wrapped(number: number): number {
  return number > 9999 ? number % 10_000 : number;
}
