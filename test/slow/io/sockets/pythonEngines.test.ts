import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { batch, row } from '../../../../src/core/batch.ts';
import {
  type SocketPotential,
  socketPotential,
} from '../../../../src/io/sockets/socketPotential.ts';
import { minimize } from '../../../../src/md/minimize.ts';
import { isInstalled } from '../../../io/sockets/installed.ts';
import { argon, lennardJones } from '../../../io/sockets/lennardJones.ts';
import { temporaryFolders } from '../../../io/temporaryFolder.ts';

// Debian's packages are for Debian's Python, which may not be the first in the path.
const python = process.env['ERGOFLOW_TEST_PYTHON'] ?? '/usr/bin/python3';
const hasAse = isInstalled('ASE', 'python3-ase', [python, '-c', 'import ase']);
const hasOpenmm = isInstalled('OpenMM', 'python3-simtk', [python, '-c', 'import openmm']);
const client = fileURLToPath(new URL('../../../../clients/openmmClient.py', import.meta.url));

const folder = temporaryFolders();
const opened: SocketPotential[] = [];
afterEach(() => {
  for (const potential of opened.splice(0)) potential.close();
});

/** One electronvolt, kJ/mol; exact by definition. */
const electronvolt = 1.602176634e-19 * 6.02214076e23 * 1e-3;

const largest = (values: Float64Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe.skipIf(!hasAse)('ASE over a socket', () => {
  const script = `
import sys
from ase import Atoms
from ase.calculators.lj import LennardJones
from ase.calculators.socketio import SocketClient
atoms = Atoms('Ar13', positions=[(i, 0, 0) for i in range(13)])
atoms.calc = LennardJones(sigma=1, epsilon=1, rc=1000)
SocketClient(unixsocket=sys.argv[1]).run(atoms)
`;

  it('finds with our minimizer the published minimum of 13 Lennard-Jones atoms, -44.326801 ε', () => {
    const at = folder();
    writeFileSync(join(at, 'engine.py'), script);
    const potential = socketPotential({
      name: `ase-test-${process.pid}`,
      atoms: 13,
      reduced: { length: 0.1, energy: electronvolt },
      say: () => undefined,
      start: {
        command: ({ name }) => [python, 'engine.py', name],
        folder: at,
      },
    });
    opened.push(potential);
    const golden = (1 + Math.sqrt(5)) / 2;
    const corners = [-1, 1].flatMap((a) =>
      [-golden, golden].flatMap((b) => [
        [0, a, b],
        [a, b, 0],
        [b, 0, a],
      ]),
    );
    // Slightly too large and not quite round, so that there is something to minimise.
    const start = Float64Array.from(
      [[0, 0, 0], ...corners].flat(),
      (v, i) => 0.6 * v + 0.01 * (i % 5),
    );
    const found = potential.energyAndGradient(batch(start, 39));
    const formula = lennardJones(start, 1, 1);
    expect(Math.abs(found.energy[0] / formula.energy - 1)).toBeLessThan(1e-7);
    const off = found.gradient.map((value, i) => value - formula.gradient[i]);
    expect(largest(off) / largest(formula.gradient)).toBeLessThan(1e-7);
    // D. J. Wales & J. P. K. Doye, J. Phys. Chem. A 101, 5111 (1997), doi:10.1021/jp970984n.
    expect(minimize(potential, start).energy).toBeCloseTo(-44.326801, 5);
  });
});

describe.skipIf(!hasOpenmm)('OpenMM over a socket', () => {
  // Springs, an angle and a charge: every kind of force that a small molecule has, by hand.
  const script = `
import json, sys
import numpy, openmm
system = openmm.System()
bonds, angles, charges = openmm.HarmonicBondForce(), openmm.HarmonicAngleForce(), openmm.NonbondedForce()
for i in range(5):
    system.addParticle(12)
    charges.addParticle(0.3 * (-1) ** i, 0.3, 0.5)
for i in range(4):
    bonds.addBond(i, i + 1, 0.35, 5000)
angles.addAngle(0, 1, 2, 1.9, 300)
for force in bonds, angles, charges:
    system.addForce(force)
open('system.xml', 'w').write(openmm.XmlSerializer.serialize(system))
context = openmm.Context(system, openmm.VerletIntegrator(0.001),
                         openmm.Platform.getPlatformByName('Reference'))
answers = []
for row in json.load(open('positions.json')):
    context.setPositions(numpy.reshape(row, (5, 3)))
    state = context.getState(getEnergy=True, getForces=True)
    answers.append([state.getPotentialEnergy()._value, state.getForces(asNumpy=True)._value.ravel().tolist()])
print(json.dumps(answers))
`;
  const x = batch(new Float64Array(8 * argon.length), argon.length);
  for (let b = 0; b < x.count; b++)
    row(x, b).set(argon.map((value, i) => value / 10 + 0.003 * b * (i % 4)));

  it('gives the energies and forces that it gives in its own process, with one client or three', () => {
    const at = folder();
    const rows = Array.from({ length: x.count }, (_, b) => Array.from(row(x, b)));
    writeFileSync(join(at, 'positions.json'), JSON.stringify(rows));
    writeFileSync(join(at, 'alone.py'), script);
    const output = execFileSync(python, ['alone.py'], { cwd: at, encoding: 'utf8' });
    // The script above wrote it.
    const alone = JSON.parse(output) as [energy: number, forces: number[]][];
    for (const copies of [1, 3]) {
      const potential = socketPotential({
        name: `openmm-test-${process.pid}`,
        atoms: 5,
        say: () => undefined,
        start: {
          command: ({ address }) => [
            python,
            client,
            '--system',
            'system.xml',
            '--address',
            address,
          ],
          folder: at,
          copies,
        },
      });
      opened.push(potential);
      const { energy, gradient } = potential.energyAndGradient(x);
      alone.forEach(([own, forces], b) => {
        expect(Math.abs(energy[b] / own - 1)).toBeLessThan(1e-12);
        const off = row({ ...x, data: gradient }, b).map((value, i) => value + forces[i]);
        expect(largest(off) / largest(Float64Array.from(forces))).toBeLessThan(1e-12);
      });
    }
  });

  it('says on which side an atom is missing', () => {
    const at = folder();
    writeFileSync(join(at, 'positions.json'), '[]');
    writeFileSync(join(at, 'alone.py'), script);
    execFileSync(python, ['alone.py'], { cwd: at });
    const lines: string[] = [];
    const potential = socketPotential({
      name: `openmm-test-${process.pid}`,
      atoms: 6,
      say: (line) => lines.push(line),
      start: {
        command: ({ address }) => [python, client, '--system', 'system.xml', '--address', address],
        folder: at,
      },
    });
    opened.push(potential);
    expect(() => potential.energy(batch(new Float64Array(18), 18))).toThrow(
      'Has it 6 atoms, as this potential has?',
    );
    expect(lines.join('\n')).toContain('the server has 6 atoms, this system has 5');
  });
});
