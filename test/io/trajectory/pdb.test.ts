import { describe, expect, it } from 'vitest';
import { pdb, pdbModels } from '../../../src/io/trajectory/pdb.ts';
import { alanineDipeptide } from '../../../src/md/molecule/systems/alanineDipeptide.ts';
import { bpti } from '../../../src/md/molecule/systems/bpti.ts';
import type { Topology } from '../../../src/md/molecule/topology.ts';

/** A calcium ion with a name of four letters beside it, in two chains. */
const ions: Topology = {
  atoms: [
    { name: 'CA', element: 'Ca', residue: 0 },
    { name: 'CA', element: 'C', residue: 1 },
    { name: 'HH31', element: 'H', residue: 1 },
  ],
  residues: [
    { name: 'CA', number: 12345, insertion: '', chain: 'A' },
    { name: 'ALA', number: -5, insertion: 'B', chain: 'B' },
  ],
  bonds: [[1, 2]],
};
const x = Float64Array.of(1, 2, -3, 0.00004, -99.9999, 999.9999, 0, 0, 0);

describe('pdb', () => {
  it('puts every field into its columns', () => {
    expect(pdb(ions, { positions: x, box: [2, 3, 4.5] }).split('\n')).toEqual([
      'CRYST1   20.000   30.000   45.000  90.00  90.00  90.00 P 1           1',
      'HETATM    1 CA    CA A2345      10.000  20.000 -30.000  1.00  0.00          CA  ',
      'TER       2       CA A2345 ',
      'ATOM      3  CA  ALA B  -5B      0.000-999.9999999.999  1.00  0.00           C  ',
      'ATOM      4 HH31 ALA B  -5B      0.000   0.000   0.000  1.00  0.00           H  ',
      'TER       5      ALA B  -5B',
      'END',
      '',
    ]);
  });

  it('names the atom and the frame of a coordinate that does not fit', () => {
    for (const [bad, shown] of [
      [1000, '1000'],
      [-100, '-100'],
      [Number.NaN, 'NaN'],
      [Number.POSITIVE_INFINITY, 'Infinity'],
    ] as const) {
      const positions = x.slice();
      positions[4] = bad;
      expect(() => pdb(ions, { positions })).toThrow(`pdb: atom 2 has y = ${shown} nm`);
      expect(() => [...pdbModels(ions, [{ positions: x }, { positions }])]).toThrow(
        'pdb, frame 1: atom 2',
      );
    }
    expect(() => pdb(ions, { positions: x, box: [1e5, 1, 1] })).toThrow(
      'a box edge x of 100000 nm',
    );
    expect(() => pdb(ions, { positions: x.slice(3) })).toThrow('6 coordinates, not [9]');
  });

  it('refuses names that would run into the next field', () => {
    const withAtom = (name: string): Topology => ({
      ...ions,
      atoms: [{ ...ions.atoms[0], name }, ...ions.atoms.slice(1)],
    });
    expect(() => pdb(withAtom('CALCI'), { positions: x })).toThrow('the name "CALCI"');
    expect(() => pdb(withAtom('C\n'), { positions: x })).toThrow('does not fit 4 columns');
    const withChain = {
      ...ions,
      residues: [{ ...ions.residues[0], chain: 'AA' }, ions.residues[1]],
    };
    expect(() => pdb(withChain, { positions: x })).toThrow('the chain "AA"');
    const withNumber = {
      ...ions,
      residues: [{ ...ions.residues[0], number: -1000 }, ions.residues[1]],
    };
    expect(() => pdb(withNumber, { positions: x })).toThrow('the residue number "-1000"');
  });

  it('connects disulfides and what has no standard name, four bonds a line, and nothing else', () => {
    const { system, positions } = bpti();
    const lines = pdb(system.topology, { positions }).split('\n');
    const connected = lines.filter((line) => line.startsWith('CONECT'));
    expect(connected).toHaveLength(6);
    const names = connected.flatMap((line) =>
      [line.slice(6, 11), line.slice(11, 16)].map((serial) => {
        const atom = lines.find((each) => each.startsWith('ATOM') && each.slice(6, 11) === serial);
        return atom?.slice(12, 16);
      }),
    );
    expect(new Set(names)).toEqual(new Set([' SG ']));
    const star: Topology = {
      atoms: 'SFFFFFF'.split('').map((element) => ({ name: element, element, residue: 0 })),
      residues: [{ name: 'SF6', number: 1, insertion: '', chain: '' }],
      bonds: [1, 2, 3, 4, 5, 6].map((i) => [0, i] as const),
    };
    const text = pdb(star, { positions: new Float64Array(21) });
    expect(text).toContain(
      'CONECT    1    2    3    4    5\nCONECT    1    6    7\nCONECT    2    1\n',
    );
  });
});

describe('pdbModels', () => {
  it('has a numbered model for each frame, one box, and one end', () => {
    const { system, positions } = alanineDipeptide();
    const frames = [{ positions, box: [3, 3, 3] as const }];
    const text = [...pdbModels(system.topology, [...frames, ...frames, ...frames])].join('');
    const lines = text.split('\n');
    expect(lines.filter((line) => line.startsWith('CRYST1'))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('MODEL'))).toEqual([
      'MODEL        1',
      'MODEL        2',
      'MODEL        3',
    ]);
    expect(lines.filter((line) => line.startsWith('ENDMDL'))).toHaveLength(3);
    expect(lines.filter((line) => line === 'END')).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('ATOM'))).toHaveLength(66);
    const other = { positions, box: [3, 3, 4] as const };
    expect(() => [...pdbModels(system.topology, [...frames, other])]).toThrow(
      'pdb, frame 1: a box of 3,3,4 nm after one of 3,3,3',
    );
  });

  it('takes frames one at a time, as they are asked for', () => {
    const { system, positions } = alanineDipeptide();
    let taken = 0;
    function* endless() {
      for (; ; taken++) yield { positions };
    }
    const parts = pdbModels(system.topology, endless());
    for (let i = 0; i < 10_050; i++) parts.next();
    expect(taken).toBeLessThan(10_051);
    expect(parts.next().value).toContain(`MODEL     ${String((taken % 9999) + 1).padStart(4)}\n`);
  });
});
