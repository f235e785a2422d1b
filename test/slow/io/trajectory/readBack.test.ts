import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fold, normal, rootKey } from '../../../../src/core/rng.ts';
import { atomicWrite } from '../../../../src/io/atomicWrite.ts';
import { extendedXyz } from '../../../../src/io/trajectory/extendedXyz.ts';
import { openDcd } from '../../../../src/io/trajectory/openDcd.ts';
import { pdb, pdbModels } from '../../../../src/io/trajectory/pdb.ts';
import { readDcdFrames } from '../../../../src/io/trajectory/readDcdFrames.ts';
import type { TrajectoryFrame } from '../../../../src/io/trajectory/trajectoryFrame.ts';
import { writeMdtrajHdf5 } from '../../../../src/io/trajectory/writeMdtrajHdf5.ts';
import { alanineDipeptide } from '../../../../src/md/molecule/systems/alanineDipeptide.ts';
import { bpti } from '../../../../src/md/molecule/systems/bpti.ts';
import type { Topology } from '../../../../src/md/molecule/topology.ts';
import { temporaryFolders } from '../../../io/temporaryFolder.ts';

interface Reading {
  readonly frames: number;
  readonly positions: readonly (readonly number[])[];
  readonly cell: readonly number[] | null;
  readonly times: readonly number[];
  readonly names: readonly string[];
  readonly elements: readonly string[] | null;
  readonly residues: readonly string[] | null;
  readonly chains: number | null;
  readonly bonds: readonly (readonly [number, number])[] | null;
}

const python = '/usr/bin/python3';
const hasReaders =
  spawnSync(python, ['-W', 'ignore', '-c', 'import mdtraj, MDAnalysis']).status === 0;
if (!hasReaders) {
  process.stderr.write(
    'SKIPPED: no trajectory was read back: /usr/bin/python3 lacks mdtraj or MDAnalysis ' +
      '(apt-get install python3-mdtraj python3-mdanalysis)\n',
  );
}

