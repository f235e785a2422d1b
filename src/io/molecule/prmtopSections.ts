import { didYouMean } from '../../core/didYouMean.ts';
import { MoleculeFileError, quoted } from './moleculeFileError.ts';
import { parseInteger, parseReal } from './parseReal.ts';

/** A prmtop as its sections, each read when it is asked for. */
export interface PrmtopSections {
  readonly file: string;
  has(flag: string): boolean;
  /** Where the section begins. */
  lineOf(flag: string): number | undefined;
  /** As many integers as `count`, or as many as there are. @throws {MoleculeFileError} */
  integers(flag: string, count?: number): Int32Array;
  /** As `integers`. @throws {MoleculeFileError} */
  reals(flag: string, count?: number): Float64Array;
  /** Strings without the blanks around them. @throws {MoleculeFileError} */
  names(flag: string, count: number): string[];
  /** Complains about entry `entry` of a section, or about the section. @throws {MoleculeFileError} */
  fail(flag: string, message: string, entry?: number): never;
}

interface Section {
  readonly flag: string;
  readonly line: number;
  readonly rows: { readonly text: string; readonly line: number }[];
  format: { readonly perLine: number; readonly type: string; readonly width: number } | undefined;
}

/** Those a complaint may mean. */
const knownFlags = [
  ...['TITLE', 'POINTERS', 'ATOM_NAME', 'CHARGE', 'ATOMIC_NUMBER', 'MASS', 'ATOM_TYPE_INDEX'],
  ...['NUMBER_EXCLUDED_ATOMS', 'NONBONDED_PARM_INDEX', 'RESIDUE_LABEL', 'RESIDUE_POINTER'],
  ...['BOND_FORCE_CONSTANT', 'BOND_EQUIL_VALUE', 'ANGLE_FORCE_CONSTANT', 'ANGLE_EQUIL_VALUE'],
  ...['DIHEDRAL_FORCE_CONSTANT', 'DIHEDRAL_PERIODICITY', 'DIHEDRAL_PHASE', 'SCEE_SCALE_FACTOR'],
  ...['SCNB_SCALE_FACTOR', 'LENNARD_JONES_ACOEF', 'LENNARD_JONES_BCOEF', 'BONDS_INC_HYDROGEN'],
  ...['BONDS_WITHOUT_HYDROGEN', 'ANGLES_INC_HYDROGEN', 'ANGLES_WITHOUT_HYDROGEN', 'SCREEN'],
  ...['DIHEDRALS_INC_HYDROGEN', 'DIHEDRALS_WITHOUT_HYDROGEN', 'EXCLUDED_ATOMS_LIST', 'RADII'],
];

/**
 * Cuts a prmtop into its `%FLAG` sections. Their entries stand in fixed columns, told by `%FORMAT`, and
 * may touch each other, so that they are cut by width and never by blanks.
 * Format: AMBER Parameter/Topology File Specification, https://ambermd.org/prmtop.pdf.
 *
 * @throws {MoleculeFileError} where the text is no such file.
 */
