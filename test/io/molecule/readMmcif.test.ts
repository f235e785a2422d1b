import { describe, expect, it } from 'vitest';
import { readMmcif } from '../../../src/io/molecule/readMmcif.ts';
import { readPdb } from '../../../src/io/molecule/readPdb.ts';
import { fixture } from './fixtures.ts';

const columns = [
  ...['group_PDB', 'id', 'type_symbol', 'label_atom_id', 'label_alt_id', 'label_comp_id'],
  ...['label_asym_id', 'label_seq_id', 'auth_seq_id', 'auth_asym_id', 'pdbx_PDB_ins_code'],
  ...['Cartn_x', 'Cartn_y', 'Cartn_z', 'occupancy', 'pdbx_PDB_model_num'],
];
const file = (...rows: string[]): string =>
  ['data_X', 'loop_', ...columns.map((name) => `_atom_site.${name}`), ...rows, '#', ''].join('\n');

describe('an mmCIF', () => {
  it('says what the PDB of the same molecule says', () => {
    const cif = readMmcif(fixture('dipeptide.cif'), 'a.cif');
    const pdb = readPdb(fixture('dipeptide.pdb'), 'a.pdb');
    expect(cif.frames).toEqual(pdb.frames);
    expect(cif.topology?.atoms).toEqual(pdb.topology?.atoms);
    expect(cif.topology?.residues).toEqual(pdb.topology?.residues);
  });

  it('has quoted names, unknown values, models, and alternate locations', () => {
    const { frames, topology, warnings } = readMmcif(
      file(
        'ATOM 1 O "O5\'" . DA X 1 7 B ? 1 0 0 1 1',
        'ATOM 2 C CA A DA X 1 7 B ? 2 0 0 0.4 1',
        'ATOM 3 C CA B DA X 1 7 B ? 3 0 0 0.6 1',
        'ATOM 1 O "O5\'" . DA X 1 7 B ? 4 0 0 1 2',
        'ATOM 2 C CA A DA X 1 7 B ? 5 0 0 0.4 2',
        'ATOM 3 C CA B DA X 1 7 B ? 6 0 0 0.6 2',
      ),
      'a.cif',
    );
    expect(topology?.atoms.map(({ name }) => name)).toEqual(["O5'", 'CA']);
    expect(topology?.residues).toEqual([{ name: 'DA', number: 7, insertion: '', chain: 'B' }]);
    expect(frames.map((frame) => frame[3])).toEqual([3, 6].map((x) => x * 0.1));
    expect(warnings).toHaveLength(1);
  });

  it('has comments, text fields and a box', () => {
    const text = `data_X # a comment\n_cell.length_a 30.5(2)\n_cell.length_b 31\n_cell.length_c 32
_cell.angle_alpha 90\n_cell.angle_beta 90.00\n_cell.angle_gamma 90\n_struct.title
;loop_ of words that mean nothing
data_here
;
${file('ATOM 1 C CA . ALA A 1 1 A ? 1.5 0 0 1 1').replace('data_X\n', '')}`;
    const { box, frames } = readMmcif(text, 'a.cif');
    expect(box?.map((edge) => edge.toFixed(6))).toEqual(['3.050000', '3.100000', '3.200000']);
    expect(frames).toHaveLength(1);
  });

  it.each<[what: string, text: string, says: RegExp]>([
    [
      'a row that is cut off',
      file('ATOM 1 C CA . ALA A 1 1 A ? 1.5 0'),
      /line 19: _atom_site has 13 values for 16 columns/,
    ],
    [
      'a coordinate that is none',
      file('ATOM 1 C CA . ALA A 1 1 A ? x 0 0 1 1'),
      /line 19: has "x" where a coordinate/,
    ],
    [
      'a quote without an end',
      file("ATOM 1 C 'CA . ALA A"),
      /line 19: "'CA \. ALA A" has no closing quote/,
    ],
    [
      'a text field without an end',
      'data_X\n;text\n',
      /line 2: begins a text field that has no end/,
    ],
    ['no atoms', 'data_X\n_cell.length_a 3\n', /a\.cif: has no atoms/],
    [
      'no coordinates',
      file('ATOM 1 C CA . ALA A 1 1 A ? 1 0 0 1 1').replace('Cartn_y', 'Cartn_why'),
      /no column of Cartn_y/,
    ],
  ])('is refused for %s', (_, text, says) => {
    expect(() => readMmcif(text, 'a.cif')).toThrow(says);
  });
});
