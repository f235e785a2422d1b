import { describe, expect, it } from 'vitest';
import { checkSystem } from '../../../src/md/molecule/checkSystem.ts';
import type { MolecularSystem } from '../../../src/md/molecule/molecularSystem.ts';
import type { Nonbonded, Term } from '../../../src/md/molecule/term.ts';
import {
  bondedTerms,
  molecule,
  positionRestraints,
  smallBorn,
  smallNonbonded,
} from './smallSystems.ts';

const [bonds, angles, torsions, bodies, maps, restraints] = bondedTerms;
const box = [3, 2.5, 2.8] as const;
const cutoff: NonNullable<Nonbonded['cutoff']> = {
  distance: 1,
  reactionFieldDielectric: 78.3,
  switchDistance: undefined,
  periodic: true,
  dispersionCorrection: true,
};
const nonbonded = smallNonbonded();
const sound = molecule(
  9,
  [...bondedTerms, positionRestraints, smallNonbonded(cutoff), smallBorn('gbn2')],
  box,
);

/** `changes` to a term that TypeScript would not let through. */
function broken(term: Term, changes: Record<string, unknown>): Partial<MolecularSystem> {
  return { terms: [bonds, { ...term, ...changes }] as readonly Term[] };
}

function brokenCutoff(changes: Record<string, unknown>): Partial<MolecularSystem> {
  return broken(nonbonded, { cutoff: { ...cutoff, ...changes } });
}

function brokenExceptions(changes: Record<string, unknown>): Partial<MolecularSystem> {
  return broken(nonbonded, { exceptions: { ...nonbonded.exceptions, ...changes } });
}

const numbers = (count: number, value = 0.1): Float64Array => new Float64Array(count).fill(value);
/** `values` with entry `k` replaced. */
const but = (values: Float64Array, k: number, value: number): Float64Array =>
  values.map((each, i) => (i === k ? value : each));

