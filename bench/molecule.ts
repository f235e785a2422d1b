import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { fromRows } from '../src/core/batch.ts';
import { type ChainState, startChains } from '../src/core/kernel.ts';
import { at, rootKey } from '../src/core/rng.ts';
import { kelvinToKT } from '../src/core/units.ts';
import { threadedLangevin } from '../src/io/threads/threadedLangevin.ts';
import { simdMolecularPotential } from '../src/md/molecule/kernels/simdMolecularPotential.ts';
import { plainMolecularPotential } from '../src/md/molecule/plainMolecularPotential.ts';
import { alanineDipeptide } from '../src/md/molecule/systems/alanineDipeptide.ts';
import { bpti } from '../src/md/molecule/systems/bpti.ts';
import type { ShippedMolecule } from '../src/md/molecule/systems/shippedMolecule.ts';

/**
 * Langevin dynamics of molecules, 1 fs, 300 K, 1/ps: one step of one chain, ours (BAOAB) in a batch of chains and
 * OpenMM's (LangevinMiddleIntegrator, the same splitting) of one system. Processor time counts where the machine is
 * shared; wall-clock time is shown beside it. `apt-get install python3-simtk libopenmm-plugins`;
 * ERGOFLOW_BENCH_PYTHON names a Python that has OpenMM.
 */
const { values: options } = parseArgs({
  options: {
    repeats: { type: 'string', default: '5' },
    chains: { type: 'string', default: '64' },
    /** Chains of the large molecule. */
    few: { type: 'string', default: '4' },
    threads: { type: 'string', default: String(cpus().length) },
    /** Words of the names of the molecules to run; all by default. */
    only: { type: 'string', default: '' },
    /** Seconds of processor time that each side is to take in each repeat. */
    seconds: { type: 'string', default: '1' },
  },
  allowPositionals: true,
});
const repeats = Number(options.repeats);
const seconds = Number(options.seconds);
const threads = Number(options.threads);

/** Timed in each repeat. */
const BURSTS = 2;

interface Run {
  /** U of the start, kJ/mol. */
  readonly energy: number;
  /** Per step and chain, µs. */
  readonly processor: number;
  readonly wall: number;
}

interface Case {
  readonly name: string;
  readonly molecule: ShippedMolecule<string>;
  readonly chains: number;
  /** One, or all where the peer's platform uses all. */
  readonly threads: number;
  /** A guess at µs a step of each platform, from which the number of its steps follows. */
  readonly guess: Readonly<Record<'Reference' | 'CPU' | 'ours', number>>;
}

const cases: readonly Case[] = [
  {
    name: 'alanine dipeptide, vacuum',
    molecule: alanineDipeptide({ solvent: 'vacuum' }),
    chains: Number(options.chains),
    threads: 1,
    guess: { Reference: 10, CPU: 500, ours: 2 },
  },
  {
    name: 'alanine dipeptide, OBC2',
    molecule: alanineDipeptide(),
    chains: Number(options.chains),
    threads: 1,
    guess: { Reference: 30, CPU: 700, ours: 8 },
  },
  {
    name: 'BPTI, OBC2',
    molecule: bpti(),
    chains: Number(options.few),
    threads,
    guess: { Reference: 40_000, CPU: 30_000, ours: 12_000 },
  },
];

console.log(
  `${cpus()[0].model}; Node ${process.version}; ${repeats} repeats, one side after the other`,
);
for (const each of cases) if (each.name.includes(options.only)) await compare(each);

