import { describe, expect, it } from 'vitest';
import type { MolecularSystem } from '../../../src/md/molecule/molecularSystem.ts';
import { repartitionHydrogenMass } from '../../../src/md/molecule/repartitionHydrogenMass.ts';

/** CH₃–OH, and a hydrogen molecule beside it. */
const methanol: MolecularSystem = {
  name: 'methanol',
  topology: {
    atoms: ['C', 'H', 'H', 'H', 'O', 'H', 'H', 'H'].map((element, i) => ({
      name: `${element}${i}`,
      element,
      residue: 0,
    })),
    residues: [{ name: 'MOH', number: 1, insertion: '', chain: '' }],
    bonds: [
      [0, 1],
      [0, 2],
      [0, 3],
      [0, 4],
      [4, 5],
      [6, 7],
    ],
  },
  masses: Float64Array.of(12, 1, 1, 1, 16, 1, 1, 1),
  terms: [],
  box: undefined,
  warnings: [],
};

describe('repartitioning of hydrogen mass', () => {
  it('moves mass from heavy atoms to their hydrogens, and none else', () => {
    const { masses } = repartitionHydrogenMass(methanol, 3);
    expect([...masses]).toEqual([12 - 3 * 2, 3, 3, 3, 16 - 2, 3, 1, 1]);
    expect([...methanol.masses]).toEqual([12, 1, 1, 1, 16, 1, 1, 1]);
  });

  it('is done with once: a second time changes nothing', () => {
    const once = repartitionHydrogenMass(methanol, 3);
    expect(repartitionHydrogenMass(once, 3).masses).toEqual(once.masses);
  });

  it('refuses to leave an atom without mass, and masses that are none', () => {
    expect(() => repartitionHydrogenMass(methanol, 5)).toThrow(
      '"mass" 5 leaves atom 1 (C0) without mass; 3 is usual',
    );
    expect(() => repartitionHydrogenMass(methanol, 0)).toThrow('"mass" expected a positive number');
  });
});