const cases: readonly [string, Partial<MolecularSystem>, string][] = [
  [
    'no atoms',
    { topology: { atoms: [], residues: [], bonds: [] } },
    'topology.atoms expected atoms',
  ],
  ['masses of other atoms', { masses: numbers(8) }, 'masses expected 9 numbers'],
  [
    'a mass below zero',
    { masses: but(numbers(9), 3, -1) },
    'masses[3] expected zero or a positive number, got -1',
  ],
  [
    'a residue that is not there',
    { topology: { ...sound.topology, residues: sound.topology.residues.slice(1) } },
    'topology.atoms[6].residue expected 0 to 1, got 2',
  ],
  [
    'a box in ångströms taken for nm the wrong way',
    { box: [3, 0.1, 3] },
    'box[1] expected an edge of at least 0.5 nm, got 0.1 (lengths are in nm; 1 Å is 0.1 nm)',
  ],
  ['a box without volume', { box: [0, 0, 0] }, 'box[0] expected an edge of at least 0.5 nm, got 0'],
  ['a box that is not a number', { box: [3, 3, Number.NaN] }, 'box[2] expected'],
  [
    'half a bond',
    broken(bonds, { atoms: Int32Array.of(0, 1, 2) }),
    'terms[1] (harmonic-bonds).atoms expected groups of 2 numbers, got 3 numbers',
  ],
  [
    'a bond to no atom',
    broken(bonds, { atoms: Int32Array.of(0, 1, 2, 9, 4, 5) }),
    'terms[1] (harmonic-bonds).atoms: entry 1 expected 2 different atoms of 0 to 8, got [2, 9]',
  ],
  [
    'a bond of an atom to itself',
    broken(bonds, { atoms: Int32Array.of(0, 1, 2, 2, 4, 5) }),
    'got [2, 2]',
  ],
  [
    'a bond too few',
    broken(bonds, { length: numbers(2) }),
    '(harmonic-bonds).length expected 3 numbers, got 2',
  ],
  [
    'a length below zero',
    broken(bonds, { length: numbers(3, -0.1) }),
    'length[0] expected zero or a positive number, got -0.1',
  ],
  [
    'a force constant of NaN',
    broken(restraints, { forceConstant: numbers(1, Number.NaN) }),
    '(distance-restraints).forceConstant[0] expected a finite number, got NaN',
  ],
  [
    'an angle in degrees',
    broken(angles, { angle: numbers(2, 109.5) }),
    '(harmonic-angles).angle[0] expected radians from 0 to 2π, got 109.5',
  ],
  [
    'a torsion of three atoms',
    broken(torsions, { atoms: Int32Array.of(0, 1, 2) }),
    'groups of 4 numbers, got 3',
  ],
  [
    'an infinite phase',
    broken(torsions, { phase: numbers(2, Infinity) }),
    'phase[0] expected a finite number, got Infinity',
  ],
  [
    'periodicities missing',
    broken(torsions, { periodicity: Int32Array.of(1) }),
    'periodicity expected 2 numbers, got 1',
  ],
  [
    'five coefficients',
    broken(bodies, { coefficients: numbers(10) }),
    'coefficients expected 12 numbers, got 10',
  ],
  [
    'a map that is not square',
    broken(maps, { maps: [{ size: 6, energies: numbers(35) }] }),
    'maps[0].energies expected 36 numbers, got 35',
  ],
  [
    'a map of one knot',
    broken(maps, { maps: [{ size: 1, energies: numbers(1) }] }),
    'maps[0].size expected an integer of at least 2, got 1',
  ],
  [
    'a map that is not there',
    broken(maps, { map: Int32Array.of(0, 2) }),
    'map[1] expected a map of 0 to 1, got 2',
  ],
  [
    'a position of two coordinates',
    broken(positionRestraints, { position: numbers(5) }),
    '(position-restraints).position expected 6 numbers, got 5',
  ],
  [
    'charges of other atoms',
    broken(nonbonded, { charge: numbers(8) }),
    'terms[1] (nonbonded).charge expected 9 numbers, got 8',
  ],
  [
    'a sigma below zero',
    broken(nonbonded, { sigma: but(numbers(9), 7, -1) }),
    '(nonbonded).sigma[7] expected zero or a positive number',
  ],
  [
    'an epsilon below zero',
    broken(nonbonded, { epsilon: but(numbers(9), 8, -1) }),
    '(nonbonded).epsilon[8]',
  ],
  [
    'an exception twice',
    brokenExceptions({ atoms: Int32Array.of(3, 1, 1, 3) }),
    'exceptions.atoms: entry 1 expected a new pair, got [1, 3] of entry 0 again',
  ],
  [
    'an exception without a charge',
    brokenExceptions({ chargeProduct: numbers(1) }),
    'exceptions.chargeProduct expected 2 numbers, got 1',
  ],
  [
    'an exception without a depth',
    brokenExceptions({ epsilon: numbers(2, Number.NaN) }),
    'exceptions.epsilon[0] expected zero or a positive number, got NaN',
  ],
  [
    'a cutoff above half of the box',
    brokenCutoff({ distance: 1.3 }),
    '(nonbonded).cutoff.distance expected at most half of the smallest edge of the box, 1.25 nm, got 1.3',
  ],
  [
    'a cutoff of zero',
    brokenCutoff({ distance: 0 }),
    'cutoff.distance expected a positive number, got 0',
  ],
  [
    'a periodic cutoff without a box',
    { ...brokenCutoff({}), box: undefined },
    'cutoff.periodic expected a system with a box, got one without',
  ],
  [
    'a switch beyond the cutoff',
    brokenCutoff({ switchDistance: 1 }),
    'cutoff.switchDistance expected a positive number below the cutoff, 1 nm, got 1',
  ],
  [
    'a dielectric of zero',
    brokenCutoff({ reactionFieldDielectric: 0 }),
    'reactionFieldDielectric expected a positive number, got 0',
  ],
  [
    'a correction in free space',
    brokenCutoff({ periodic: false }),
    'dispersionCorrection expected a periodic cutoff',
  ],
  [
    'a radius below the offset',
    broken(smallBorn('obc2'), { radius: numbers(9, 0.009) }),
    '(generalized-born).radius[0] expected more than the offset of obc2, 0.009 nm, got 0.009',
  ],
  [
    'a radius in ångströms',
    broken(smallBorn('gbn'), { radius: numbers(9, 1.2) }),
    'radius[0] expected 0.1 to 0.2 nm, where gbn has necks, got 1.2',
  ],
  [
    'gbn2 without rescaling',
    broken(smallBorn('gbn2'), { rescaling: undefined }),
    'rescaling expected 27 numbers for gbn2, got none',
  ],
  [
    'too few to rescale by',
    broken(smallBorn('gbn2'), { rescaling: numbers(9) }),
    'rescaling expected 27 numbers, got 9',
  ],
  [
    'rescaling where none is',
    broken(smallBorn('hct'), { rescaling: numbers(27) }),
    'rescaling expected undefined: hct has the same for all atoms',
  ],
  [
    'a screen of NaN',
    broken(smallBorn('hct'), { screen: numbers(9, Number.NaN) }),
    'screen[0] expected a finite number',
  ],
  [
    'a Debye length below zero',
    broken(smallBorn('hct'), { inverseDebyeLength: -1 }),
    'inverseDebyeLength expected zero or a positive number, got -1',
  ],
  [
    'a solvent of no dielectric',
    broken(smallBorn('hct'), { solventDielectric: 0 }),
    'solventDielectric expected a positive number',
  ],
  [
    'a solute of no dielectric',
    broken(smallBorn('hct'), { soluteDielectric: Number.NaN }),
    'soluteDielectric expected a positive number',
  ],
  [
    'a surface below zero',
    broken(smallBorn('hct'), { surfaceTension: -2 }),
    'surfaceTension expected zero or a positive number',
  ],
  [
    'a cutoff of the solvent that is too long',
    broken(smallBorn('hct'), { cutoff: { distance: 2, periodic: true } }),
    '(generalized-born).cutoff.distance expected at most half',
  ],
];

describe('a molecular system', () => {
  it('passes where it is sound', () => {
    expect(() => checkSystem(sound)).not.toThrow();
  });

  it.each(cases)('is refused with %s, and told of it', (_, changes, message) => {
    expect(() => checkSystem({ ...sound, ...changes })).toThrow(message);
    expect(() => checkSystem({ ...sound, ...changes })).toThrow(/^small: /);
  });
});
