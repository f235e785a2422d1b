import { describe, expect, it } from 'vitest';
import { readAmberTopology } from '../../../src/io/molecule/readAmberTopology.ts';
import type { Nonbonded } from '../../../src/md/molecule/term.ts';
import { fixture } from './fixtures.ts';

const good = fixture('dipeptide.prmtop');
const read = (text: string) => readAmberTopology(text, 'folder/a.prmtop');
const nonbonded = (text: string): Nonbonded => {
  const term = read(text).system.terms.find(({ kind }) => kind === 'nonbonded');
  if (term?.kind !== 'nonbonded') throw new Error('no nonbonded term');
  return term;
};

/** Without a section and all that is in it. */
function without(flag: string): string {
  const cut = good.replace(new RegExp(`%FLAG ${flag} (.|\\n)*?(?=%FLAG)`), '');
  expect(cut.length).toBeLessThan(good.length);
  return cut;
}

const elements = (text: string): string =>
  read(text)
    .system.topology.atoms.map(({ element }) => element)
    .join('');

describe('a prmtop', () => {
  it('names its atoms, residues and bonds, and is named after its file', () => {
    const { name, topology } = read(good).system;
    expect(name).toBe('a');
    expect(topology.residues.map((residue) => residue.name)).toEqual(['ACE', 'ALA', 'NME']);
    expect(topology.atoms[8]).toEqual({ name: 'CA', element: 'C', residue: 1 });
    expect(topology.bonds).toHaveLength(21);
    expect(topology.bonds.every(([i, j]) => i < j)).toBe(true);
  });

  it('has 1–4 interactions divided by 1.2 and 2 where it does not say otherwise', () => {
    const bare = without('SCEE_SCALE_FACTOR').replace(
      /%FLAG SCNB_SCALE_FACTOR [\s\S]*?(?=%FLAG)/,
      '',
    );
    expect(nonbonded(bare)).toEqual(nonbonded(good));
    const doubled = good.replace(/(%FLAG SCEE_SCALE_FACTOR [\s\S]*?)(?=%FLAG)/, (section) =>
      section.replaceAll('1.20000000E+00', '2.40000000E+00'),
    );
    const halved = nonbonded(good).exceptions.chargeProduct.map((product) => product / 2);
    nonbonded(doubled).exceptions.chargeProduct.forEach((product, k) => {
      expect(product).toBeCloseTo(halved[k], 14);
    });
  });

  it('interacts in all pairs once: those scaled and those excluded are exceptions', () => {
    const { exceptions } = nonbonded(good);
    const pairs = Array.from({ length: exceptions.atoms.length / 2 }, (_, k) =>
      [exceptions.atoms[2 * k], exceptions.atoms[2 * k + 1]].sort((a, b) => a - b).join(),
    );
    expect(new Set(pairs).size).toBe(pairs.length);
    // As many as its list has, less the zeros of atoms that exclude none.
    expect(pairs).toHaveLength(99 - 1);
  });

  it('scales no pair for a torsion whose fourth atom is negative, which is improper', () => {
    const scaled = (text: string): number =>
      nonbonded(text).exceptions.epsilon.filter((epsilon) => epsilon > 0).length;
    const list = good.indexOf('%FLAG DIHEDRALS_INC_HYDROGEN');
    const rows = good.slice(list).split('\n');
    // The first torsion that counts its pair: third and fourth are positive.
    const values = rows.slice(2).join('').match(/.{8}/g) ?? [];
    const torsion = values.findIndex(
      (_, k) => k % 5 === 0 && Number(values[k + 2]) > 0 && Number(values[k + 3]) > 0,
    );
    const [row, column] = [Math.floor((torsion + 3) / 10), (torsion + 3) % 10];
    const line = rows[2 + row];
    const field = `-${line.slice(8 * column, 8 * column + 8).trim()}`.padStart(8);
    rows[2 + row] = line.slice(0, 8 * column) + field + line.slice(8 * column + 8);
    expect(scaled(good.slice(0, list) + rows.join('\n'))).toBe(scaled(good) - 1);
  });

  it('tells elements by mass where it has no numbers, and by name where mass was moved', () => {
    const expected = 'HCHHCONHCHCHHHCONHCHHH';
    expect(elements(without('ATOMIC_NUMBER'))).toBe(expected);
    // N–H of 14.007 + 1.008 becomes 11.99 + 3.024, which is the mass of carbon.
    const moved = without('ATOMIC_NUMBER')
      .replaceAll('1.00794700E+00', '3.02400000E+00')
      .replaceAll('1.40067200E+01', '1.19906670E+01');
    expect(elements(moved)).toBe(expected);
  });
});
