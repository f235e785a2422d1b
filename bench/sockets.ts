import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import { batch } from '../src/core/batch.ts';
import { type EngineStart, socketPotential } from '../src/io/sockets/socketPotential.ts';

// What a call over a socket costs beyond the engine's own time: the time of a row of a batch, less the
// time that the same engine takes for it in its own process. Medians over calls, on both sides: on a
// machine that others use too, a mean is the time that they took.

const ATOMS = 5;
const CALLS = 1500;
const atoms = [0, 0, 0, 3.9, 0.1, 0, 0.2, 3.8, 0.3, 0.1, 0.2, 4, 3.7, 3.9, 0.5];
const folder = mkdtempSync(join(tmpdir(), 'ergoflow-bench-'));
const client = fileURLToPath(new URL('../clients/openmmClient.py', import.meta.url));

interface Engine {
  readonly name: string;
  readonly start: EngineStart;
  /** Milliseconds of one evaluation without a socket. */
  alone(): number;
}

const lammpsInput = (last: string): string => `units real
region box block -500 500 -500 500 -500 500
create_box 1 box
${[0, 3, 6, 9, 12].map((i) => `create_atoms 1 single ${atoms.slice(i, i + 3).join(' ')}`).join('\n')}
mass 1 39.948
pair_style lj/cut 50
pair_coeff 1 1 0.238 3.405
neighbor 2.0 nsq
thermo 1000000
thermo_modify lost ignore
${last}
`;

const lammps: Engine = {
  name: 'LAMMPS, 5 argon atoms',
  start: {
    command: ({ name }) => ['lmp', '-in', 'socket.in', '-log', 'none', '-var', 's', name],
    folder,
  },
  alone() {
    // As behind the socket: new neighbours, the energy and the pressure at every step.
    writeFileSync(
      join(folder, 'alone.in'),
      lammpsInput(
        'neigh_modify delay 0 every 1 check no\ntimestep 0.001\nfix 1 all nve\n' +
          'compute p all pressure thermo_temp virial\nvariable e equal pe+c_p\n' +
          'fix 2 all ave/time 1 1 1000000 v_e\nrun 20000',
      ),
    );
    const output = execFileSync('lmp', ['-in', 'alone.in', '-log', 'none'], {
      cwd: folder,
      encoding: 'utf8',
    });
    const seconds = Number(/Loop time of (\S+)/.exec(output)?.[1]);
    return (1000 * seconds) / 20_000;
  },
};
writeFileSync(join(folder, 'socket.in'), lammpsInput('fix 1 all ipi $s 1 unix\nrun 100000000'));

const script = `
import time, numpy, openmm
system = openmm.System()
force = openmm.CustomNonbondedForce('4*epsilon*((sigma/r)^12-(sigma/r)^6); epsilon=1; sigma=0.34')
for i in range(${ATOMS}):
    system.addParticle(39.948)
    force.addParticle([])
system.addForce(force)
open('system.xml', 'w').write(openmm.XmlSerializer.serialize(system))
context = openmm.Context(system, openmm.VerletIntegrator(0.001), openmm.Platform.getPlatformByName('Reference'))
positions = numpy.reshape([${atoms.map((value) => value / 10)}], (${ATOMS}, 3))
times = []
for call in range(${CALLS}):
    start = time.perf_counter()
    context.setPositions(positions)
    state = context.getState(getEnergy=True, getForces=True)
    state.getPotentialEnergy(); state.getForces(asNumpy=True)
    times.append(time.perf_counter() - start)
print(1000 * numpy.median(times))
`;
const openmm: Engine = {
  name: 'OpenMM Reference, 5 atoms',
  start: {
    command: ({ address }) => {
      const options = ['--system', 'system.xml', '--address', address];
      return ['/usr/bin/python3', client, ...options];
    },
    folder,
  },
  alone: () => Number(execFileSync('/usr/bin/python3', ['-c', script], { cwd: folder })),
};

/** Milliseconds of one row of batches of `rows`. */
function measure(engine: Engine, rows: number): number {
  const potential = socketPotential({
    name: `bench-${process.pid}`,
    atoms: ATOMS,
    say: () => undefined,
    start: engine.start,
  });
  const x = batch(new Float64Array(rows * 3 * ATOMS), 3 * ATOMS);
  for (let i = 0; i < x.data.length; i++) {
    x.data[i] = (atoms[i % x.dim] / 10) * (1 + (0.01 * Math.floor(i / x.dim)) / rows);
  }
  // The first waits for the engine to start.
  potential.energyAndGradient(x);
  const times = Array.from({ length: Math.ceil(CALLS / rows) }, () => {
    const start = performance.now();
    potential.energyAndGradient(x);
    return (performance.now() - start) / rows;
  });
  potential.close();
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

const table = new Table({
  head: ['engine', 'rows a batch', 'ms a row', 'engine alone', 'beyond it'],
});
const ms = (value: number): string => value.toFixed(3);
for (const engine of [lammps, openmm]) {
  const alone = engine.alone();
  for (const rows of [1, 5, 20]) {
    const whole = measure(engine, rows);
    table.push([engine.name, String(rows), ms(whole), ms(alone), ms(whole - alone)]);
  }
}
rmSync(folder, { recursive: true, force: true });
const load = loadavg()[0].toFixed(1);
console.log(`${cpus().length} × ${cpus()[0].model}, load ${load}, Node ${process.version}`);
console.log(table.toString());
