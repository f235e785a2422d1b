import { ShapeError } from '../../core/errors.ts';
import type { MolecularSystem } from './molecularSystem.ts';
import type { CmapTorsions, GeneralizedBorn, Nonbonded, Term } from './term.ts';
import { bornModels } from './terms/bornModels.ts';

/**
 * Checks one term of a system of `atoms` atoms in `box`; `where` names it in messages.
 *
 * @throws {ShapeError} for an array of the wrong length. @throws {RangeError} for a value out of range.
 */
export function checkTerm(
  where: string,
  term: Term,
  atoms: number,
  box: MolecularSystem['box'],
): void {
  switch (term.kind) {
    case 'harmonic-bonds':
    case 'distance-restraints':
      checkGroups(where, term.atoms, 2, atoms);
      checkNumbers(`${where}.length`, term.length, term.atoms.length / 2, notNegative);
      checkNumbers(`${where}.forceConstant`, term.forceConstant, term.atoms.length / 2);
      return;
    case 'harmonic-angles':
      checkGroups(where, term.atoms, 3, atoms);
      checkNumbers(`${where}.angle`, term.angle, term.atoms.length / 3, anAngle);
      checkNumbers(`${where}.forceConstant`, term.forceConstant, term.atoms.length / 3);
      return;
    case 'periodic-torsions':
      checkGroups(where, term.atoms, 4, atoms);
      checkNumbers(`${where}.periodicity`, term.periodicity, term.atoms.length / 4);
      checkNumbers(`${where}.phase`, term.phase, term.atoms.length / 4);
      checkNumbers(`${where}.forceConstant`, term.forceConstant, term.atoms.length / 4);
      return;
    case 'ryckaert-bellemans-torsions':
      checkGroups(where, term.atoms, 4, atoms);
      checkNumbers(`${where}.coefficients`, term.coefficients, (6 * term.atoms.length) / 4);
      return;
    case 'cmap-torsions':
      checkCmap(where, term, atoms);
      return;
    case 'nonbonded':
      checkNonbonded(where, term, atoms, box);
      return;
    case 'generalized-born':
      checkBorn(where, term, atoms, box);
      return;
    case 'position-restraints':
      checkGroups(where, term.atoms, 1, atoms);
      checkNumbers(`${where}.position`, term.position, 3 * term.atoms.length);
      checkNumbers(`${where}.forceConstant`, term.forceConstant, term.atoms.length);
      return;
  }
}

function checkCmap(where: string, term: CmapTorsions, atoms: number): void {
  const { maps, map } = term;
  // Neighbouring torsions share atoms; only the four of each must differ.
  checkGroups(where, term.atoms, 4, atoms);
  maps.forEach(({ size, energies }, m) => {
    checkSetting(`${where}.maps[${m}].size`, size, {
      is: wholeAbove(2),
      expected: 'an integer of at least 2',
    });
    checkNumbers(`${where}.maps[${m}].energies`, energies, size * size);
  });
  checkNumbers(`${where}.map`, map, term.atoms.length / 8, {
    is: (each) => maps[each] !== undefined,
    expected: `a map of 0 to ${maps.length - 1}`,
  });
}

function checkNonbonded(
  where: string,
  term: Nonbonded,
  atoms: number,
  box: MolecularSystem['box'],
): void {
  const { exceptions, cutoff } = term;
  checkNumbers(`${where}.charge`, term.charge, atoms);
  checkNumbers(`${where}.sigma`, term.sigma, atoms, notNegative);
  checkNumbers(`${where}.epsilon`, term.epsilon, atoms, notNegative);
  checkGroups(`${where}.exceptions`, exceptions.atoms, 2, atoms);
  const count = exceptions.atoms.length / 2;
  checkNumbers(`${where}.exceptions.chargeProduct`, exceptions.chargeProduct, count);
  checkNumbers(`${where}.exceptions.sigma`, exceptions.sigma, count, notNegative);
  checkNumbers(`${where}.exceptions.epsilon`, exceptions.epsilon, count, notNegative);
  const seen = new Map<number, number>();
  for (let k = 0; k < count; k++) {
    const [i, j] = exceptions.atoms.subarray(2 * k, 2 * k + 2);
    const key = Math.min(i, j) * atoms + Math.max(i, j);
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      throw new RangeError(
        `${where}.exceptions.atoms: entry ${k} expected a new pair, got [${i}, ${j}] of entry ${earlier} again`,
      );
    }
    seen.set(key, k);
  }
  if (cutoff === undefined) return;
  checkCutoff(`${where}.cutoff`, cutoff, box);
  checkSetting(`${where}.cutoff.reactionFieldDielectric`, cutoff.reactionFieldDielectric, positive);
  if (cutoff.switchDistance !== undefined) {
    checkSetting(`${where}.cutoff.switchDistance`, cutoff.switchDistance, {
      is: (each) => each > 0 && each < cutoff.distance,
      expected: `a positive number below the cutoff, ${cutoff.distance} nm`,
    });
  }
  if (cutoff.dispersionCorrection && !cutoff.periodic) {
    throw new RangeError(
      `${where}.cutoff.dispersionCorrection expected a periodic cutoff: in free space there is no density to correct with`,
    );
  }
}

