import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadMolecule, type MoleculeFiles } from '../../../src/io/molecule/loadMolecule.ts';
import { MoleculeFileError } from '../../../src/io/molecule/moleculeFileError.ts';
import { temporaryFolders } from '../temporaryFolder.ts';
import { fixture } from './fixtures.ts';

const folder = temporaryFolders();

type Change = (text: string) => string;
const same: Change = (text) => text;

/** Replaces what must be there once. */
function swap(from: string, to: string): Change {
  return (text) => {
    expect(text.split(from).length, from).toBeGreaterThan(1);
    return text.replace(from, to);
  };
}

/** What is said of files that were changed; `topology` and `coordinates` are the names they get. */
function complaint(
  topology: readonly [name: string, Change],
  coordinates: readonly [name: string, Change],
  options: Omit<MoleculeFiles, 'topology' | 'coordinates'> = {},
): string {
  const into = folder();
  const paths = [topology, coordinates].map(([name, change]) => {
    const path = join(into, name);
    writeFileSync(path, change(fixture(name)));
    return path;
  });
  try {
    loadMolecule({ topology: paths[0], coordinates: paths[1], ...options });
  } catch (error) {
    expect(error).toBeInstanceOf(MoleculeFileError);
    return (error as Error).message.replaceAll(`${into}/`, '');
  }
  return 'nothing';
}

const ofPrmtop = (change: Change, options = {}): string =>
  complaint(['dipeptide.prmtop', change], ['dipeptide.inpcrd', same], options);
const ofRestart = (change: Change): string =>
  complaint(['dipeptide.prmtop', same], ['dipeptide.inpcrd', change]);
const ofPdb = (change: Change): string =>
  complaint(['dipeptide.prmtop', same], ['dipeptide.pdb', change]);
const ofSystem = (change: Change, options = {}): string =>
  complaint(['dipeptide-gbn2.xml', change], ['dipeptide.pdb', same], options);

/** Line `line` of a text replaced, from 1. */
function atLine(line: number, to: string): Change {
  return (text) =>
    text
      .split('\n')
      .map((row, index) => (index + 1 === line ? to : row))
      .join('\n');
}

const cutOff =
  (share: number): Change =>
  (text) =>
    text.slice(0, Math.floor(share * text.length));

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

describe('what a System has and is not supported is refused with its force and line, or dropped:', () => {
  const insert = (force: string): Change => swap('<Forces>', `<Forces>\n${force}`);

  it.each<[what: string, change: Change, says: string]>([
    [
      'PME',
      swap('method="0" name="NonbondedForce"', 'method="4" name="NonbondedForce"'),
      'NonbondedForce sums over the images of the box by PME, which is not supported: write the system with nonbondedMethod=CutoffPeriodic',
    ],
    [
      'a barostat',
      insert('<Force type="MonteCarloBarostat" version="1"/>'),
      '"MonteCarloBarostat" is not supported: write the system without it',
    ],
    [
      'polarisation',
      insert('<Force type="DrudeForce" version="1"/>'),
      '"DrudeForce" is not supported: these are: HarmonicBondForce',
    ],
    [
      'constraints',
      swap('<Constraints/>', '<Constraints><Constraint d=".1" p1="0" p2="1"/></Constraints>'),
      'constrains 1 distances, and constraints are not supported: write the system with constraints=None',
    ],
    [
      'bonds across the box',
      swap(
        'type="HarmonicBondForce" usesPeriodic="0"',
        'type="HarmonicBondForce" usesPeriodic="1"',
      ),
      'HarmonicBondForce takes its atoms in minimum images',
    ],
    [
      'any other custom force',
      insert(
        '<Force type="CustomExternalForce" energy="k*z"><PerParticleParameters/><Particles/></Force>',
      ),
      'CustomExternalForce with the energy "k*z" is not supported',
    ],
  ])('%s', (_, change, says) => {
    expect(ofSystem(change)).toMatch(/^dipeptide-gbn2\.xml, line \d+: /);
    expect(ofSystem(change)).toContain(says);
    expect(ofSystem(change)).toContain('(drop: true)');
    // A reaction field needs a box that it fits into.
    if (!says.includes('PME')) expect(ofSystem(change, { drop: true })).toBe('nothing');
  });

  it('as warnings that stay in the system', () => {
    const path = join(folder(), 'system.xml');
    const coordinates = join(folder(), 'molecule.pdb');
    writeFileSync(
      path,
      insert('<Force type="AndersenThermostat"/>')(fixture('dipeptide-gbn2.xml')),
    );
    writeFileSync(coordinates, fixture('dipeptide.pdb'));
    const { system } = loadMolecule({ topology: path, coordinates, drop: true });
    expect(system.warnings).toHaveLength(1);
    expect(system.warnings[0]).toMatch(/line 34: "AndersenThermostat" is not supported; left out/);
  });
});

