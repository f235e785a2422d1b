import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  openSync,
  readFileSync,
  statfsSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { npzParts } from '../../../src/io/npz.ts';
import { npzRecords } from '../../../src/io/npzRecords.ts';
import { temporaryFolders } from '../../io/temporaryFolder.ts';

const cli = resolve(import.meta.dirname, '../../../dist/src/cli/main.js');
const folder = temporaryFolders();
const numpy = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import numpy']).status === 0,
);

/** Whether the disk has room, said aloud where it has not. */
function hasRoom(path: string, gigabytes: number): boolean {
  const { bavail, bsize } = statfsSync(path);
  if (bavail * bsize > gigabytes * 1e9) return true;
  process.stderr.write(`SKIPPED: ${gigabytes} GB of disk are not free in ${path}\n`);
  return false;
}

/** A well of 300 dimensions; a sweep leaves 400 records, 0.96 MB. */
function writeScenario(file: string, sweeps: number): void {
  writeFileSync(
    file,
    `import { defineScenario, harmonic, linear, stateAlong } from 'ergoflow';
const unit = Array.from({ length: 300 }, (_, i) => (i === 0 ? 1 : 0));
const x = linear('x', unit);
const at = (value) => unit.map((one) => one * value);
export default defineScenario({
  name: 'large',
  about: 'A well of many dimensions, for the size of its records.',
  potential: harmonic({ stiffness: unit.map(() => 1) }),
  temperature: 1,
  states: [
    stateAlong(x, 'left', { below: 0 }, { core: { below: -0.3 }, start: at(-1) }),
    stateAlong(x, 'right', { from: 0 }, { core: { from: 0.3 }, start: at(1) }),
  ],
  coordinate: { variable: x, min: -3, max: 3, bins: 20 },
  seeding: { chains: 20, burnIn: 10, frames: 20, stride: 1 },
  flow: { blocks: 1, hidden: [4], whiten: false },
  training: { byExample: [{ steps: 2, exampleBatch: 32, energyBatch: 0 }], byEnergy: [] },
  assessing: { maxRounds: 1, draws: 1000, targetEssFraction: 0, targetAcceptance: 0 },
  production: {
    chains: 200, warmUp: 2, sweeps: ${sweeps}, flowMoves: 1,
    local: { kind: 'mala', timestep: 0.05, attempts: 1 },
  },
  reweighting: { draws: 2000 },
});
`,
  );
}

/** Highest resident memory that a process has had, MB (Linux); undefined once it has ended. */
function highWater(pid: number | undefined): number | undefined {
  try {
    const [, kilobytes] =
      /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1e3;
  } catch {
    return undefined;
  }
}

/** Runs or resumes; @returns the exit code, the highest resident memory in MB and what it said. */
async function run(args: readonly string[], stopAfter?: number) {
  const child = spawn(process.execPath, [cli, ...args, '--no-report'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = once(child, 'close');
  const start = performance.now();
  let peak = 0;
  while (child.exitCode === null && child.signalCode === null) {
    await wait(100);
    peak = Math.max(peak, highWater(child.pid) ?? 0);
    const isDue = stopAfter !== undefined && performance.now() - start > stopAfter;
    if (isDue && stderr.includes('\nproducing\n')) child.kill('SIGKILL');
  }
  const [code] = await ended;
  return { code, peak, stderr };
}

describe('a run whose records are four times the memory that it may have', () => {
  it('ends under the limit, killed and resumed as left alone, and begins with the records of a short one', async () => {
    const path = folder();
    if (!hasRoom(path, 8)) return;
    const [file, short] = [join(path, 'large.mts'), join(path, 'short.mts')];
    writeScenario(file, 1600);
    writeScenario(short, 20);
    const limits = ['--max-memory', '400M', '--backend', 'cpu', '--seed', '1'];

    const whole = join(path, 'whole');
    const one = await run(['run', file, ...limits, '--out', whole]);
    expect([0, 1], one.stderr).toContain(one.code);
    const samples = join(whole, 'samples.npz');
    expect(statSync(samples).size).toBeGreaterThan(1.5e9);
    process.stdout.write(
      `${(statSync(samples).size / 1e6).toFixed(0)} MB of records, ${one.peak.toFixed(0)} MB resident at most\n`,
    );
    expect(one.peak).toBeLessThan(400);

    const killed = join(path, 'killed');
    const first = await run(
      ['run', file, ...limits, '--out', killed, '--checkpoint-seconds', '3'],
      20_000,
    );
    expect(first.code).toBeNull();
    const rest = await run(['resume', killed, '--max-memory', '400M']);
    expect([0, 1], rest.stderr).toContain(rest.code);
    expect(rest.peak).toBeLessThan(400);
    expect(spawnSync('cmp', [samples, join(killed, 'samples.npz')]).status).toBe(0);

    const twin = join(path, 'twin');
    await run(['run', short, ...limits, '--out', twin]);
    const [long, brief] = [whole, twin].map((out) =>
      npzRecords(join(out, 'samples.npz'), 'chain/positions'),
    );
    expect(brief.count).toBe(20 * 400);
    const bytes = ({ data }: { readonly data: Float64Array }) => Buffer.from(data.buffer);
    expect(bytes(long.rows(0, 8000)).equals(bytes(brief.rows(0, 8000)))).toBe(true);
  }, 3_600_000);
});

describe('an archive of 5 GiB', () => {
  it('is opened by NumPy, first and last number, and what comes after them', () => {
    const path = folder();
    if (!hasRoom(path, 7)) return;
    if (numpy === undefined) {
      process.stderr.write('SKIPPED: no Python with NumPy here, so no NumPy opened 5 GiB\n');
      return;
    }
    const file = join(path, 'large.npz');
    const block = new Float64Array(2 ** 20);
    const blocks = 5 * 2 ** 7;
    const descriptor = openSync(file, 'w');
    for (const part of npzParts({
      positions: {
        shape: [blocks * 2 ** 18, 4],
        *blocks() {
          for (let i = 0; i < blocks; i++) {
            block[0] = i;
            yield block;
          }
        },
      },
      after: { data: Float64Array.of(1 / 3), shape: [1] },
    })) {
      for (let at = 0; at < part.length; ) at += writeSync(descriptor, part, at);
    }
    closeSync(descriptor);
    expect(statSync(file).size).toBeGreaterThan(5 * 2 ** 30);
    // Not through `numpy.load`, which would take all of it into memory: the header, then what is asked for.
    const script = `
import sys, numpy, zipfile
archive = zipfile.ZipFile(sys.argv[1])
with archive.open('positions.npy') as entry:
    version = numpy.lib.format.read_magic(entry)
    shape, _, dtype = numpy.lib.format.read_array_header_1_0(entry)
    entry.seek(${(blocks - 1) * 2 ** 23}, 1)
    print(shape, dtype, numpy.frombuffer(entry.read(16)))
print(numpy.load(sys.argv[1])['after'][0])
`;
    const { stdout, stderr } = spawnSync(numpy, ['-c', script, file], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toBe(`(${blocks * 2 ** 18}, 4) float64 [${blocks - 1}.   0.]\n${1 / 3}\n`);
    const records = npzRecords(file, 'positions');
    expect(records.rows((blocks - 1) * 2 ** 18, (blocks - 1) * 2 ** 18 + 1).data[0]).toBe(
      blocks - 1,
    );
  }, 3_600_000);
});