function checkBorn(
  where: string,
  term: GeneralizedBorn,
  atoms: number,
  box: MolecularSystem['box'],
): void {
  const { offset, neckScale } = bornModels[term.model];
  checkNumbers(`${where}.charge`, term.charge, atoms);
  checkNumbers(
    `${where}.radius`,
    term.radius,
    atoms,
    neckScale > 0
      ? {
          is: (r) => r >= 0.1 && r <= 0.2,
          expected: `0.1 to 0.2 nm, where ${term.model} has necks`,
        }
      : { is: (r) => r > offset, expected: `more than the offset of ${term.model}, ${offset} nm` },
  );
  checkNumbers(`${where}.screen`, term.screen, atoms);
  if (term.model === 'gbn2') {
    if (term.rescaling === undefined) {
      throw new ShapeError(`${where}.rescaling expected ${3 * atoms} numbers for gbn2, got none`);
    }
    checkNumbers(`${where}.rescaling`, term.rescaling, 3 * atoms);
  } else if (term.rescaling !== undefined) {
    throw new ShapeError(
      `${where}.rescaling expected undefined: ${term.model} has the same for all atoms`,
    );
  }
  checkSetting(`${where}.soluteDielectric`, term.soluteDielectric, positive);
  checkSetting(`${where}.solventDielectric`, term.solventDielectric, positive);
  checkSetting(`${where}.inverseDebyeLength`, term.inverseDebyeLength, notNegative);
  checkSetting(`${where}.surfaceTension`, term.surfaceTension, notNegative);
  if (term.cutoff !== undefined) checkCutoff(`${where}.cutoff`, term.cutoff, box);
}

function checkCutoff(
  where: string,
  { distance, periodic }: { readonly distance: number; readonly periodic: boolean },
  box: MolecularSystem['box'],
): void {
  checkSetting(`${where}.distance`, distance, positive);
  if (!periodic) return;
  if (box === undefined) {
    throw new RangeError(`${where}.periodic expected a system with a box, got one without`);
  }
  const half = Math.min(...box) / 2;
  if (distance > half) {
    throw new RangeError(
      `${where}.distance expected at most half of the smallest edge of the box, ${half} nm, got ${distance}`,
    );
  }
}

/** A condition on numbers, and how messages put it. */
interface Condition {
  readonly is: (value: number) => boolean;
  readonly expected: string;
}

const anything: Condition = { is: () => true, expected: 'a finite number' };
const notNegative: Condition = { is: (v) => v >= 0, expected: 'zero or a positive number' };
const positive: Condition = { is: (v) => v > 0, expected: 'a positive number' };
const anAngle: Condition = {
  is: (v) => v >= 0 && v <= 2 * Math.PI,
  expected: 'radians from 0 to 2π',
};

function wholeAbove(least: number): (value: number) => boolean {
  return (value) => Number.isSafeInteger(value) && value >= least;
}

function checkSetting(where: string, value: number, condition: Condition): void {
  if (isRight(value, condition)) return;
  throw new RangeError(`${where} expected ${condition.expected}, got ${value}`);
}

function isRight(value: number, condition: Condition): boolean {
  return Number.isFinite(value) && condition.is(value);
}

function checkNumbers(
  where: string,
  values: Float64Array | Int32Array,
  length: number,
  condition = anything,
): void {
  if (values.length !== length) {
    throw new ShapeError(`${where} expected ${length} numbers, got ${values.length}`);
  }
  // The message is made for what is wrong only: a protein has tens of thousands of numbers.
  const wrong = values.findIndex((value: number) => !isRight(value, condition));
  if (wrong >= 0) checkSetting(`${where}[${wrong}]`, values[wrong], condition);
}

/** Checks that `list` has groups of `arity` different atoms. */
function checkGroups(where: string, list: Int32Array, arity: number, atoms: number): void {
  if (list.length % arity !== 0) {
    throw new ShapeError(
      `${where}.atoms expected groups of ${arity} numbers, got ${list.length} numbers`,
    );
  }
  for (let k = 0; k < list.length; k += arity) {
    const group = Array.from(list.subarray(k, k + arity));
    const isRight =
      group.every((atom) => atom >= 0 && atom < atoms) && new Set(group).size === arity;
    if (isRight) continue;
    const expected = arity === 1 ? 'an atom' : `${arity} different atoms`;
    throw new RangeError(
      `${where}.atoms: entry ${k / arity} expected ${expected} of 0 to ${atoms - 1}, got [${group.join(', ')}]`,
    );
  }
}
