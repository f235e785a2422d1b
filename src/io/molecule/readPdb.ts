import { angstrom } from '../../core/units.ts';
import { assembleStructure, type ListedAtom } from './assembleStructure.ts';
import { checkEdges } from './checkEdges.ts';
import type { MolecularCoordinates } from './molecularCoordinates.ts';
import { MoleculeFileError, quoted } from './moleculeFileError.ts';
import { parseReal } from './parseReal.ts';

/**
 * A structure in PDB format: its models as frames, with names, elements, CONECT bonds and CRYST1 box.
 *
 * Elements come from columns 77 and 78, or from names and their alignment where these are empty. Of
 * alternate locations the one of the highest occupancy is taken, the first of equals, and `warnings` says
 * so. Numbers past 9999 may be in hybrid-36. A box of 1 Å stands for none, as the format has it; one that
 * is not rectangular is left out with a warning.
 * Format: wwPDB, Atomic Coordinate Entry Format 3.3. Hybrid-36: https://cci.lbl.gov/hybrid_36/.
 *
 * @throws {MoleculeFileError} naming the line.
 */
export function readPdb(text: string, file: string): MolecularCoordinates {
  const lines = text.split('\n');
  const structure = assembleStructure(models(lines, file), file);
  const warnings = [...structure.warnings];
  const box = readBox(lines, file, warnings);
  return {
    file,
    frames: structure.frames,
    velocities: undefined,
    box,
    topology: {
      atoms: structure.atoms,
      residues: structure.residues,
      bonds: readBonds(lines, structure.bySerial),
    },
    warnings,
  };
}

function* models(lines: readonly string[], file: string): Generator<readonly ListedAtom[]> {
  let atoms: ListedAtom[] = [];
  let segment = 0;
  for (const [index, raw] of lines.entries()) {
    const record = raw.slice(0, 6).trimEnd();
    if (record === 'ATOM' || record === 'HETATM') {
      atoms.push(readAtom(raw.replace(/\r$/, ''), { file, line: index + 1 }, segment));
    } else if (record === 'TER') {
      segment += 1;
    } else if (record === 'MODEL' || record === 'ENDMDL' || record === 'END') {
      // Some programs part models by END alone.
      if (atoms.length > 0) yield atoms;
      atoms = [];
      segment = 0;
    }
  }
  if (atoms.length > 0) yield atoms;
}

function readAtom(
  line: string,
  place: { readonly file: string; readonly line: number },
  segment: number,
): ListedAtom {
  const [x, y, z] = [30, 38, 46].map((from) => {
    const field = line.slice(from, from + 8);
    const value = parseReal(field);
    if (Number.isNaN(value)) {
      throw new MoleculeFileError(
        place,
        `has ${quoted(field)} in columns ${from + 1} to ${from + 8}, where a coordinate in Å should be`,
      );
    }
    return value;
  });
  const number = line.slice(22, 26);
  const occupancy = parseReal(line.slice(54, 60));
  return {
    line: place.line,
    name: line.slice(12, 16).trim(),
    nameField: line.slice(12, 16),
    alternate: line.slice(16, 17).trim(),
    // Four letters are not in the format, and in many files.
    residue: line.slice(17, 21).trim(),
    chain: line.slice(21, 22).trim(),
    number: residueNumber(number, place),
    insertion: line.slice(26, 27).trim(),
    segment,
    x,
    y,
    z,
    occupancy: Number.isNaN(occupancy) ? 1 : occupancy,
    element: line.slice(76, 78).trim(),
    serial: line.slice(6, 11).trim(),
  };
}

function residueNumber(
  field: string,
  place: { readonly file: string; readonly line: number },
): number {
  const text = field.trim();
  if (/^-?\d+$/.test(text)) return Number(text);
  // Four digits in base 36 that begin with a letter, capitals first, go on where decimals end.
  if (/^[A-Z][0-9A-Z]{3}$/.test(text)) return Number.parseInt(text, 36) - 10 * 36 ** 3 + 1e4;
  if (/^[a-z][0-9a-z]{3}$/.test(text)) return Number.parseInt(text, 36) + 16 * 36 ** 3 + 1e4;
  throw new MoleculeFileError(
    place,
    `has ${quoted(field)} in columns 23 to 26, where the number of a residue should be`,
  );
}

function readBox(
  lines: readonly string[],
  file: string,
  warnings: string[],
): [number, number, number] | undefined {
  const index = lines.findIndex((line) => line.startsWith('CRYST1'));
  if (index < 0) return undefined;
  const place = { file, line: index + 1 };
  const line = lines[index];
  const fields = [6, 15, 24].map((from) => line.slice(from, from + 9));
  const angles = [33, 40, 47].map((from) => parseReal(line.slice(from, from + 7)));
  const edges = fields.map(parseReal);
  if (edges.some(Number.isNaN) || angles.some(Number.isNaN)) {
    throw new MoleculeFileError(
      place,
      `${quoted(line.trim())} should be edges in Å and angles of a box`,
    );
  }
  if (edges.every((edge) => edge === 1 || edge === 0)) return undefined;
  if (angles.some((angle) => Math.abs(angle - 90) > 1e-3)) {
    warnings.push(`${file}, line ${index + 1}: the box is not rectangular and was left out`);
    return undefined;
  }
  return checkEdges(place, [edges[0] * angstrom, edges[1] * angstrom, edges[2] * angstrom]);
}

/** Bonds of CONECT records; of serial numbers that are not told apart or not kept there are none. */
function readBonds(
  lines: readonly string[],
  bySerial: ReadonlyMap<string, number | undefined>,
): [number, number][] {
  const bonds = new Map<string, [number, number]>();
  for (const line of lines) {
    if (!line.startsWith('CONECT')) continue;
    const [from, ...to] = [6, 11, 16, 21, 26].map((at) =>
      bySerial.get(line.slice(at, at + 5).trim()),
    );
    for (const other of to) {
      if (from === undefined || other === undefined || from === other) continue;
      const bond: [number, number] = [Math.min(from, other), Math.max(from, other)];
      bonds.set(bond.join(), bond);
    }
  }
  return [...bonds.values()];
}
