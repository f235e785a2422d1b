import { readdirSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type TorsionAtoms, torsionAngle } from '../../../../src/core/torsion.ts';
import { angstrom } from '../../../../src/core/units.ts';
import type { MolecularSystem } from '../../../../src/md/molecule/molecularSystem.ts';
import {
  alanineDipeptide,
  alanineDipeptideTorsions,
} from '../../../../src/md/molecule/systems/alanineDipeptide.ts';
import { bpti } from '../../../../src/md/molecule/systems/bpti.ts';
import { chignolin } from '../../../../src/md/molecule/systems/chignolin.ts';
import type { Term } from '../../../../src/md/molecule/term.ts';

/** IUPAC's abridged atomic weights, amu. */
const weights: Readonly<Record<string, number>> = {
  H: 1.008,
  C: 12.011,
  N: 14.007,
  O: 15.999,
  S: 32.06,
};

const molecules = [
  // N-acetyl-alanine-N′-methylamide; no ring.
  { ...alanineDipeptide(), formula: 'C6H12N2O2', charge: 0, rings: 0 },
  // The residues' formulas and a water, C48H63N11O18, less two protons; rings of Tyr, Pro and Trp.
  { ...chignolin(), formula: 'C48H61N11O18', charge: -2, rings: 4 },
  // Aprotinin, C284H432N84O79S7, and six protons; four Pro, four Phe, four Tyr, three disulfides.
  { ...bpti(), formula: 'C284H438N84O79S7', charge: 6, rings: 15 },
];

