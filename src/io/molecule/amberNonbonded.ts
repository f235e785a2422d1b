import { angstrom, kilocalorie } from '../../core/units.ts';
import type { Nonbonded } from '../../md/molecule/term.ts';
import type { AmberDihedral } from './amberBonded.ts';
import type { PrmtopSections } from './prmtopSections.ts';
import type { AmberPointers } from './readAmberTopology.ts';

/** √(332.0522) and so kcal/mol·Å to e², as every Amber program has it; prmtop charges are multiplied by it. */
const AMBER_CHARGE = 18.2223;

/** Amber's divisors of 1–4 interactions where a prmtop has none of its own: ff94 to ff14SB. */
const DEFAULT_SCEE = 1.2;
const DEFAULT_SCNB = 2;

/** Relative deviation of a pair's A or B from the combination rules that is rounding, as in OpenMM. */
const ROUNDING = 1e-6;

/** Lennard-Jones and Coulomb of a prmtop, without a cutoff. @throws {MoleculeFileError} */
export function amberNonbonded(
  sections: PrmtopSections,
  pointers: AmberPointers,
  dihedrals: readonly AmberDihedral[],
): Nonbonded {
  const { atoms } = pointers;
  const charge = sections.reals('CHARGE', atoms).map((value) => value / AMBER_CHARGE);
  const { sigma, epsilon } = lennardJones(sections, pointers);
  const scaled = scaledPairs(sections, pointers, dihedrals);
  const excluded = exclusions(sections, pointers, (i, j) => scaled.has(pairKey(i, j, atoms)));
  const pairs = [...scaled.values()];
  const none = new Float64Array(excluded.length / 2);
  return {
    kind: 'nonbonded',
    charge,
    sigma,
    epsilon,
    exceptions: {
      atoms: Int32Array.from([...pairs.flatMap(({ i, j }) => [i, j]), ...excluded]),
      chargeProduct: Float64Array.from([
        ...pairs.map(({ i, j, scee }) => (charge[i] * charge[j]) / scee),
        ...none,
      ]),
      sigma: Float64Array.from([
        ...pairs.map(({ i, j }) => (sigma[i] + sigma[j]) / 2),
        ...none.map(() => 0.1),
      ]),
      epsilon: Float64Array.from([
        ...pairs.map(({ i, j, scnb }) => Math.sqrt(epsilon[i] * epsilon[j]) / scnb),
        ...none,
      ]),
    },
    cutoff: undefined,
  };
}

function lennardJones(
  sections: PrmtopSections,
  { atoms, types }: AmberPointers,
): { sigma: Float64Array; epsilon: Float64Array } {
  for (const flag of ['HBOND_ACOEF', 'HBOND_BCOEF']) {
    if (sections.has(flag) && sections.reals(flag).some((value) => value !== 0)) {
      sections.fail(flag, 'holds a 10-12 potential of hydrogen bonds, which is not supported');
    }
  }
  const typeOf = sections.integers('ATOM_TYPE_INDEX', atoms);
  const index = sections.integers('NONBONDED_PARM_INDEX', types * types);
  const a = sections.reals('LENNARD_JONES_ACOEF', (types * (types + 1)) / 2);
  const b = sections.reals('LENNARD_JONES_BCOEF', (types * (types + 1)) / 2);
  const firstOf = new Map<number, number>();
  for (const [atom, type] of typeOf.entries()) {
    if (type < 1 || type > types) {
      const found = `gives atom ${atom + 1} the unknown type ${type}, and there are ${types}`;
      sections.fail('ATOM_TYPE_INDEX', found, atom);
    }
    if (!firstOf.has(type)) firstOf.set(type, atom);
  }
  const coefficients = (i: number, j: number): readonly [number, number] => {
    const entry = types * (i - 1) + (j - 1);
    const at = index[entry];
    if (at < 0)
      sections.fail(
        'NONBONDED_PARM_INDEX',
        'names a 10-12 potential, which is not supported',
        entry,
      );
    if (at < 1 || at > a.length) {
      sections.fail('NONBONDED_PARM_INDEX', `has ${at}, and there are ${a.length} pairs`, entry);
    }
    return [a[at - 1], b[at - 1]];
  };
  // Å and kcal/mol, by type.
  const sigmas = new Map<number, number>();
  const epsilons = new Map<number, number>();
  for (const type of firstOf.keys()) {
    const [repulsion, attraction] = coefficients(type, type);
    const isNothing = repulsion === 0 && attraction === 0;
    if (!isNothing && !(repulsion > 0 && attraction > 0)) {
      sections.fail(
        'LENNARD_JONES_ACOEF',
        `has A ${repulsion} and B ${attraction} for type ${type}`,
      );
    }
    sigmas.set(type, isNothing ? 1 : (repulsion / attraction) ** (1 / 6));
    epsilons.set(type, isNothing ? 0 : attraction ** 2 / (4 * repulsion));
  }
  const get = (map: ReadonlyMap<number, number>, type: number): number => map.get(type) ?? 0;
  for (const i of firstOf.keys()) {
    for (const j of firstOf.keys()) {
      const [repulsion, attraction] = coefficients(i, j);
      const sixth = ((get(sigmas, i) + get(sigmas, j)) / 2) ** 6;
      const depth = 4 * Math.sqrt(get(epsilons, i) * get(epsilons, j));
      if (isOff(repulsion, depth * sixth ** 2) || isOff(attraction, depth * sixth)) {
        sections.fail(
          'LENNARD_JONES_ACOEF',
          `has parameters of their own for types ${i} and ${j} (atoms ${get(firstOf, i) + 1} and ` +
            `${get(firstOf, j) + 1}, say): off-diagonal terms (NBFIX) are not supported; use a force field ` +
            'with Lorentz–Berthelot combination rules',
          index[types * (i - 1) + (j - 1)] - 1,
        );
      }
    }
  }
  return {
    sigma: Float64Array.from(typeOf, (type) => get(sigmas, type) * angstrom),
    epsilon: Float64Array.from(typeOf, (type) => get(epsilons, type) * kilocalorie),
  };
}

