import { describe, expect, it } from 'vitest';
import { batch } from '../../src/core/batch.ts';
import { memoryRecords } from '../../src/hybrid/records.ts';
import { atomicWrite } from '../../src/io/atomicWrite.ts';
import { readPdb } from '../../src/io/molecule/readPdb.ts';
import { moleculeFiles } from '../../src/io/moleculeFiles.ts';
import { pdbNames } from '../../src/io/trajectory/pdbNames.ts';
import { readDcdFrames, readDcdHeader } from '../../src/io/trajectory/readDcdFrames.ts';
import { alanineDipeptide } from '../../src/md/molecule/systems/alanineDipeptide.ts';
import { temporaryFolders } from './temporaryFolder.ts';

const newFolder = temporaryFolders();
const { system, positions } = alanineDipeptide();
const dim = positions.length;

/** Three chains of ten records, 2 µm from the origin, each record a picometre further. */
function records() {
  const all = memoryRecords('production', dim);
  for (let i = 0; i < 30; i++)
    all.append(
      batch(
        positions.map((x) => x + 2000 + i / 1000),
        dim,
      ),
    );
  return all;
}

const files = (frames: readonly number[], stride: number) => ({
  records: records(),
  start: positions,
  frames,
  stride,
});

describe('the files of a molecule’s run', () => {
  it('has the frames that were asked for, a step of 1 ps a record', () => {
    const path = `${newFolder()}/trajectory.dcd`;
    atomicWrite(path, moleculeFiles(system, files([0, 12, 24], 4))['trajectory.dcd']);
    expect(readDcdHeader(path)).toMatchObject({ atoms: 22, frames: 3, firstStep: 0, stride: 4 });
    const frames = [...readDcdFrames(path)];
    expect(frames.map(({ time }) => time)).toEqual([0, 4, 8].map((t) => expect.closeTo(t, 4)));
    // Ångström in 32 bits at 20 000 Å: 0.001 Å.
    frames.forEach((frame, i) => {
      expect(frame.positions[5]).toBeCloseTo(positions[5] + 2000 + (12 * i) / 1000, 3);
    });
  });

  it('has the start as topology, about the origin where it lies too far out for the columns', () => {
    const text = moleculeFiles(system, { ...files([7], 1), start: positions.map((x) => x + 2000) })[
      'topology.pdb'
    ];
    const read = readPdb(text, 'topology.pdb');
    expect(read.frames).toHaveLength(1);
    const near = readPdb(moleculeFiles(system, files([7], 1))['topology.pdb'], 'topology.pdb');
    expect(near.frames[0][0]).toBeCloseTo(positions[0], 4);
    const mean = [0, 1, 2].map((axis) =>
      read.frames[0].filter((_, i) => i % 3 === axis).reduce((a, b) => a + b / 22, 0),
    );
    for (const value of mean) expect(Math.abs(value)).toBeLessThan(1e-4);
    expect(read.frames[0][3] - read.frames[0][0]).toBeCloseTo(positions[3] - positions[0], 3);
  });
});

describe('pdbNames', () => {
  it('leaves names alone that fit, and cuts those that do not', () => {
    expect(pdbNames(system.topology)).toEqual(system.topology);
    const { atoms, residues } = pdbNames({
      atoms: [{ name: 'H1ʹ’XYZ', element: 'H', residue: 0 }],
      residues: [
        { name: 'LIGAND', number: 1, insertion: 'AB', chain: 'AA' },
        { name: 'ALA', number: 1, insertion: '', chain: 'B' },
      ],
      bonds: [],
    });
    expect(atoms[0].name).toBe('H1XY');
    expect(residues.map(({ name, insertion, chain }) => [name, insertion, chain])).toEqual([
      ['LIGA', 'A', 'A'],
      ['ALA', '', 'B'],
    ]);
  });
});
