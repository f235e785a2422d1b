import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StorageError } from '../../../src/io/storageError.ts';
import { mdtrajTopology } from '../../../src/io/trajectory/mdtrajTopology.ts';
import type { TrajectoryFrame } from '../../../src/io/trajectory/trajectoryFrame.ts';
import { writeMdtrajHdf5 } from '../../../src/io/trajectory/writeMdtrajHdf5.ts';
import { alanineDipeptide } from '../../../src/md/molecule/systems/alanineDipeptide.ts';
import { temporaryFolders } from '../temporaryFolder.ts';

const newFolder = temporaryFolders();
const { system, positions } = alanineDipeptide();
const { topology } = system;

/** Frames whose first coordinate and time tell their place. */
function* numbered(count: number, box?: TrajectoryFrame['box']): Generator<TrajectoryFrame> {
  for (let i = 0; i < count; i++) {
    const moved = positions.slice();
    moved[0] = i;
    yield { positions: moved, time: i / 4, box };
  }
}

/** The arrays of a file by name, and the topology. */
async function contents(path: string): Promise<Record<string, unknown>> {
  const { File, Dataset, ready } = await import('h5wasm/node');
  await ready;
  const file = new File(path, 'r');
  const found = file.keys().map((name) => {
    const node = file.get(name);
    return [name, node instanceof Dataset ? { shape: node.shape, value: node.value } : undefined];
  });
  file.close();
  return Object.fromEntries(found);
}

describe('writeMdtrajHdf5', () => {
  it('writes all frames, over the bounds of chunks, in nm and ps', async () => {
    const folder = newFolder();
    const path = join(folder, 'trajectory.h5');
    await writeMdtrajHdf5(path, topology, numbered(1100, [1, 2, 3]));
    expect(readdirSync(folder)).toEqual(['trajectory.h5']);
    const { coordinates, time, cell_lengths, cell_angles, topology: json } = await contents(path);
    expect(coordinates).toMatchObject({ shape: [1100, 22, 3] });
    expect(time).toEqual({
      shape: [1100],
      value: Float32Array.from({ length: 1100 }, (_, i) => i / 4),
    });
    const first = (coordinates as { value: Float32Array }).value.filter((_, i) => i % 66 === 0);
    expect(first).toEqual(Float32Array.from({ length: 1100 }, (_, i) => i));
    expect(cell_lengths).toMatchObject({ shape: [1100, 3] });
    expect((cell_angles as { value: Float32Array }).value.every((angle) => angle === 90)).toBe(
      true,
    );
    expect(json).toEqual({ shape: [1], value: [mdtrajTopology(topology)] });
  });

  it('writes a file without frames, and without a box has no cell', async () => {
    const path = join(newFolder(), 'trajectory.h5');
    await writeMdtrajHdf5(path, topology, []);
    const found = await contents(path);
    expect(Object.keys(found).sort()).toEqual(['coordinates', 'time', 'topology']);
    expect(found['coordinates']).toMatchObject({ shape: [0, 22, 3] });
  });

  it('leaves nothing behind where a frame is bad, and says which', async () => {
    const folder = newFolder();
    const path = join(folder, 'trajectory.h5');
    const write = (frame: TrajectoryFrame): Promise<void> =>
      writeMdtrajHdf5(path, topology, [...numbered(2), frame]);
    const bad = positions.slice();
    bad[4] = 1e39;
    await expect(write({ positions: bad })).rejects.toThrow('frame 2: atom 2 has y = 1e+39 nm');
    await expect(write({ positions: bad.slice(3) })).rejects.toThrow('63 coordinates, not [66]');
    await expect(write({ positions, box: [1, 1, 1] })).rejects.toThrow(
      'a box in some of the frames',
    );
    expect(readdirSync(folder)).toEqual([]);
    await expect(writeMdtrajHdf5(join(folder, 'no', 'a.h5'), topology, [])).rejects.toThrow(
      StorageError,
    );
  });
});

describe('mdtrajTopology', () => {
  it('nests atoms in residues in chains, in plain ASCII', () => {
    const json = mdtrajTopology({
      atoms: [
        { name: 'Cα', element: 'C', residue: 0 },
        { name: 'M', element: '', residue: 1 },
      ],
      residues: [
        { name: 'ALA', number: 7, insertion: '', chain: 'A' },
        { name: 'SIT', number: 1, insertion: '', chain: 'B' },
      ],
      bonds: [[0, 1]],
    });
    expect(json).toMatch(/^[\x20-\x7e]+$/);
    const atom = (index: number, name: string, element: string) => ({ index, name, element });
    const residue = (index: number, resSeq: number, name: string, atoms: object[]) => ({
      index,
      resSeq,
      name,
      segmentID: '',
      atoms,
    });
    expect(JSON.parse(json)).toEqual({
      chains: [
        { index: 0, residues: [residue(0, 7, 'ALA', [atom(0, 'Cα', 'C')])] },
        { index: 1, residues: [residue(1, 1, 'SIT', [atom(1, 'M', 'VS')])] },
      ],
      bonds: [[0, 1]],
    });
  });
});