function isOff(found: number, expected: number): boolean {
  return Math.abs(found - expected) > ROUNDING * Math.abs(found);
}

interface ScaledPair {
  readonly i: number;
  readonly j: number;
  readonly scee: number;
  readonly scnb: number;
}

function scaledPairs(
  sections: PrmtopSections,
  { atoms, dihedralTypes }: AmberPointers,
  dihedrals: readonly AmberDihedral[],
): Map<number, ScaledPair> {
  const factors = (flag: string, standard: number): Float64Array =>
    sections.has(flag)
      ? sections.reals(flag, dihedralTypes)
      : new Float64Array(dihedralTypes).fill(standard);
  const scee = factors('SCEE_SCALE_FACTOR', DEFAULT_SCEE);
  const scnb = factors('SCNB_SCALE_FACTOR', DEFAULT_SCNB);
  const pairs = new Map<number, ScaledPair>();
  for (const { atoms: four, type, scales, flag, entry } of dihedrals) {
    if (!scales) continue;
    const [i, , , j] = four;
    for (const [name, factor] of [
      ['SCEE_SCALE_FACTOR', scee[type]],
      ['SCNB_SCALE_FACTOR', scnb[type]],
    ] as const) {
      if (!(factor > 0)) sections.fail(name, `divides 1–4 interactions by ${factor}`, type);
    }
    const key = pairKey(i, j, atoms);
    if (pairs.has(key)) {
      sections.fail(flag, `counts the 1–4 pair of atoms ${i + 1} and ${j + 1} twice`, entry);
    }
    pairs.set(key, { i, j, scee: scee[type], scnb: scnb[type] });
  }
  return pairs;
}

/** Pairs without any interaction, `[2K]`. */
function exclusions(
  sections: PrmtopSections,
  { atoms, excluded }: AmberPointers,
  isScaled: (i: number, j: number) => boolean,
): number[] {
  const counts = sections.integers('NUMBER_EXCLUDED_ATOMS', atoms);
  const list = sections.integers('EXCLUDED_ATOMS_LIST', excluded);
  const pairs: number[] = [];
  const seen = new Set<number>();
  let from = 0;
  for (const [i, count] of counts.entries()) {
    if (count < 0 || from + count > list.length) {
      sections.fail('NUMBER_EXCLUDED_ATOMS', `has ${count}, more than are listed`, i);
    }
    for (let entry = from; entry < from + count; entry++) {
      // An atom that excludes none has one entry, 0.
      const j = list[entry] - 1;
      if (j === -1) continue;
      if (j < 0 || j >= atoms || j === i) {
        sections.fail(
          'EXCLUDED_ATOMS_LIST',
          `excludes atom ${list[entry]} from atom ${i + 1}`,
          entry,
        );
      }
      const key = pairKey(i, j, atoms);
      if (isScaled(i, j) || seen.has(key)) continue;
      seen.add(key);
      pairs.push(i, j);
    }
    from += count;
  }
  return pairs;
}

function pairKey(i: number, j: number, atoms: number): number {
  return Math.min(i, j) * atoms + Math.max(i, j);
}