function read(...paths: readonly string[]): { mdtraj: Reading | null; MDAnalysis: Reading | null } {
  const script = new URL('readBack.py', import.meta.url).pathname;
  const { status, stdout, stderr } = spawnSync(python, ['-W', 'ignore', script, ...paths], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** The start and frames that walk away from it, an odd number of them. */
function walk(start: Float64Array, count: number, box: TrajectoryFrame['box']): TrajectoryFrame[] {
  return Array.from({ length: count }, (_, frame) => {
    const kick = normal(fold(rootKey(frame), 'walk'), start.length);
    return {
      positions: start.map((x, i) => x + 0.01 * frame * kick[i]),
      time: 0.1 * (frame + 1),
      box,
    };
  });
}

const newFolder = temporaryFolders();
const cases = [
  { name: 'alanine dipeptide in a box', molecule: alanineDipeptide(), box: [2.5, 3, 3.5] as const },
  { name: 'BPTI in free space', molecule: bpti(), box: undefined },
];

describe.runIf(hasReaders).each(cases)('$name', ({ molecule, box }) => {
  const { topology } = molecule.system;
  const frames = walk(molecule.positions, 601, box);

  function expectFrames(
    reading: Reading | null,
    tolerance: number,
    expected: readonly TrajectoryFrame[] = frames,
  ): void {
    expect(reading?.frames).toBe(expected.length);
    [0, 1, 2, expected.length - 1].forEach((frame, k) => {
      const found = reading?.positions[k] ?? [];
      expect(found).toHaveLength(3 * topology.atoms.length);
      let worst = 0;
      found.forEach((x, i) => {
        worst = Math.max(worst, Math.abs(x - 10 * expected[frame].positions[i]));
      });
      expect(worst).toBeLessThan(tolerance);
    });
    const cell = box && [...box.map((edge) => 10 * edge), 90, 90, 90];
    if (cell === undefined) expect(reading?.cell ?? null).toBeNull();
    else reading?.cell?.forEach((value, i) => void expect(value).toBeCloseTo(cell[i], 4));
  }

  function expectTopology(reading: Reading | null): void {
    const { atoms, residues } = topology;
    expect(reading?.names).toEqual(atoms.map(({ name }) => name));
    expect(reading?.elements).toEqual(atoms.map(({ element }) => element));
    expect(reading?.residues).toEqual(residues.map(({ name, number }) => `${name}${number}`));
  }

  function expectTimes(reading: Reading | null): void {
    reading?.times.forEach((time, frame) => void expect(time).toBeCloseTo(0.1 * (frame + 1), 4));
  }

  function topologyFile(folder: string): string {
    const path = join(folder, 'topology.pdb');
    atomicWrite(path, pdb(topology, frames[0]));
    return path;
  }

  it('in DCD is what mdtraj and MDAnalysis read, with its box and, for MDAnalysis, its times', () => {
    const folder = newFolder();
    const path = join(folder, 'trajectory.dcd');
    const dcd = openDcd(path, {
      atoms: topology.atoms.length,
      timestep: 0.002,
      stride: 50,
      periodic: box !== undefined,
    });
    for (const frame of frames) dcd.append(frame);
    // Not closed: it must be whole at any moment.
    const { mdtraj, MDAnalysis } = read(path, topologyFile(folder));
    dcd.close();
    expectFrames(mdtraj, 2e-5);
    expectFrames(MDAnalysis, 2e-5);
    expectTimes(MDAnalysis);
  });

  it('in PDB is what both read, topology and all', () => {
    const folder = newFolder();
    const path = join(folder, 'trajectory.pdb');
    const models = frames.slice(0, 21);
    atomicWrite(path, pdbModels(topology, models));
    const { mdtraj, MDAnalysis } = read(path);
    for (const reading of [mdtraj, MDAnalysis]) {
      expectFrames(reading, 6e-4, models);
      expectTopology(reading);
    }
    expect(mdtraj?.bonds?.map(String).sort()).toEqual(topology.bonds.map(String).sort());
    expect(mdtraj?.chains).toBe(1);
  });

  it('in HDF5 is what mdtraj reads, topology, times and box, from a converted DCD', async () => {
    const folder = newFolder();
    const path = join(folder, 'trajectory.dcd');
    const options = { atoms: topology.atoms.length, timestep: 0.1, periodic: box !== undefined };
    const dcd = openDcd(path, options);
    for (const frame of frames) dcd.append(frame);
    dcd.close();
    const converted = join(folder, 'trajectory.h5');
    await writeMdtrajHdf5(converted, topology, readDcdFrames(path));
    const { mdtraj } = read(converted);
    expectFrames(mdtraj, 4e-5);
    expectTopology(mdtraj);
    expect(mdtraj?.bonds?.map(String).sort()).toEqual(topology.bonds.map(String).sort());
    expectTimes(mdtraj);
  });

  it('in extended XYZ is what both read, positions and elements', () => {
    const folder = newFolder();
    const path = join(folder, 'trajectory.xyz');
    atomicWrite(path, extendedXyz(topology, frames.slice(0, 50)));
    const { mdtraj, MDAnalysis } = read(path, topologyFile(folder));
    for (const reading of [mdtraj, MDAnalysis]) {
      expect(reading?.frames).toBe(50);
      const worst = reading?.positions[2].map((x, i) => Math.abs(x - 10 * frames[2].positions[i]));
      expect(Math.max(...(worst ?? [Number.NaN]))).toBeLessThan(2e-5);
    }
    expect(MDAnalysis?.names).toEqual(topology.atoms.map(({ element }) => element));
  });
});

describe.runIf(hasReaders)('a PDB file of more atoms than serials', () => {
  it('is what both read, atoms and residues in their order', () => {
    const count = 100_020;
    const water: Topology = {
      atoms: Array.from({ length: count }, (_, i) => ({
        name: ['O', 'H1', 'H2'][i % 3],
        element: ['O', 'H', 'H'][i % 3],
        residue: Math.floor(i / 3),
      })),
      residues: Array.from({ length: count / 3 }, (_, i) => ({
        name: 'HOH',
        number: i + 1,
        insertion: '',
        chain: 'W',
      })),
      bonds: [],
    };
    const positions = Float64Array.from({ length: 3 * count }, (_, i) => (i % 997) / 100);
    const path = join(newFolder(), 'water.pdb');
    writeFileSync(path, pdb(water, { positions }));
    const { mdtraj, MDAnalysis } = read(path);
    for (const reading of [mdtraj, MDAnalysis]) {
      expect(reading?.names).toHaveLength(count);
      expect(reading?.residues).toHaveLength(count / 3);
      const worst = reading?.positions[0].map((x, i) => Math.abs(x - 10 * positions[i]));
      expect(worst?.reduce((a, b) => Math.max(a, b))).toBeLessThan(6e-4);
    }
  });
});
