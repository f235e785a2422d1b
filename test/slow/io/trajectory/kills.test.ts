import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDcd } from '../../../../src/io/trajectory/openDcd.ts';
import { readDcdFrames } from '../../../../src/io/trajectory/readDcdFrames.ts';
import { inChild, nodeArguments, root } from '../../../io/inChild.ts';
import { temporaryFolders } from '../../../io/temporaryFolder.ts';

const newFolder = temporaryFolders();
const python = '/usr/bin/python3';
const hasPyTables = spawnSync(python, ['-c', 'import tables']).status === 0;
if (!hasPyTables) {
  process.stderr.write('SKIPPED: killed HDF5 files were not read: no PyTables (python3-tables)\n');
}

/** Frame number `i` has `i` as every coordinate. */
const FRAMES = `
  const { alanineDipeptide } = await load('src/md/molecule/systems/alanineDipeptide.ts');
  const { topology } = alanineDipeptide().system;
  function* frames(from, to) {
    for (let i = from; i < to; i++) yield { positions: new Float64Array(66).fill(i) };
  }
`;

/** Runs a module body until `path` has `bytes`, and kills it there. */
async function killedAt(path: string, bytes: number, body: string): Promise<void> {
  const child = spawn(process.execPath, nodeArguments(FRAMES + body), { cwd: root });
  const isOver = new Promise((over) => child.once('exit', over));
  while (!existsSync(path) || statSync(path).size < bytes) {
    if (child.exitCode !== null) throw new Error(`it ended by itself: ${child.exitCode}`);
    await new Promise((later) => setTimeout(later, 2));
  }
  child.kill('SIGKILL');
  await isOver;
}

describe('a killed process', () => {
  it('leaves a DCD of whole frames, which the next one continues, five times over', async () => {
    const path = join(newFolder(), 'trajectory.dcd');
    let checkpoint = 0;
    for (let life = 1; life <= 5; life++) {
      const body = `
        const { openDcd } = await load('src/io/trajectory/openDcd.ts');
        const dcd = openDcd(${JSON.stringify(path)}, { atoms: 22, timestep: 1 });
        dcd.rewind(${checkpoint});
        for (const frame of frames(${checkpoint}, Infinity)) dcd.append(frame);
      `;
      await killedAt(path, life * 200_000, body);
      const found = [...readDcdFrames(path)];
      expect(found.length).toBeGreaterThan(checkpoint);
      found.forEach(({ positions }, i) => {
        expect(Math.abs(positions[7] - i)).toBeLessThan(1e-6 * (1 + i));
      });
      // As a checkpoint that is older than the last frames.
      checkpoint = found.length - 30;
      const dcd = openDcd(path, { atoms: 22, timestep: 1 });
      expect(dcd.frames).toBeGreaterThanOrEqual(found.length);
      dcd.close();
    }
  });

  it.runIf(hasPyTables)(
    'leaves an HDF5 part that is readable up to its last whole chunk',
    async () => {
      const path = join(newFolder(), 'trajectory.h5');
      const body = `
      const { writeMdtrajHdf5 } = await load('src/io/trajectory/writeMdtrajHdf5.ts');
      await writeMdtrajHdf5(${JSON.stringify(path)}, topology, frames(0, Infinity));
    `;
      await killedAt(`${path}.part`, 60_000, body);
      expect(existsSync(path)).toBe(false);
      const script = `
import sys, tables
x = tables.open_file(sys.argv[1]).root.coordinates[:]
print(len(x), all(x[i, 0, 0] == i and x[i, 21, 2] == i for i in range(len(x))))
    `;
      const { stdout, stderr } = spawnSync(python, ['-c', script, `${path}.part`], {
        encoding: 'utf8',
      });
      const [count, areRight] = stdout.trim().split(' ');
      expect(areRight, stderr).toBe('True');
      expect(Number(count)).toBeGreaterThan(0);
      expect(Number(count) % 512).toBe(0);
    },
  );
});

describe('a full disk', () => {
  it('is said of DCD and HDF5 alike, and DCD keeps what it has', () => {
    const path = join(newFolder(), 'trajectory');
    const { stdout, stderr } = inChild(
      `
      process.on('SIGXFSZ', () => {});
      ${FRAMES}
      const { openDcd } = await load('src/io/trajectory/openDcd.ts');
      const { writeMdtrajHdf5 } = await load('src/io/trajectory/writeMdtrajHdf5.ts');
      const said = [];
      const dcd = openDcd(${JSON.stringify(`${path}.dcd`)}, { atoms: 22, timestep: 1 });
      try {
        for (const frame of frames(0, Infinity)) dcd.append(frame);
      } catch (error) {
        said.push(error.name, error.message);
      }
      try {
        await writeMdtrajHdf5(${JSON.stringify(`${path}.h5`)}, topology, frames(0, 100000));
      } catch (error) {
        said.push(error.name, error.message);
      }
      console.log(JSON.stringify(said));
      `,
      { fileLimitKiB: 100 },
    );
    const [dcdName, dcdMessage, hdf5Name, hdf5Message] = JSON.parse(stdout || '[]');
    expect([dcdName, hdf5Name], stderr).toEqual(['StorageError', 'StorageError']);
    expect(dcdMessage).toContain('no space to write');
    expect(hdf5Message).toContain('could not be written');
    expect([...readDcdFrames(`${path}.dcd`)].length).toBeGreaterThan(300);
    expect(existsSync(`${path}.h5`) || existsSync(`${path}.h5.part`)).toBe(false);
  });
});
