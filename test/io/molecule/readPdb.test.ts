import { describe, expect, it } from 'vitest';
import { MoleculeFileError } from '../../../src/io/molecule/moleculeFileError.ts';
import { readPdb } from '../../../src/io/molecule/readPdb.ts';
import { fixture } from './fixtures.ts';

interface Row {
  readonly record?: string;
  readonly serial?: string;
  /** Columns 13 to 16. */
  readonly name: string;
  readonly alternate?: string;
  readonly residue?: string;
  readonly chain?: string;
  readonly number?: string;
  readonly insertion?: string;
  readonly x?: number;
  readonly occupancy?: number;
  readonly element?: string;
}

let serial = 0;

function row(atom: Row): string {
  serial += 1;
  const { record = 'ATOM', alternate = ' ', residue = 'ALA', chain = 'A', number = '1' } = atom;
  const { insertion = ' ', x = serial, occupancy = 1, element = '' } = atom;
  return (
    `${record.padEnd(6)}${(atom.serial ?? String(serial)).padStart(5)} ${atom.name.padEnd(4)}${alternate}` +
    `${residue.padEnd(3)} ${chain}${number.padStart(4)}${insertion}   ` +
    `${[x, 0, 0].map((v) => v.toFixed(3).padStart(8)).join('')}` +
    `${occupancy.toFixed(2).padStart(6)}  0.00          ${element.padStart(2)}`
  );
}

const read = (...lines: string[]) => readPdb(lines.join('\n'), 'a.pdb');
const elements = (...rows: Row[]): string[] =>
  read(...rows.map(row)).topology?.atoms.map(({ element }) => element) ?? [];

describe('the element of an atom', () => {
  it('is that of its column, whatever the name', () => {
    expect(elements({ name: ' CA ', element: 'C' }, { name: 'X', element: 'ZN' })).toEqual([
      'C',
      'Zn',
    ]);
  });

  it('is carbon for CA of a residue and calcium for CA of the ion, without a column', () => {
    expect(elements({ name: ' CA ' })).toEqual(['C']);
    expect(elements({ name: 'CA  ' })).toEqual(['C']);
    expect(elements({ name: 'CA  ', residue: 'CA', record: 'HETATM' })).toEqual(['Ca']);
  });

  it('follows from columns where the residue is no usual one, and four letters are hydrogens', () => {
    expect(elements({ name: 'FE  ', residue: 'HEM' })).toEqual(['Fe']);
    expect(elements({ name: ' CA ', residue: 'LIG' })).toEqual(['C']);
    expect(elements({ name: 'CA  ', residue: 'LIG' })).toEqual(['Ca']);
    expect(elements({ name: 'HG11', residue: 'LIG' })).toEqual(['H']);
    expect(elements({ name: 'HG  ', residue: 'SER' })).toEqual(['H']);
    expect(elements({ name: '1HB ' }, { name: ' CL1', residue: 'LIG' })).toEqual(['H', 'Cl']);
  });

  it('is left open with a warning where nothing tells it', () => {
    const { topology, warnings } = read(row({ name: ' ?? ' }));
    expect(topology?.atoms[0].element).toBe('');
    expect(warnings).toEqual([
      'a.pdb: the element of 1 atoms cannot be told, of "??" in line 1 first',
    ]);
  });
});

describe('of alternate locations', () => {
  const x = (...rows: Row[]): { x: number[]; warnings: readonly string[] } => {
    const { frames, warnings } = read(...rows.map(row));
    return {
      x: [...frames[0]].filter((_, d) => d % 3 === 0).map((v) => Math.round(1e4 * v) / 1e3),
      warnings,
    };
  };

  it('the one of the highest occupancy is taken, for a residue as a whole, and it is said', () => {
    const found = x(
      { name: ' N  ', x: 1 },
      { name: ' CA ', alternate: 'A', x: 2, occupancy: 0.4 },
      { name: ' CA ', alternate: 'B', x: 3, occupancy: 0.6 },
      { name: ' CB ', alternate: 'A', x: 4, occupancy: 0.4 },
      { name: ' CB ', alternate: 'B', x: 5, occupancy: 0.6 },
    );
    expect(found.x).toEqual([1, 3, 5]);
    expect(found.warnings).toEqual([
      'a.pdb: of alternate locations in 1 residues the one of the highest occupancy was taken (ALA A1 B)',
    ]);
  });

  it('the first of equals is taken', () => {
    const found = x(
      { name: ' CA ', alternate: 'B', x: 2, occupancy: 0.5 },
      { name: ' CA ', alternate: 'A', x: 3, occupancy: 0.5 },
    );
    expect(found.x).toEqual([2]);
  });

  it('one residue in the place of another is taken as a whole', () => {
    const rows: Row[] = [
      { name: ' CA ', alternate: 'A', residue: 'SER', x: 1, occupancy: 0.3 },
      { name: ' OG ', alternate: 'A', residue: 'SER', x: 2, occupancy: 0.3 },
      { name: ' CA ', alternate: 'B', residue: 'ALA', x: 3, occupancy: 0.7 },
    ];
    expect(x(...rows).x).toEqual([3]);
    expect(read(...rows.map(row)).topology?.residues.map(({ name }) => name)).toEqual(['ALA']);
  });
});

