import { describe, expect, it } from 'vitest';
import {
  type ChiralCentre,
  chiralCentres,
  chiralitySign,
} from '../../../src/md/molecule/chirality.ts';
import { alanineDipeptide } from '../../../src/md/molecule/systems/alanineDipeptide.ts';
import { bpti } from '../../../src/md/molecule/systems/bpti.ts';
import { chignolin } from '../../../src/md/molecule/systems/chignolin.ts';
import type { Topology } from '../../../src/md/molecule/topology.ts';

const molecules = [alanineDipeptide(), chignolin(), bpti()];

describe('chiralCentres', () => {
  it('finds Cα of all residues but glycine, and Cβ of threonine and isoleucine', () => {
    for (const { system } of molecules) {
      const { atoms, residues } = system.topology;
      const expected = residues.flatMap(({ name, number }) => [
        ...(['GLY', 'ACE', 'NME'].includes(name) ? [] : [`CA ${name} ${number}`]),
        ...(['THR', 'ILE'].includes(name) ? [`CB ${name} ${number}`] : []),
      ]);
      const found = chiralCentres(system.topology).map(({ atom }) => {
        const { name, number } = residues[atoms[atom].residue];
        return `${atoms[atom].name} ${name} ${number}`;
      });
      expect(found.sort()).toEqual(expected.sort());
    }
  });
});

describe('chiralitySign', () => {
  it('is that of L-amino acids in every start of every shipped molecule, and (R) at threonine', () => {
    for (const { system, starts } of molecules) {
      const { atoms, residues } = system.topology;
      for (const x of Object.values(starts)) {
        for (const { atom } of chiralCentres(system.topology)) {
          const { residue, name } = atoms[atom];
          // N, C and Cβ of an L-amino acid, seen from the hydrogen, turn clockwise.
          const around =
            name === 'CA'
              ? ['N', 'C', 'CB']
              : ['CA', residues[residue].name === 'THR' ? 'OG1' : 'CG1', 'CG2'];
          const [a, b, c] = around.map((each) => named(system.topology, residue, each));
          const centre: ChiralCentre = { atom, substituents: [a, b, c] };
          expect(chiralitySign(x, centre), `${name} of residue ${residue + 1}`).toBe(1);
        }
      }
    }
  });

  it('turns round in the mirror and is 0 in the plane', () => {
    const { system, positions } = alanineDipeptide();
    const [centre] = chiralCentres(system.topology);
    const mirrored = positions.map((value, i) => (i % 3 === 0 ? -value : value));
    expect(chiralitySign(mirrored, centre)).toBe(-chiralitySign(positions, centre));
    const both = Float64Array.of(...positions, ...mirrored);
    expect(chiralitySign(both, centre, 66)).toBe(chiralitySign(mirrored, centre));
    expect(
      chiralitySign(
        positions.map((value, i) => (i % 3 === 0 ? 0 : value)),
        centre,
      ),
    ).toBe(0);
  });
});

function named({ atoms }: Topology, residue: number, name: string): number {
  return atoms.findIndex((atom) => atom.residue === residue && atom.name === name);
}
