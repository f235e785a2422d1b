import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadMolecule } from '../../../src/io/molecule/loadMolecule.ts';
import {
  atLine,
  type Change,
  complaint,
  cutOff,
  ofPdb,
  ofRestart,
  same,
  swap,
} from './complaint.ts';

describe('bad coordinates are refused with the line or the atoms:', () => {
  it.each<[what: string, change: Change, says: string]>([
    [
      'a restart that is cut off',
      cutOff(0.5),
      'ends after 6 lines of coordinates, and 22 atoms take 11',
    ],
    [
      'another number of atoms',
      (text) => text.replace('   22', '   21'),
      'dipeptide.inpcrd, line 13: has 6 numbers where 3 should be',
    ],
    [
      'a number that is none',
      swap('4.3000000', '4.3o00000'),
      'line 3: has "   4.3o00000" where a number should be',
    ],
    [
      'a coordinate that did not fit',
      swap('   4.3000000', '************'),
      'the coordinate did not fit',
    ],
    [
      'no number of atoms',
      atLine(2, 'twenty-two'),
      'is in no format that is read here: its name says inpcrd',
    ],
    [
      'a box of 0.1 nm',
      swap('  30.0000000', '   1.0000000'),
      'line 14: the box has an edge of 0.1 nm, shorter than 0.5 nm: are the units mistaken?',
    ],
    [
      'a box that is not rectangular',
      swap('  90.0000000', '  60.0000000'),
      'line 14: the box has the angle 60°',
    ],
    ['an empty file', () => '\n', 'is empty'],
  ])('%s', (_, change, says) => {
    expect(ofRestart(change)).toContain(says);
  });

  it.each<[what: string, change: Change, says: string]>([
    [
      'an atom that is missing',
      atLine(2, ''),
      'dipeptide.pdb: has 21 atoms, and dipeptide.prmtop has 22',
    ],
    [
      'another element',
      swap(
        'H1  ACE A   1       4.300  13.100   8.600  1.00  0.00           H',
        'O1  ACE A   1       4.300  13.100   8.600  1.00  0.00           O',
      ),
      'atom 1 is O1 (O), and H1 (H) in dipeptide.prmtop',
    ],
    [
      'a coordinate that is none',
      swap('  13.100   8.600', '  1x.100   8.600'),
      'line 1: has "  1x.100" in columns 39 to 46, where a coordinate in Å',
    ],
    [
      'atoms on each other',
      swap('   5.200  13.600   8.800', '   4.300  13.100   8.600'),
      'atoms lie on top of each other (1 H1 (ACE 1), 2 CH3 (ACE 1): 0.0000 nm)',
    ],
    [
      'places that were never set',
      (text) =>
        text.replace(
          / {2,}[\d.]+ {1,3}[\d.]+ {1,3}[\d.]+ {2}1\.00/g,
          '       0.000   0.000   0.000  1.00',
        ),
      '22 atoms lie at (0, 0, 0) (1 H1 (ACE 1), 2 CH3 (ACE 1)',
    ],
    [
      'nanometres',
      (text) => scaled(text, 0.1),
      'bonds are a tenth as long as the force field has them: is it in nm?',
    ],
    ['tenths of ångströms', (text) => scaled(text, 10), 'bonds are ten times as long'],
    [
      'a second model with other atoms',
      (text) =>
        `MODEL 1\n${text.replace('END', '')}ENDMDL\nMODEL 2\n${text.split('\n')[0]}\nENDMDL\n`,
      'model 2 has 1 atoms, and the first has 22',
    ],
  ])('%s', (_, change, says) => {
    expect(ofPdb(change)).toContain(says);
  });

  it('a molecule that the edge of the box cuts', () => {
    const moved = swap('       6.600  11.600', '      36.600  11.600');
    expect(ofPdb(moved)).toContain('more than half the box: molecules must be whole');
  });
});

/** The text of a PDB with all coordinates multiplied. */
function scaled(text: string, factor: number): string {
  return text
    .split('\n')
    .map((line) => {
      if (!/^(ATOM|HETATM)/.test(line)) return line;
      const numbers = [30, 38, 46].map((at) => Number(line.slice(at, at + 8)) * factor);
      return `${line.slice(0, 30)}${numbers.map((n) => n.toFixed(3).padStart(8)).join('')}${line.slice(54)}`;
    })
    .join('\n');
}

describe('files of the wrong kind are told apart by content:', () => {
  it('a PDB without the topology that it needs', () => {
    expect(complaint(['dipeptide.pdb', same], ['dipeptide.pdb', same])).toContain(
      'dipeptide.pdb: is a PDB: a structure without the force field that a topology has',
    );
  });

  it('topology and coordinates swapped', () => {
    expect(complaint(['dipeptide.prmtop', same], ['dipeptide.prmtop', same])).toContain(
      'is a topology (prmtop) where coordinates should be',
    );
  });

  it.each<[what: string, content: string, says: string]>([
    ['NetCDF', 'CDF\x02\0\0', 'is a NetCDF file; write a text restart instead'],
    ['DCD', 'T\0\0\0CORD', 'is a DCD trajectory'],
    ['gzip', '\x1f\x8b', 'is compressed; unpack it (gunzip)'],
    ['GROMACS', '; comment\n[ moleculetype ]\n', 'is a GROMACS topology; load it in OpenMM'],
    ['prose', 'Dear colleague,\n', 'its name says inpcrd, and it begins with "Dear colleague,"'],
  ])('%s', (_, content, says) => {
    expect(ofRestart(() => content)).toContain(says);
  });

  it('a file that is not there', () => {
    const missing = { topology: join(tmpdir(), 'no-such-file.prmtop'), coordinates: 'b.inpcrd' };
    expect(() => loadMolecule(missing)).toThrow(
      /no-such-file\.prmtop: the topology cannot be read: no such file/,
    );
  });
});