describe.each(molecules)('$system.name', ({ system, positions, starts, ...expected }) => {
  const { atoms, bonds, residues } = system.topology;
  const count = atoms.length;
  const neighbours = atoms.map(() => [] as number[]);
  for (const [i, j] of bonds) {
    neighbours[i].push(j);
    neighbours[j].push(i);
  }

  it('has the formula, the mass and the charge that chemistry gives it', () => {
    const parts = [...expected.formula.matchAll(/([A-Z])(\d+)/g)];
    const mass = parts.reduce((sum, [, symbol, n]) => sum + weights[symbol] * Number(n), 0);
    const formula = parts.map(([, symbol]) => {
      return `${symbol}${atoms.filter(({ element }) => element === symbol).length}`;
    });
    expect(formula.join('')).toBe(expected.formula);
    expect(total(system.masses) / mass).toBeCloseTo(1, 4);
    expect(total(term(system, 'nonbonded').charge)).toBeCloseTo(expected.charge, 9);
  });

  it('is one connected graph with its rings, whose edges are the harmonic bonds', () => {
    expect(distancesFrom(0, count).every(Number.isFinite)).toBe(true);
    expect(bonds).toHaveLength(count - 1 + expected.rings);
    const harmonic = pairs(term(system, 'harmonic-bonds').atoms).map(key);
    expect(harmonic.sort()).toEqual(bonds.map(key).sort());
  });

  it('has an angle wherever two bonds meet', () => {
    const found = groups(term(system, 'harmonic-angles').atoms, 3).map(([i, j, k]) => {
      return `${j}:${key([i, k])}`;
    });
    const meeting = neighbours.flatMap((around, j) =>
      around.flatMap((i, n) => around.slice(n + 1).map((k) => `${j}:${key([i, k])}`)),
    );
    expect(found.sort()).toEqual(meeting.sort());
  });

  it('has torsions along paths of three bonds, φ and ψ among them, and around flat centres', () => {
    const torsions = groups(term(system, 'periodic-torsions').atoms, 4);
    const isBonded = (i: number, j: number): boolean => neighbours[i].includes(j);
    const isProper = ([i, j, k, l]: number[]) => isBonded(i, j) && isBonded(j, k) && isBonded(k, l);
    const improper = torsions.filter((torsion) => !isProper(torsion));
    // The third atom of Amber's impropers is the centre.
    for (const [i, j, k, l] of improper) {
      expect([i, j, l].every((atom) => isBonded(atom, k))).toBe(true);
      expect(neighbours[k]).toHaveLength(3);
    }
    const named = torsions.map((torsion) => torsion.map((atom) => atoms[atom].name).join(' '));
    for (const backbone of ['C N CA C', 'N CA C N']) {
      expect(named.some((names) => path(names.split(' ')) === path(backbone.split(' ')))).toBe(
        true,
      );
    }
    expect(improper.length).toBeGreaterThan(0);
  });

  it('excludes pairs up to two bonds apart and scales those at three by 0.833333 and 1/2', () => {
    const { charge, sigma, epsilon, exceptions } = term(system, 'nonbonded');
    const found = new Map(pairs(exceptions.atoms).map((pair, k) => [key(pair), k]));
    expect(found.size).toBe(exceptions.chargeProduct.length);
    let near = 0;
    let worst = 0;
    for (let i = 0; i < count; i++) {
      const apart = distancesFrom(i, 3);
      for (let j = i + 1; j < count; j++) {
        if (apart[j] > 3) continue;
        near += 1;
        const k = found.get(key([i, j])) ?? -1;
        const scale = apart[j] === 3 ? 1 : 0;
        worst = Math.max(
          worst,
          Math.abs(exceptions.chargeProduct[k] - scale * 0.833333 * charge[i] * charge[j]),
          Math.abs(exceptions.epsilon[k] - (scale * Math.sqrt(epsilon[i] * epsilon[j])) / 2),
          scale * Math.abs(exceptions.sigma[k] - (sigma[i] + sigma[j]) / 2),
        );
      }
    }
    expect(near).toBe(found.size);
    expect(worst).toBeLessThan(1e-9);
  });

  it('starts at places without overlap: no atoms but bonded ones closer than 1.5 Å', () => {
    for (const [name, x] of Object.entries(starts)) {
      expect(x).toHaveLength(3 * count);
      for (let i = 0; i < count; i++) {
        for (let j = i + 1; j < count; j++) {
          const apart = Math.hypot(...[0, 1, 2].map((a) => x[3 * i + a] - x[3 * j + a]));
          const least = neighbours[i].includes(j) ? 0.9 : 1.5;
          if (!(apart >= least * angstrom)) expect.fail(`${name}: atoms ${i} and ${j} overlap`);
        }
      }
    }
    expect(positions).toEqual(Object.values(starts)[0]);
  });

  it('gives every atom to a residue, in order, and lets each caller change a start of their own', () => {
    const order = atoms.map(({ residue }) => residue);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(new Set(order).size).toBe(residues.length);
    positions[0] += 1;
    expect(positions).not.toEqual(Object.values(starts)[0]);
    positions[0] = Object.values(starts)[0][0];
  });

  /** Bonds between `from` and every atom, up to `most`; Infinity beyond. */
  function distancesFrom(from: number, most: number): number[] {
    const apart = atoms.map(() => Number.POSITIVE_INFINITY);
    apart[from] = 0;
    const queue = [from];
    for (const atom of queue) {
      if (apart[atom] >= most) continue;
      for (const next of neighbours[atom]) {
        if (apart[next] < Number.POSITIVE_INFINITY) continue;
        apart[next] = apart[atom] + 1;
        queue.push(next);
      }
    }
    return apart;
  }
});

describe('the sequences', () => {
  it('are those of the three molecules', () => {
    const [dipeptide, mini, inhibitor] = molecules.map(({ system }) =>
      system.topology.residues.map(({ name }) => name).join(' '),
    );
    expect(dipeptide).toBe('ACE ALA NME');
    expect(mini).toBe('GLY TYR ASP PRO GLU THR GLY THR TRP GLY');
    expect(inhibitor).toBe(
      'ARG PRO ASP PHE CYS LEU GLU PRO PRO TYR THR GLY PRO CYS LYS ALA ARG ILE ILE ARG TYR PHE TYR ' +
        'ASN ALA LYS ALA GLY LEU CYS GLN THR PHE VAL TYR GLY GLY CYS ARG ALA LYS ARG ASN ASN PHE LYS ' +
        'SER ALA GLU ASP CYS MET ARG THR CYS GLY GLY ALA',
    );
  });

  it('of BPTI has its disulfides between 5–55, 14–38 and 30–51', () => {
    const { atoms, residues, bonds } = bpti().system.topology;
    const bridges = bonds
      .filter(([i, j]) => atoms[i].name === 'SG' && atoms[j].name === 'SG')
      .map((pair) => pair.map((atom) => residues[atoms[atom].residue].number));
    expect(bridges).toEqual([
      [5, 55],
      [14, 38],
      [30, 51],
    ]);
  });
});