describe('a bad System is refused with its line:', () => {
  it.each<[what: string, change: Change, says: string]>([
    ['one that is cut off', cutOff(0.7), 'is not well-formed XML'],
    [
      'a document type with entities',
      swap('<System', '<!DOCTYPE a [<!ENTITY b "c">]><System'),
      'has a document type declaration (DTD), which is refused',
    ],
    [
      'an entity',
      swap('mass="1.007947"', 'mass="&one;"'),
      'is not well-formed XML: undefined entity',
    ],
    ['a force field', swap('<System ', '<ForceField '), 'is not well-formed XML'],
    ['nothing but a force field', () => '<ForceField/>', 'a force field is not yet a system'],
    ['a state', () => '<State/>', '<State> is no serialised System of OpenMM'],
    [
      'another number of charges',
      (text) => text.replace(/<Particle eps[^>]*>/, ''),
      'NonbondedForce has 21 particles, and the system 22',
    ],
    ['a missing attribute', swap('p2="1"', 'p9="1"'), '<Bond> has no attribute p2'],
    [
      'a particle that is not there',
      swap('p2="1"', 'p2="22"'),
      '<Bond> has p2="22", and should have an integer from 0 to 21',
    ],
    [
      'a virtual site',
      swap(
        '<Particle mass="1.007947"/>',
        '<Particle mass="0"><TwoParticleAverageSite p1="1" p2="2" w1=".5" w2=".5"/></Particle>',
      ),
      '<TwoParticleAverageSite> is a virtual site',
    ],
    [
      'a particle without mass',
      swap('mass="1.007947"', 'mass="0"'),
      'a particle has the mass 0; fixed particles are not supported',
    ],
    ['a mislabelled list', swap('<Angles>', '<Angels>'), 'is not well-formed XML'],
    [
      'a missing list',
      (text) => text.replaceAll('Angles>', 'Angels>'),
      'has no <Angles>; did you mean it by <Angels>?',
    ],
    [
      'another generalised Born model',
      swap('neckScale=0.826836', 'neckScale=0.9'),
      'CustomGBForce computes other values, as none of HCT, OBC1, OBC2, GBn and GBn2',
    ],
    [
      'another energy of it',
      swap('28.3919551*(radius+0.14)^2', '28.3919551*(radius+0.14)^3'),
      'CustomGBForce has other energies',
    ],
  ])('%s', (_, change, says) => {
    const said = ofSystem(change);
    expect(said).toMatch(/^dipeptide-gbn2\.xml, line \d+: /);
    expect(said).toContain(says);
  });

  it('but not for a solvent that another takes the place of', () => {
    const changed = swap('neckScale=0.826836', 'neckScale=0.9');
    expect(ofSystem(changed, { solvent: 'obc2' })).toBe('nothing');
  });
});

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
    const missing = { topology: join(folder(), 'a.prmtop'), coordinates: 'b.inpcrd' };
    expect(() => loadMolecule(missing)).toThrow(
      /a\.prmtop: the topology cannot be read: no such file/,
    );
  });
});
