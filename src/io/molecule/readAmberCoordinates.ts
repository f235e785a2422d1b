import { angstrom } from '../../core/units.ts';
import { checkEdges } from './checkEdges.ts';
import type { MolecularCoordinates } from './molecularCoordinates.ts';
import { MoleculeFileError, quoted } from './moleculeFileError.ts';
import { parseInteger, parseReal } from './parseReal.ts';

/** Amber's unit of time is 1/20.455 ps. */
const AMBER_TIMES_PER_PS = 20.455;

const WIDTH = 12;

/**
 * The coordinates of an Amber restart file in text form (`inpcrd`, `rst7`), with velocities and box.
 *
 * A title, the number of atoms, then columns of 12 characters that may touch: 3 N coordinates in Å, 3 N
 * velocities in Å per Amber's unit of time where there are any, the edges of the box and its angles where
 * there is one. Which of the last two a file has follows from its number of lines.
 * Format: https://ambermd.org/FileFormats.php, "AMBER coordinate/restart file".
 *
 * @throws {MoleculeFileError} naming the line.
 */
export function readAmberCoordinates(text: string, file: string): MolecularCoordinates {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  while (lines.at(-1)?.trim() === '') lines.pop();
  const header = (lines[1] ?? '').trim().split(/\s+/);
  const atoms = parseInteger(header[0]);
  if (!(atoms > 0)) {
    throw new MoleculeFileError(
      { file, line: 2 },
      `${quoted(lines[1] ?? '')} is no number of atoms, so this is no Amber coordinate file`,
    );
  }
  const perBlock = Math.ceil(atoms / 2);
  const rest = lines.length - 2 - perBlock;
  if (rest < 0) {
    throw new MoleculeFileError(
      { file, line: lines.length },
      `ends after ${lines.length - 2} lines of coordinates, and ${atoms} atoms take ${perBlock}: the file is cut off`,
    );
  }
  const block = (start: number): Float64Array =>
    numbers(lines.slice(start, start + perBlock), 3 * atoms, { file, line: start + 1 });
  const coordinates = block(2).map((value) => value * angstrom);
  const { hasVelocities, hasBox } = tail(lines, rest, atoms, perBlock, file);
  const velocities = hasVelocities
    ? block(2 + perBlock).map((value) => value * AMBER_TIMES_PER_PS * angstrom)
    : undefined;
  return {
    file,
    frames: [coordinates],
    velocities,
    box: hasBox ? readBox(lines.at(-1) ?? '', { file, line: lines.length }) : undefined,
    topology: undefined,
    warnings: [],
  };
}

/** What follows the coordinates. */
function tail(
  lines: readonly string[],
  rest: number,
  atoms: number,
  perBlock: number,
  file: string,
): { hasVelocities: boolean; hasBox: boolean } {
  if (rest === 0) return { hasVelocities: false, hasBox: false };
  if (rest === 1 && perBlock === 1) {
    // One line may be either: a box has six numbers, its last three are angles of 60° and more.
    const values = fields(lines[3]).map(parseReal);
    const isBox = values.length === 6 && values.slice(3).every((value) => value >= 60);
    return { hasVelocities: !isBox, hasBox: isBox };
  }
  if (rest === 1) return { hasVelocities: false, hasBox: true };
  if (rest === perBlock) return { hasVelocities: true, hasBox: false };
  if (rest === perBlock + 1) return { hasVelocities: true, hasBox: true };
  throw new MoleculeFileError(
    { file, line: lines.length },
    `has ${rest} lines after the coordinates of ${atoms} atoms, where ${perBlock} of velocities and 1 of the ` +
      'box could be: it is cut off, has too many lines, or is a trajectory',
  );
}

function fields(line: string): string[] {
  const row = line.trimEnd();
  return Array.from({ length: Math.ceil(row.length / WIDTH) }, (_, k) =>
    row.slice(k * WIDTH, (k + 1) * WIDTH),
  );
}

function numbers(
  rows: readonly string[],
  count: number,
  { file, line }: { readonly file: string; readonly line: number },
): Float64Array {
  const values = new Float64Array(count);
  for (const [k, row] of rows.entries()) {
    const found = fields(row);
    const expected = Math.min(6, count - 6 * k);
    if (found.length !== expected) {
      throw new MoleculeFileError(
        { file, line: line + k },
        `has ${found.length} numbers where ${expected} should be, in columns of ${WIDTH} characters`,
      );
    }
    for (const [place, field] of found.entries()) {
      const value = parseReal(field);
      if (Number.isNaN(value)) {
        throw new MoleculeFileError(
          { file, line: line + k },
          `has ${quoted(field)} where a number should be${
            field.includes('*')
              ? ': the coordinate did not fit; image the molecule into its box'
              : ''
          }`,
        );
      }
      values[6 * k + place] = value;
    }
  }
  return values;
}

function readBox(
  row: string,
  place: { readonly file: string; readonly line: number },
): [number, number, number] {
  const values = fields(row).map(parseReal);
  if ((values.length !== 6 && values.length !== 3) || values.some((value) => !(value > 0))) {
    throw new MoleculeFileError(
      place,
      `${quoted(row)} should be the edges of a box and its angles`,
    );
  }
  const slanted = values.slice(3).find((angle) => Math.abs(angle - 90) > 1e-3);
  if (slanted !== undefined) {
    throw new MoleculeFileError(
      place,
      `the box has the angle ${slanted}°: only rectangular boxes are supported`,
    );
  }
  return checkEdges(place, [values[0] * angstrom, values[1] * angstrom, values[2] * angstrom]);
}
