import { describe, expect, it } from 'vitest';
import { bornParameters, inverseDebyeLength } from '../../../src/md/molecule/bornParameters.ts';
import type { BornModel } from '../../../src/md/molecule/term.ts';
import type { Topology } from '../../../src/md/molecule/topology.ts';

/** Atoms as `name:element`, of one residue. */
function molecule(residue: string, atoms: string, bonds: [number, number][]): Topology {
  return {
    atoms: atoms.split(' ').map((atom) => {
      const [name, element] = atom.split(':');
      return { name, element, residue: 0 };
    }),
    residues: [{ name: residue, number: 1, insertion: '', chain: 'A' }],
    bonds,
  };
}

function born(model: BornModel, topology: Topology) {
  return bornParameters(model, topology, new Float64Array(topology.atoms.length));
}

const radii = (model: BornModel, topology: Topology): number[] => [...born(model, topology).radius];

describe('the standard radii', () => {
  // H on carbon, nitrogen, oxygen, sulphur; and one without a bond.
  const hydrogens = molecule('LIG', 'C:C H1:H N:N H2:H O:O H3:H S:S H4:H H5:H', [
    [0, 1],
    [2, 3],
    [4, 5],
    [6, 7],
  ]);

  it.each<[BornModel, number[]]>([
    ['hct', [0.13, 0.13, 0.08, 0.08, 0.12]],
    ['obc1', [0.12, 0.13, 0.12, 0.12, 0.12]],
    ['obc2', [0.12, 0.13, 0.12, 0.12, 0.12]],
    ['gbn', [0.12, 0.12, 0.12, 0.12, 0.12]],
    ['gbn2', [0.12, 0.13, 0.12, 0.12, 0.12]],
  ])(
    'of hydrogens in %s depend on their partner as in the set it was fitted with',
    (model, expected) => {
      const all = radii(model, hydrogens);
      expect([1, 3, 5, 7, 8].map((i) => all[i])).toEqual(expected);
      expect([0, 2, 4, 6].map((i) => all[i])).toEqual([0.17, 0.155, 0.15, 0.18]);
    },
  );

  it('of carboxylates and arginine are smaller in GBn2 alone', () => {
    const bonds: [number, number][] = [
      [0, 1],
      [1, 2],
      [1, 3],
    ];
    const acid = molecule('ASP', 'CB:C CG:C OD1:O OD2:O', bonds);
    expect(radii('gbn2', acid).slice(2)).toEqual([0.14, 0.14]);
    expect(radii('obc2', acid).slice(2)).toEqual([0.15, 0.15]);
    const amide = molecule('ASN', 'CB:C CG:C OD1:O ND2:N', bonds);
    expect(radii('gbn2', amide)[2]).toBe(0.15);
    const arginine = molecule('ARG', 'NE:N HE:H NH1:N HH11:H', [
      [0, 1],
      [2, 3],
    ]);
    expect(radii('gbn2', arginine)).toEqual([0.155, 0.117, 0.155, 0.117]);
    expect(radii('obc2', arginine)[1]).toBe(0.13);
  });
});

describe('generalised Born parameters', () => {
  it('have α, β, γ in GBn2 alone, other ones for nucleic acids and their ends', () => {
    const carbon = (residue: string): Topology => molecule(residue, 'C1:C', []);
    expect(born('obc2', carbon('ALA')).rescaling).toBeUndefined();
    expect([...(born('gbn2', carbon('ALA')).rescaling ?? [])]).toEqual([
      0.733756, 0.506378, 0.205844,
    ]);
    for (const residue of ['DA', 'DA5', 'G', 'RU3']) {
      expect([...(born('gbn2', carbon(residue)).rescaling ?? [])]).toEqual([
        0.33167, 0.196842, 0.093422,
      ]);
      expect(born('gbn2', carbon(residue)).screen[0]).toBe(1.268902);
    }
    expect(born('gbn2', molecule('LIG', 'F1:F', [])).screen[0]).toBe(0.5);
    expect([...(born('gbn2', molecule('LIG', 'F1:F', [])).rescaling ?? [])]).toEqual([
      1, 0.8, 4.851,
    ]);
  });

  it('have the Debye length of the salt, with the correction for excluded ions', () => {
    // 1/κ of 0.1 mol/l in water is 0.96 nm, and 0.73 of κ is used.
    const kappa = inverseDebyeLength(0.1, 298.15, 78.5);
    expect(0.73 / kappa).toBeCloseTo(0.963, 2);
    expect(inverseDebyeLength(0.4, 298.15, 78.5)).toBeCloseTo(2 * kappa, 12);
    expect(inverseDebyeLength(0, 298.15, 78.5)).toBe(0);
    expect(() => inverseDebyeLength(-1, 298.15, 78.5)).toThrow('"salt" expected');
  });

  it('are refused for atoms without an element and another number of charges', () => {
    expect(() => born('obc2', molecule('LIG', 'C1:C X1:', []))).toThrow(
      'atom 2 (X1) has no element',
    );
    expect(() => bornParameters('obc2', molecule('LIG', 'C1:C', []), new Float64Array(2))).toThrow(
      '"charges" expected 1 numbers, got 2',
    );
  });
});
