import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { batch, fromRows } from '../src/core/batch.ts';
import { startChains } from '../src/core/kernel.ts';
import { energyAndGradientBuffer } from '../src/core/potential.ts';
import { at, normal, rootKey } from '../src/core/rng.ts';
import { langevin } from '../src/md/kernels/langevin.ts';
import { particleDimer } from '../src/md/potentials/particleDimer.ts';
import { velocityVerlet } from '../src/md/velocityVerlet.ts';
import { levelled, type PeerRun, runLammps, storedPositions } from './dimer/lammps.ts';

/**
 * Molecular dynamics of the particle dimer: processor time of one step of one chain, ours in a batch of
 * chains, OpenMM and LAMMPS as they are. `apt-get install lammps python3-simtk libopenmm-plugins`;
 * ERGOFLOW_BENCH_PYTHON names a Python that has OpenMM.
 */
const { values: options } = parseArgs({
  options: {
    repeats: { type: 'string', default: '5' },
    chains: { type: 'string', default: '64' },
    /** Steps of each peer a repeat; ours makes as many for each chain over a sixteenth. */
    steps: { type: 'string', default: '4000' },
  },
  allowPositionals: true,
});
const repeats = Number(options.repeats);
const chains = Number(options.chains);
const steps = Number(options.steps);
const timestep = 0.005;

const potential = particleDimer();
const start = levelled(storedPositions()[0]);
const [energy] = potential.energy(fromRows([start]));

type Integrator = 'verlet' | 'langevin';
type Side = (integrator: Integrator) => PeerRun | undefined;

const sides: Record<string, Side> = {
  ergoflow: ours,
  'OpenMM Reference': (integrator) => openmm(integrator, 'Reference'),
  'OpenMM CPU': (integrator) => openmm(integrator, 'CPU'),
  LAMMPS: (integrator) =>
    runLammps(start, { steps: 4 * steps, timestep, langevin: integrator === 'langevin' }),
};

console.log(`${cpus()[0].model}; Node ${process.version}; ${chains} chains; processor time`);
const evaluation = median(Array.from({ length: repeats }, evaluateAlone));
console.log(`energy and gradient of one configuration: ${evaluation.toFixed(3)} µs`);
const table = new Table({
  head: ['', 'µs a step', 'theirs / ours', 'spread'],
  style: { head: [], border: [], compact: true },
});
for (const integrator of ['verlet', 'langevin'] as const) {
  const found = new Map<string, number[]>();
  for (let n = 0; n < repeats; n++) {
    for (const [name, side] of Object.entries(sides)) {
      const run = side(integrator);
      if (run === undefined) {
        if (n === 0) console.log(`SKIPPED: ${name} is not installed`);
        continue;
      }
      // The CPU platform is in single precision.
      const tolerance = name === 'OpenMM CPU' ? 1e-5 : 1e-6;
      if (!(Math.abs(run.energy - energy) <= tolerance * Math.abs(energy))) {
        throw new Error(`${name} has the energy ${run.energy} where ours is ${energy}`);
      }
      found.set(name, [...(found.get(name) ?? []), run.microseconds]);
    }
  }
  const mine = found.get('ergoflow') ?? [];
  for (const [name, times] of found) {
    const ratios = times.map((time, n) => time / mine[n]).sort((a, b) => a - b);
    table.push([
      `${name}, ${integrator}`,
      median(times).toFixed(2),
      name === 'ergoflow' ? '' : median(ratios).toFixed(1),
      name === 'ergoflow' ? '' : `${ratios[0].toFixed(1)}–${ratios[ratios.length - 1].toFixed(1)}`,
    ]);
  }
}
console.log(table.toString());

function ours(integrator: Integrator): PeerRun {
  const count = Math.ceil(steps / 16);
  const state = startChains(potential, fromRows(Array(chains).fill(start)));
  const run = integrator === 'langevin' ? bathed : conserved;
  run(Math.ceil(count / 10));
  const busy = process.cpuUsage();
  run(count);
  const { user, system } = process.cpuUsage(busy);
  return { energy: state.energy[0], microseconds: (user + system) / count / chains };

  function bathed(n: number): void {
    langevin(potential, { kT: 1, timestep, friction: 1, steps: n }).step(state, rootKey(1));
  }

  function conserved(n: number): void {
    const motion = {
      positions: batch(state.positions.data.slice(), potential.dim),
      velocities: normal(rootKey(2), chains * potential.dim),
      evaluated: { energy: state.energy.slice(), gradient: state.gradient.slice() },
    };
    const masses = new Float64Array(potential.dim).fill(1);
    const timesteps = new Float64Array(chains).fill(timestep);
    for (let i = 0; i < n; i++) velocityVerlet(potential, motion, masses, timesteps);
  }
}

function openmm(integrator: Integrator, platform: string): PeerRun | undefined {
  const python = process.env['ERGOFLOW_BENCH_PYTHON'] ?? '/usr/bin/python3';
  if (spawnSync(python, ['-c', 'import openmm']).status !== 0) return undefined;
  const script = new URL('../test/md/particleDimer/evaluateInOpenMM.py', import.meta.url);
  const { status, stdout, stderr } = spawnSync(python, [fileURLToPath(script)], {
    input: JSON.stringify({ positions: [start], steps, platform, integrator, timestep }),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  const { energy: found, processor } = JSON.parse(stdout);
  return { energy: found[0], microseconds: (1e6 * processor) / steps };
}

function evaluateAlone(_: unknown, repeat: number): number {
  const x = batch(
    normal(at(rootKey(3), repeat), chains * 76).map((z, i) => start[i % 76] + 0.02 * z),
    76,
  );
  const out = energyAndGradientBuffer(chains, 76);
  for (let n = 0; n < 20; n++) potential.energyAndGradient(x, out);
  const busy = process.cpuUsage();
  const calls = 500;
  for (let n = 0; n < calls; n++) potential.energyAndGradient(x, out);
  const { user, system } = process.cpuUsage(busy);
  return (user + system) / calls / chains;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
