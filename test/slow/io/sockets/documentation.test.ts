import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createJiti } from 'jiti';
import { afterEach, describe, expect, it } from 'vitest';
import { batch } from '../../../../src/core/batch.ts';
import { kilocalorie } from '../../../../src/core/units.ts';
import type { SocketPotential } from '../../../../src/io/sockets/socketPotential.ts';
import { root } from '../../../io/inChild.ts';
import { isInstalled } from '../../../io/sockets/installed.ts';
import { lennardJones } from '../../../io/sockets/lennardJones.ts';
import { temporaryFolders } from '../../../io/temporaryFolder.ts';

const page = readFileSync(join(root, 'docs/forceFields/overASocket.md'), 'utf8');
const python = '/usr/bin/python3';
const hasLammps = isInstalled('LAMMPS', 'lammps', ['lmp', '-h']);
const hasAse = isInstalled('ASE', 'python3-ase', [python, '-c', 'import ase']);
const hasOpenmm = isInstalled('OpenMM', 'python3-simtk', [python, '-c', 'import openmm']);

const folder = temporaryFolders();
const opened: SocketPotential[] = [];
afterEach(() => {
  for (const potential of opened.splice(0)) potential.close();
});

function blocks(language: string): string[] {
  const fence = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g');
  return [...page.matchAll(fence)].map((match) => match[1]);
}

/** The default export of a TypeScript block of the page, in a folder of its own. */
async function shown(block: string, at: string): Promise<unknown> {
  writeFileSync(join(at, 'shown.ts'), block);
  // The OpenMM client is started from the package, as in a project of the user's.
  mkdirSync(join(at, 'node_modules'));
  symlinkSync(root, join(at, 'node_modules/ergoflow'));
  const jiti = createJiti(import.meta.url, {
    alias: {
      'ergoflow/sockets': `${root}src/io/sockets/index.ts`,
      ergoflow: `${root}src/index.ts`,
    },
  });
  return jiti.import(join(at, 'shown.ts'), { default: true });
}

/** Only what this test made is ever passed. */
function keep(value: unknown): SocketPotential {
  const potential = value as SocketPotential;
  opened.push(potential);
  return potential;
}

const [scenario, cluster, chain] = blocks('ts');
const [aseScript, openmmScript] = blocks('python');

describe('the page on sockets', () => {
  it.skipIf(!hasLammps)(
    'shows a scenario and an input for LAMMPS that belong together',
    async () => {
      const at = folder();
      writeFileSync(join(at, 'well.in'), blocks('lammps')[0]);
      const { potential: found } = (await shown(scenario, at)) as { potential: unknown };
      const potential = keep(found);
      const points = [0.11, 0.02, -0.01, -0.3, 0.1, 0.2, 0, 0, 0];
      const { energy, gradient } = potential.energyAndGradient(batch(Float64Array.from(points), 3));
      for (let b = 0; b < 3; b++) {
        const [x, y, z] = points.slice(3 * b, 3 * b + 3).map((value) => 10 * value);
        const wells = 3 * (x * x - 1) ** 2 + 0.3 * x + 2.5 * (y * y + z * z);
        expect(energy[b] / kilocalorie / wells).toBeCloseTo(1, 6);
        const slope = 12 * x * (x * x - 1) + 0.3;
        expect(gradient[3 * b] / kilocalorie / 10 / slope).toBeCloseTo(1, 6);
        expect(gradient[3 * b + 1] / kilocalorie / 10).toBeCloseTo(5 * y, 5);
      }
    },
  );

  it.skipIf(!hasAse)('shows a cluster for ASE', async () => {
    const at = folder();
    writeFileSync(join(at, 'engine.py'), aseScript);
    const potential = keep(await shown(cluster, at));
    const x = Float64Array.from({ length: 39 }, (_, i) => i + 0.1 * (i % 7));
    const found = potential.energyAndGradient(batch(x, 39));
    expect(found.energy[0] / lennardJones(x, 1, 1).energy).toBeCloseTo(1, 6);
  });

  it.skipIf(!hasOpenmm)('shows a system for OpenMM and how to serve it', async () => {
    const at = folder();
    writeFileSync(join(at, 'prepare.py'), openmmScript);
    execFileSync(python, ['prepare.py'], { cwd: at });
    const potential = keep(await shown(chain, at));
    const x = Float64Array.of(0, 0, 0, 0.16, 0, 0, 0.16, 0.13, 0);
    // ½ k (0.01² + 0.02²)
    expect(potential.energy(batch(x, 9))[0]).toBeCloseTo(0.5 * 2e5 * (1e-4 + 4e-4), 8);
  });
});