export function prmtopSections(text: string, file: string): PrmtopSections {
  const sections = cut(text, file);
  const fail = (flag: string, message: string, entry?: number): never => {
    const section = sections.get(flag);
    throw new MoleculeFileError(
      { file, line: section === undefined ? undefined : lineOf(section, entry) },
      `section ${flag} ${message}`,
    );
  };
  const fields = (flag: string, types: string): { section: Section; fields: string[] } => {
    const section = sections.get(flag) ?? missing(flag, sections, file);
    const { format } = section;
    if (format === undefined) return fail(flag, 'has no %FORMAT line');
    if (!types.includes(format.type)) {
      fail(flag, `has the format ${format.perLine}${format.type}${format.width}, and should not`);
    }
    return { section, fields: section.rows.flatMap(({ text: row }) => cutRow(row, format)) };
  };
  const numbers = (
    flag: string,
    types: string,
    parse: (field: string) => number,
    count: number | undefined,
  ): number[] => {
    const found = fields(flag, types).fields;
    const values = found.map((field, entry) => {
      const value = parse(field);
      if (Number.isNaN(value)) {
        fail(flag, `has ${quoted(field)} where a number should be (entry ${entry + 1})`, entry);
      }
      return value;
    });
    if (count !== undefined && values.length !== count) {
      const short = values.length < count ? '; the file may be cut off' : '';
      fail(flag, `has ${values.length} entries, and POINTERS promises ${count}${short}`);
    }
    return values;
  };
  return {
    file,
    lineOf: (flag) => sections.get(flag)?.line,
    has: (flag) => sections.has(flag),
    integers: (flag, count) => Int32Array.from(numbers(flag, 'I', parseInteger, count)),
    reals: (flag, count) => Float64Array.from(numbers(flag, 'EFG', parseReal, count)),
    names(flag, count) {
      const found = fields(flag, 'A').fields.map((name) => name.trim());
      while (found.length > count && found.at(-1) === '') found.pop();
      if (found.length !== count) {
        fail(flag, `has ${found.length} entries, and POINTERS promises ${count}`);
      }
      return found;
    },
    fail,
  };
}

function cut(text: string, file: string): Map<string, Section> {
  const sections = new Map<string, Section>();
  let current: Section | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1;
    const row = raw.replace(/\r$/, '');
    if (row.startsWith('%FLAG')) {
      const flag = row.slice(5).trim();
      if (sections.has(flag)) {
        throw new MoleculeFileError({ file, line }, `section ${quoted(flag)} occurs twice`);
      }
      current = { flag, line, rows: [], format: undefined };
      sections.set(flag, current);
    } else if (row.startsWith('%FORMAT')) {
      const match = /\(\s*(\d{1,4})\(?\s*([a-zA-Z])\s*(\d{1,4})(?:\.\d+)?\)?\s*\)/.exec(row);
      if (current === undefined || match === null) {
        throw new MoleculeFileError({ file, line }, `${quoted(row.trim())} is no format we know`);
      }
      const [perLine, type, width] = [Number(match[1]), match[2].toUpperCase(), Number(match[3])];
      if (perLine < 1 || width < 1) {
        throw new MoleculeFileError(
          { file, line },
          `${quoted(row.trim())} leaves room for nothing`,
        );
      }
      current.format = { perLine, type, width };
    } else if (!row.startsWith('%') && row.trim() !== '') {
      if (current === undefined) throw new MoleculeFileError({ file, line }, firstLine(row));
      current.rows.push({ text: row, line });
    }
  }
  if (sections.size === 0) {
    throw new MoleculeFileError({ file }, 'has no %FLAG section, so it is no prmtop');
  }
  return sections;
}

function firstLine(row: string): string {
  return (
    `${quoted(row)} stands before any %FLAG: this is no prmtop, or one in the format of before Amber 7, ` +
    'which `parmed` rewrites (parm old.prmtop; outparm new.prmtop)'
  );
}

function cutRow(row: string, { perLine, type, width }: NonNullable<Section['format']>): string[] {
  // Names may be blank and end a line; numbers are never blank.
  const end = type === 'A' ? row.length : row.trimEnd().length;
  const fields: string[] = [];
  for (let at = 0; at < end && fields.length < perLine; at += width) {
    fields.push(row.slice(at, at + width));
  }
  return fields;
}

function lineOf(section: Section, entry: number | undefined): number {
  const { format } = section;
  if (entry === undefined || format === undefined) return section.line;
  let before = 0;
  for (const { text, line } of section.rows) {
    before += cutRow(text, format).length;
    if (before > entry) return line;
  }
  return section.line;
}

function missing(flag: string, sections: ReadonlyMap<string, Section>, file: string): never {
  const unknown = [...sections.keys()].filter((name) => !knownFlags.includes(name));
  const near = didYouMean(flag, unknown);
  const hint =
    near === undefined
      ? '; the file may be cut off'
      : `, but has ${quoted(near)}, line ${sections.get(near)?.line}; is it mislabelled?`;
  throw new MoleculeFileError({ file }, `has no section ${flag}${hint}`);
}