describe('the states of alanine dipeptide', () => {
  it('are at the φ and ψ that are documented, with both amides trans', () => {
    const documented = { c7eq: [-80, 74], c5: [-145, 159], alphaR: [-78, -15], alphaL: [54, 29] };
    const { starts, system } = alanineDipeptide();
    const degrees = (x: Float64Array, torsion: TorsionAtoms): number =>
      Math.round((torsionAngle(x, torsion) * 180) / Math.PI);
    for (const [name, expected] of Object.entries({ ...documented, c7ax: [64, -59] })) {
      const x = Object.entries(starts).find(([state]) => state === name)?.[1] ?? new Float64Array();
      const { phi, psi } = alanineDipeptideTorsions;
      expect([degrees(x, phi), degrees(x, psi)], name).toEqual(expected);
      for (const amide of [[1, 4, 6, 8] as const, [8, 14, 16, 18] as const]) {
        expect(Math.abs(degrees(x, amide))).toBeGreaterThan(170);
      }
    }
    const names = [...alanineDipeptideTorsions.phi, ...alanineDipeptideTorsions.psi].map((atom) => {
      return system.topology.atoms[atom].name;
    });
    expect(names.join(' ')).toBe('C N CA C N CA C N');
  });
});

describe('an implicit solvent', () => {
  it('adds one term to those of the vacuum and changes no other', () => {
    const vacuum = alanineDipeptide({ solvent: 'vacuum' }).system.terms;
    for (const solvent of ['hct', 'obc1', 'obc2', 'gbn', 'gbn2'] as const) {
      const { terms } = alanineDipeptide({ solvent }).system;
      const born = terms.find(({ kind }) => kind === 'generalized-born');
      expect(terms.filter((entry) => entry !== born)).toEqual(vacuum);
      expect(born).toMatchObject({
        model: solvent,
        solventDielectric: solvent === 'obc2' ? 78.3 : 78.5,
      });
      expect(born !== undefined && 'rescaling' in born && born.rescaling?.length).toBe(
        solvent === 'gbn2' ? 66 : undefined,
      );
    }
  });
});

describe('the data', () => {
  it('takes less than 400 kB in all', () => {
    const folder = new URL('../../../../src/md/molecule/systems/', import.meta.url);
    const sizes = readdirSync(folder)
      .filter((name) => name.endsWith('.data.ts'))
      .map((name) => statSync(new URL(name, folder)).size);
    expect(sizes).toHaveLength(molecules.length);
    expect(total(sizes)).toBeLessThan(400_000);
  });
});

function term<K extends Term['kind']>(
  { terms }: MolecularSystem,
  kind: K,
): Extract<Term, { kind: K }> {
  const found = terms.find((entry): entry is Extract<Term, { kind: K }> => entry.kind === kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
}

function total(numbers: ArrayLike<number>): number {
  return Array.from(numbers).reduce((sum, value) => sum + value, 0);
}

function groups(atoms: Int32Array, width: number): number[][] {
  return Array.from({ length: atoms.length / width }, (_, k) => [
    ...atoms.subarray(width * k, width * (k + 1)),
  ]);
}

function pairs(atoms: Int32Array): [number, number][] {
  return groups(atoms, 2).map(([i, j]) => [i, j]);
}

function key([i, j]: readonly [number, number]): string {
  return `${Math.min(i, j)}-${Math.max(i, j)}`;
}

/** The same in either direction. */
function path(names: readonly string[]): string {
  return [names.join('-'), names.toReversed().join('-')].sort()[0];
}
