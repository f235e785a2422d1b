import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { batch, row } from '../../../src/core/batch.ts';
import { bohr, hartree, kilocalorie } from '../../../src/core/units.ts';
import { type SocketPotential, socketPotential } from '../../../src/io/sockets/socketPotential.ts';
import { temporaryFolders } from '../temporaryFolder.ts';
import { isInstalled } from './installed.ts';
import { argon, lennardJones } from './lennardJones.ts';

const hasLammps = isInstalled('LAMMPS', 'lammps', ['lmp', '-h']);
const folder = temporaryFolders();
const opened: SocketPotential[] = [];
afterEach(() => {
  for (const potential of opened.splice(0)) potential.close();
});

/** Five argon atoms in LAMMPS' real units (Å, kcal/mol), and what to do with them. */
function input(last: string): string {
  return [
    'units real',
    'atom_style atomic',
    'region box block -500 500 -500 500 -500 500',
    'create_box 1 box',
    ...Array.from(
      { length: 5 },
      (_, i) => `create_atoms 1 single ${argon.slice(3 * i, 3 * i + 3).join(' ')}`,
    ),
    'mass 1 39.948',
    'pair_style lj/cut 50',
    'pair_coeff 1 1 0.238 3.405',
    'neighbor 2.0 nsq',
    last,
    '',
  ].join('\n');
}

// LAMMPS converts with constants of its own (src/MISC/fix_ipi.cpp; boltz of src/update.cpp).
const theirBohr = 0.52917721 / 10;
const theirHartree = (0.0019872067 / 3.1668152e-6) * kilocalorie;

describe.skipIf(!hasLammps)('LAMMPS over a socket', () => {
  const x = batch(new Float64Array(3 * argon.length), argon.length);
  for (let b = 0; b < x.count; b++) {
    row(x, b).set(argon.map((value) => (value / 10) * (1 + 0.02 * b)));
  }

  it('gives the energies and forces that it gives alone, and those of the formula', () => {
    const at = folder();
    writeFileSync(
      join(at, 'alone.in'),
      input(
        'dump 1 all custom 1 forces.txt id fx fy fz\n' +
          'dump_modify 1 sort id format float %.17g\n' +
          'thermo_style custom pe\nthermo_modify format float %.17g\nrun 0',
      ),
    );
    const output = execFileSync('lmp', ['-in', 'alone.in'], { cwd: at, encoding: 'utf8' });
    const alone = Number(/PotEng\s*\n\s*(\S+)/.exec(output)?.[1]);
    const forces = readFileSync(join(at, 'forces.txt'), 'utf8')
      .trim()
      .split('\n')
      .slice(-5)
      .flatMap((line) => line.trim().split(/\s+/).slice(1).map(Number));

    writeFileSync(join(at, 'socket.in'), input('fix 1 all ipi $s 1 unix\nrun 1000000'));
    const potential = socketPotential({
      name: `lammps-test-${process.pid}`,
      atoms: 5,
      say: () => undefined,
      start: {
        command: ({ name }) => [
          'lmp',
          ...['-in', 'socket.in', '-log', 'none'],
          ...['-var', 's', name],
        ],
        folder: at,
        copies: 2,
      },
    });
    opened.push(potential);
    const { energy, gradient } = potential.energyAndGradient(x);

    // In the engine's own units, by the constants that it converted with.
    const perEnergy = theirHartree / hartree / kilocalorie;
    expect(Math.abs((energy[0] * perEnergy) / alone - 1)).toBeLessThan(1e-8);
    const perForce = (-perEnergy * bohr) / theirBohr / 10;
    const scale = Math.max(...forces.map(Math.abs));
    for (let i = 0; i < forces.length; i++) {
      expect(Math.abs(gradient[i] * perForce - forces[i]) / scale).toBeLessThan(1e-7);
    }

    // By ours, as a user sees it: those constants agree with CODATA to some 1e-7.
    for (let b = 0; b < x.count; b++) {
      const formula = lennardJones(row(x, b), 0.238 * kilocalorie, 0.3405);
      expect(Math.abs(energy[b] / formula.energy - 1)).toBeLessThan(2e-6);
      const strongest = Math.max(...formula.gradient.map(Math.abs));
      for (let i = 0; i < x.dim; i++) {
        const off = gradient[b * x.dim + i] - formula.gradient[i];
        expect(Math.abs(off) / strongest).toBeLessThan(2e-6);
      }
    }
  });
});
