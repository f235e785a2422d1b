import { describe, expect, it } from 'vitest';
import { atLine, type Change, cutOff, ofPdb, ofPrmtop, ofSystem, same, swap } from './complaint.ts';
import { fixture } from './fixtures.ts';

describe('unchanged files', () => {
  it('are no cause for complaint, so that each change below is', () => {
    expect([ofPrmtop(same), ofPdb(same), ofSystem(same)]).toEqual([
      'nothing',
      'nothing',
      'nothing',
    ]);
  });
});

describe('a bad prmtop is refused with its section, its line and what was found:', () => {
  const lineOf = (flag: string): number =>
    fixture('dipeptide.prmtop').split('\n').indexOf(`%FLAG ${flag}`.padEnd(80)) + 1;

  it.each<[what: string, change: Change, says: string]>([
    ['one that is cut off', cutOff(0.5), 'cut off'],
    [
      'one without charges',
      swap('%FLAG CHARGE ', '%FLAG CHARGES'),
      'has no section CHARGE, but has "CHARGES"',
    ],
    [
      'a charge that is none',
      swap(' 2.0463', ' 2.0x63'),
      `line ${lineOf('CHARGE') + 2}: section CHARGE has "  2.0x`,
    ],
    [
      'an unknown atom type',
      swap('       3       7       3       3', '       3      99       3       3'),
      'gives atom 2 the unknown type 99, and there are',
    ],
    ['a section twice', (text) => `${text}%FLAG MASS\n`, 'section "MASS" occurs twice'],
    [
      'a CHAMBER topology',
      swap('%FLAG TITLE ', '%FLAG CTITLE'),
      'section CTITLE marks a CHAMBER topology',
    ],
    [
      '12-6-4',
      (text) => `${text}%FLAG LENNARD_JONES_CCOEF\n%FORMAT(5E16.8)\n`,
      'holds a 12-6-4 potential',
    ],
    [
      'polarisation',
      (text) => `${text}%FLAG IPOL\n%FORMAT(1I8)\n       1\n`,
      'asks for polarisation',
    ],
    [
      'a format that is none',
      swap('%FORMAT(20a4)', '%FORMAT(twenty)'),
      'line 3: "%FORMAT(twenty)" is no format we know',
    ],
    [
      'names as numbers',
      swap('%FORMAT(5E16.8)', '%FORMAT(20a4)'),
      'section CHARGE has the format 20A4',
    ],
    [
      'a truncated octahedron',
      swap('  9.00000000E+01  3.0', '  1.09471219E+02  3.0'),
      'has the angle 109.471219° (IFBOX 1): only rectangular boxes',
    ],
    [
      'a box in other units',
      swap('  3.00000000E+01  3.2', '  3.00000000E+00  3.2'),
      'the box has an edge of 0.30',
    ],
    [
      'a bond to an atom that is not there',
      atLine(
        lineOf('BONDS_INC_HYDROGEN') + 2,
        '       3     300       4       3       6       4       3       9       4      24',
      ),
      'section BONDS_INC_HYDROGEN has 300, which is 3 × the number of no atom',
    ],
    [
      'another number of bonds',
      atLine(lineOf('BONDS_INC_HYDROGEN') + 2, '       3       0       4'),
      'and POINTERS promises 36; the file may be cut off',
    ],
    [
      'an extra point',
      swap('  1.00794700E+00', '  0.00000000E+00'),
      'gives atom 1 the mass 0: extra points (virtual sites) are not supported',
    ],
    [
      'text before its sections',
      (text) => `&cntrl\n${text}`,
      'line 1: "&cntrl" stands before any %FLAG',
    ],
  ])('%s', (_, change, says) => {
    const said = ofPrmtop(change);
    expect(said).toContain(says);
    expect(said.startsWith('dipeptide.prmtop')).toBe(true);
  });

  it('off-diagonal Lennard-Jones parameters (NBFIX), with two atoms of the types', () => {
    const start = lineOf('LENNARD_JONES_ACOEF') + 2;
    const row = fixture('dipeptide.prmtop').split('\n')[start - 1];
    // The second coefficient is of types 1 and 2.
    const said = ofPrmtop(atLine(start, `${row.slice(0, 16)}  1.00000000E+05${row.slice(32)}`));
    expect(said).toMatch(
      new RegExp(
        `line ${start}: section LENNARD_JONES_ACOEF has parameters of their own for types \\d and \\d \\(atoms \\d+ and`,
      ),
    );
    expect(said).toContain('NBFIX');
  });

  it('radii that GBn has no table for, with the atom and how to change them', () => {
    const start = lineOf('RADII') + 2;
    const row = fixture('dipeptide.prmtop').split('\n')[start - 1];
    const small = atLine(start, `  8.00000000E-01${row.slice(16)}`);
    expect(ofPrmtop(small, { solvent: 'gbn' })).toMatch(
      /atom 1 \(H1 of ACE 1\) has 0\.08\d*; use radii/,
    );
    expect(ofPrmtop(small, { solvent: 'obc2' })).toBe('nothing');
  });

  it('a cutoff beyond half the box', () => {
    expect(ofPrmtop(same, { cutoff: 1.6 })).toContain(
      'at most half the shortest edge of the box (1.5 nm)',
    );
  });
});
