import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadMolecule } from '../../../src/io/molecule/loadMolecule.ts';
import { temporaryFolders } from '../temporaryFolder.ts';
import { type Change, cutOff, ofSystem, swap } from './complaint.ts';
import { fixture } from './fixtures.ts';

const folder = temporaryFolders();

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

  it('as are tables of neck integrals that are not the published ones', () => {
    const changed = ofSystem((text) => text.replace(/<Value v="([^"]*)"\/>/, '<Value v="0.3"/>'));
    expect(changed).toContain(
      'CustomGBForce has other tables of neck integrals than the published',
    );
  });

  it('but not for a solvent that another takes the place of', () => {
    const changed = swap('neckScale=0.826836', 'neckScale=0.9');
    expect(ofSystem(changed, { solvent: 'obc2' })).toBe('nothing');
  });
});
