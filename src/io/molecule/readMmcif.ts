import { angstrom } from '../../core/units.ts';
import { assembleStructure, type ListedAtom } from './assembleStructure.ts';
import { checkEdges } from './checkEdges.ts';
import { type CifToken, cifTokens } from './cifTokens.ts';
import type { MolecularCoordinates } from './molecularCoordinates.ts';
import { MoleculeFileError, quoted } from './moleculeFileError.ts';
import { parseInteger, parseReal } from './parseReal.ts';

/**
 * A structure in PDBx/mmCIF format: the models of `_atom_site` as frames, and the box of `_cell`.
 *
 * Names and numbers are the authors' where they give them, as in the PDB file of the same entry, else the
 * dictionary's. Alternate locations and boxes are treated as `readPdb` does. Bonds are not read.
 * Format: wwPDB, PDBx/mmCIF dictionary, https://mmcif.wwpdb.org.
 *
 * @throws {MoleculeFileError} naming the line.
 */
export function readMmcif(text: string, file: string): MolecularCoordinates {
  const { columns, rows, cell } = readCategories(text, file);
  const structure = assembleStructure(models(columns, rows, file), file);
  const warnings = [...structure.warnings];
  return {
    file,
    frames: structure.frames,
    velocities: undefined,
    box: readBox(cell, file, warnings),
    topology: { atoms: structure.atoms, residues: structure.residues, bonds: [] },
    warnings,
  };
}

interface Categories {
  /** Names of `_atom_site` items without the category, and where they stand in a row. */
  readonly columns: ReadonlyMap<string, number>;
  readonly rows: readonly (readonly CifToken[])[];
  readonly cell: ReadonlyMap<string, CifToken>;
}

function readCategories(text: string, file: string): Categories {
  const columns = new Map<string, number>();
  const cell = new Map<string, CifToken>();
  const rows: CifToken[][] = [];
  let names: string[] = [];
  let values: CifToken[] | undefined;
  let blocks = 0;
  let single: string | undefined;

  const endLoop = (): void => {
    if (values !== undefined && names.some((name) => name.startsWith('_atom_site.'))) {
      if (rows.length > 0 || values.length % names.length !== 0) {
        const last = values.at(-1);
        throw new MoleculeFileError(
          { file, line: last?.line },
          rows.length > 0
            ? '_atom_site occurs twice'
            : `_atom_site has ${values.length} values for ${names.length} columns: the file may be cut off`,
        );
      }
      for (const [at, name] of names.entries()) columns.set(name.slice('_atom_site.'.length), at);
      for (let from = 0; from < values.length; from += names.length) {
        rows.push(values.slice(from, from + names.length));
      }
    }
    names = [];
    values = undefined;
  };

  for (const token of cifTokens(text, file)) {
    const word = token.quoted ? '' : token.text.toLowerCase();
    if (word.startsWith('data_')) {
      endLoop();
      blocks += 1;
      // Entries follow each other in libraries; the first is meant.
      if (blocks > 1) break;
    } else if (word === 'loop_') {
      endLoop();
      values = [];
    } else if (word.startsWith('_')) {
      if (values !== undefined && values.length === 0) {
        names.push(token.text);
      } else {
        endLoop();
        single = word;
      }
    } else if (values !== undefined) {
      values.push(token);
    } else if (single !== undefined) {
      if (single.startsWith('_cell.')) cell.set(single.slice('_cell.'.length), token);
      single = undefined;
    }
  }
  endLoop();
  if (rows.length === 0)
    throw new MoleculeFileError({ file }, 'has no atoms (no loop of _atom_site)');
  return { columns, rows, cell };
}

function* models(
  columns: Categories['columns'],
  rows: Categories['rows'],
  file: string,
): Generator<readonly ListedAtom[]> {
  const column = (...names: readonly string[]): number | undefined =>
    names.map((name) => columns.get(name)).find((at) => at !== undefined);
  const at = {
    x: column('Cartn_x'),
    y: column('Cartn_y'),
    z: column('Cartn_z'),
    name: column('auth_atom_id', 'label_atom_id'),
    residue: column('auth_comp_id', 'label_comp_id'),
    chain: column('auth_asym_id', 'label_asym_id'),
    number: column('auth_seq_id', 'label_seq_id'),
    insertion: column('pdbx_PDB_ins_code'),
    alternate: column('label_alt_id'),
    occupancy: column('occupancy'),
    element: column('type_symbol'),
    model: column('pdbx_PDB_model_num'),
    serial: column('id'),
  };
  for (const need of ['x', 'y', 'z', 'name'] as const) {
    if (at[need] === undefined) {
      throw new MoleculeFileError(
        { file, line: rows[0][0].line },
        `_atom_site has no column of ${need === 'name' ? 'atom names' : `Cartn_${need}`}`,
      );
    }
  }
  let model: string | undefined;
  let atoms: ListedAtom[] = [];
  for (const row of rows) {
    const known = (where: number | undefined): string => {
      const token = where === undefined ? undefined : row[where];
      if (token === undefined) return '';
      return !token.quoted && (token.text === '.' || token.text === '?') ? '' : token.text;
    };
    const here = known(at.model);
    if (model !== undefined && here !== model) {
      yield atoms;
      atoms = [];
    }
    model = here;
    const [x, y, z] = [at.x, at.y, at.z].map((where) => {
      const value = parseReal(known(where));
      if (Number.isNaN(value)) {
        throw new MoleculeFileError(
          { file, line: row[0].line },
          `has ${quoted(known(where))} where a coordinate in Å should be`,
        );
      }
      return value;
    });
    const occupancy = parseReal(known(at.occupancy));
    const number = parseInteger(known(at.number));
    atoms.push({
      line: row[0].line,
      name: known(at.name),
      nameField: '',
      alternate: known(at.alternate),
      residue: known(at.residue),
      chain: known(at.chain),
      number: Number.isNaN(number) ? 0 : number,
      insertion: known(at.insertion),
      segment: 0,
      x,
      y,
      z,
      occupancy: Number.isNaN(occupancy) ? 1 : occupancy,
      element: known(at.element),
      serial: known(at.serial),
    });
  }
  yield atoms;
}

function readBox(
  cell: ReadonlyMap<string, CifToken>,
  file: string,
  warnings: string[],
): [number, number, number] | undefined {
  const value = (name: string): number =>
    parseReal((cell.get(name)?.text ?? '').replace(/\(\d+\)$/, ''));
  const edges = ['length_a', 'length_b', 'length_c'].map(value);
  const angles = ['angle_alpha', 'angle_beta', 'angle_gamma'].map(value);
  if (edges.some(Number.isNaN) || edges.every((edge) => edge === 1 || edge === 0)) return undefined;
  const line = cell.get('length_a')?.line;
  if (angles.some((angle) => !Number.isNaN(angle) && Math.abs(angle - 90) > 1e-3)) {
    warnings.push(`${file}, line ${line}: the box is not rectangular and was left out`);
    return undefined;
  }
  return checkEdges({ file, line }, [
    edges[0] * angstrom,
    edges[1] * angstrom,
    edges[2] * angstrom,
  ]);
}