async function compare(each: Case): Promise<void> {
  const { molecule, chains } = each;
  const plain = plainMolecularPotential(molecule.system);
  const x = fromRows(Array(chains).fill(molecule.positions));
  const state = startChains(simdMolecularPotential(molecule.system) ?? plain, x);
  const [energy] = plain.energy(fromRows([molecule.positions]));
  const sides: Record<string, () => Promise<Run | undefined>> = {
    'ergoflow, float64': () => ours(each, state, 'double'),
    'ergoflow, float32 forces': () => ours(each, state, 'single'),
    'OpenMM Reference': async () => openmm(each, 'Reference'),
    'OpenMM CPU': async () => openmm(each, 'CPU'),
  };
  const found = new Map<string, Run[]>();
  for (let n = 0; n < repeats; n++) {
    for (const [name, side] of Object.entries(sides)) {
      const run = await side();
      if (run === undefined) {
        if (n === 0) console.log(`SKIPPED: ${name} is not installed`);
        continue;
      }
      // The CPU platform is in single precision.
      const tolerance = name === 'OpenMM CPU' ? 2e-5 : 1e-6;
      if (!(Math.abs(run.energy - energy) <= tolerance * Math.abs(energy))) {
        throw new Error(`${name}: the energy is ${run.energy} where ours is ${energy}`);
      }
      found.set(name, [...(found.get(name) ?? []), run]);
    }
  }

  const table = new Table({
    head: [
      each.name,
      'CPU µs a step',
      'wall µs',
      'CPU: theirs / float64',
      'theirs / float32 forces',
      'wall: / float64',
      '/ float32 forces',
    ],
    style: { head: [], border: [], compact: true },
  });
  const double = found.get('ergoflow, float64') ?? [];
  const single = found.get('ergoflow, float32 forces') ?? [];
  for (const [name, runs] of found) {
    const isPeer = name.startsWith('OpenMM');
    const ratio = (mine: readonly Run[], key: 'processor' | 'wall') =>
      isPeer ? spread(runs.map((run, n) => run[key] / mine[n][key])) : '';
    table.push([
      name,
      median(runs.map(({ processor }) => processor)).toPrecision(4),
      median(runs.map(({ wall }) => wall)).toPrecision(4),
      ratio(double, 'processor'),
      ratio(single, 'processor'),
      ratio(double, 'wall'),
      ratio(single, 'wall'),
    ]);
  }
  console.log(
    `${chains} chains over ${each.threads} thread${each.threads > 1 ? 's' : ''}; OpenMM CPU with ${threads}`,
  );
  console.log(table.toString());
}

async function ours(each: Case, state: ChainState, precision: 'double' | 'single'): Promise<Run> {
  const { molecule, chains, guess } = each;
  const count = Math.max(20, Math.round((1e6 * seconds) / guess.ours / chains / BURSTS));
  const kernel = threadedLangevin(
    molecule.system,
    { kT: kelvinToKT(300), timestep: 0.001, friction: 1, steps: count, precision },
    each.threads,
  );
  // The first burst compiles the module and starts the threads.
  let current = kernel.step(state, rootKey(1)).state;
  const busy = process.cpuUsage();
  const started = performance.now();
  for (let n = 0; n < BURSTS; n++) current = kernel.step(current, at(rootKey(3), n)).state;
  const wall = 1000 * (performance.now() - started);
  const { user, system } = process.cpuUsage(busy);
  await kernel.close();
  const steps = BURSTS * count * chains;
  return { energy: state.energy[0], processor: (user + system) / steps, wall: wall / steps };
}

function openmm({ molecule, guess }: Case, platform: 'Reference' | 'CPU'): Run | undefined {
  const python = process.env['ERGOFLOW_BENCH_PYTHON'] ?? '/usr/bin/python3';
  if (spawnSync(python, ['-c', 'import openmm']).status !== 0) return undefined;
  const steps = Math.max(10, Math.round((1e6 * seconds) / guess[platform]));
  const { system, positions } = molecule;
  const { status, stdout, stderr } = spawnSync(
    python,
    [fileURLToPath(new URL('molecule/dynamicsInOpenMM.py', import.meta.url))],
    {
      input: JSON.stringify(
        { masses: system.masses, terms: system.terms, positions, steps, platform, threads },
        (_, value: unknown) =>
          ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value,
      ),
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(stderr);
  const found = JSON.parse(stdout);
  return {
    energy: found.energy,
    processor: (1e6 * found.processor) / steps,
    wall: (1e6 * found.wall) / steps,
  };
}

/** The median of `values` and their range. */
function spread(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  return `${median(values).toFixed(1)} (${low.toFixed(1)}–${high.toFixed(1)})`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