describe('residues of a PDB', () => {
  const numbers = (...rows: Row[]): string[] =>
    read(...rows.map(row)).topology?.residues.map((r) => `${r.chain}${r.number}${r.insertion}`) ??
    [];

  it('are told apart by insertion codes and chains, and in hybrid-36', () => {
    expect(
      numbers(
        { name: ' CA ', number: '52' },
        { name: ' CA ', number: '52', insertion: 'A' },
        { name: ' CA ', number: '52', chain: 'B' },
        { name: ' CA ', number: '9999', chain: 'B' },
        { name: ' CA ', number: 'A000', chain: 'B' },
        { name: ' CA ', number: 'ZZZZ', chain: 'B' },
        { name: ' CA ', number: 'a000', chain: 'B' },
        { name: ' CA ', number: '-5', chain: 'B' },
      ),
    ).toEqual(['A52', 'A52A', 'B52', 'B9999', 'B10000', 'B1223055', 'B1223056', 'B-5']);
  });

  it('begin anew where a name comes again, and after TER', () => {
    const water: Row = { name: ' O  ', residue: 'HOH', number: '1', record: 'HETATM' };
    expect(numbers(water, water, water)).toHaveLength(3);
    const parted = read(row(water), 'TER', row({ ...water, name: ' H1 ' }));
    expect(parted.topology?.residues).toHaveLength(2);
  });
});

describe('a PDB', () => {
  it('has models as frames, in nm, and its bonds once each', () => {
    const text = fixture('dipeptide.pdb').replace(/^END\s*$/m, '');
    const [atoms, bonds] = [/^(ATOM|HETATM|TER)/, /^CONECT/].map((kind) =>
      text.split('\n').filter((line) => kind.test(line)),
    );
    const models = ['MODEL        1', ...atoms, 'ENDMDL', 'MODEL        2', ...atoms, 'ENDMDL'];
    const { frames, topology } = read(...models, ...bonds);
    expect(frames).toHaveLength(2);
    expect(frames[1]).toEqual(frames[0]);
    expect([...frames[0].subarray(0, 3)].map((v) => v.toFixed(4))).toEqual([
      '0.4300',
      '1.3100',
      '0.8600',
    ]);
    // OpenMM writes each bond from both of its ends.
    const distinct = new Set(topology?.bonds.map((bond) => bond.join()));
    expect(topology?.bonds).toHaveLength(distinct.size);
    expect(topology?.bonds).toContainEqual([0, 1]);
    expect(topology?.bonds.every(([i, j]) => i < j)).toBe(true);
  });

  it('has a box where CRYST1 is rectangular, none where it is the stand-in of 1 Å', () => {
    const atom = row({ name: ' CA ' });
    const cryst = (a: number, angle: number): string =>
      `CRYST1${a.toFixed(3).padStart(9).repeat(3)}${angle.toFixed(2).padStart(7).repeat(3)} P 1           1`;
    expect(read(cryst(51.263, 90), atom).box?.[0]).toBeCloseTo(5.1263, 12);
    expect(read(cryst(1, 90), atom).box).toBeUndefined();
    const slanted = read(cryst(51.263, 60), atom);
    expect(slanted.box).toBeUndefined();
    expect(slanted.warnings[0]).toContain('line 1: the box is not rectangular');
    expect(() => read(cryst(2, 90), atom)).toThrow(/line 1: the box has an edge of 0\.2 nm/);
  });

  it('without atoms is refused', () => {
    expect(() => read('REMARK nothing')).toThrow(MoleculeFileError);
  });
});
