import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { readManifest } from '../../../src/io/manifest.ts';
import { writeTinyScenario } from '../../cli/killing.ts';
import { temporaryFolders } from '../../io/temporaryFolder.ts';

const cli = resolve(import.meta.dirname, '../../../dist/src/cli/main.js');
const minutes = Number(process.env['ERGOFLOW_SOAK_MINUTES'] ?? 30);
const folder = temporaryFolders();

/**
 * V8 lets the space for young objects grow and shrink with the rate of allocation, by 30 MB within minutes, lets
 * garbage lie as long as there is room, and malloc has an arena for every thread: all of that hides what a run may
 * keep. Here the young space has the size that it would grow to, garbage is collected every ten seconds and memory
 * looked at just after, and malloc has one arena and gives back what is free.
 */
const collecting = resolve(import.meta.dirname, 'collecting.mjs');
const flags = ['--min-semi-space-size=16', '--max-semi-space-size=16', '--expose-gc'];
const allocator = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '65536',
  MALLOC_TRIM_THRESHOLD_: '131072',
};

type Point = readonly [hours: number, megabytes: number];

/** Slope of y over x by least squares, and its standard error if the points are independent. */
function slope(points: readonly Point[]): readonly [number, number] {
  const n = points.length;
  const mean = (i: 0 | 1): number => points.reduce((sum, point) => sum + point[i], 0) / n;
  const [mx, my] = [mean(0), mean(1)];
  const sxx = points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  const b = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / sxx;
  const rest = points.reduce((sum, [x, y]) => sum + (y - my - b * (x - mx)) ** 2, 0);
  return [b, Math.sqrt(rest / (n - 2) / sxx)];
}

/** Means of twelve stretches of time: neighbouring points are not independent, stretches are. */
function stretches(points: readonly Point[]): Point[] {
  const mean = (own: readonly Point[], i: 0 | 1): number =>
    own.reduce((sum, point) => sum + point[i], 0) / own.length;
  return Array.from({ length: 12 }, (_, k) => {
    const own = points.slice((k * points.length) / 12, ((k + 1) * points.length) / 12);
    return [mean(own, 0), mean(own, 1)];
  });
}

it(`a run of ${minutes} minutes that writes checkpoints all the time keeps its memory flat`, async () => {
  const path = folder();
  const scenario = join(path, 'tiny.mts');
  writeTinyScenario(scenario, 1);
  // A warm-up without an end: local moves, flow moves and latent moves, nothing recorded.
  writeFileSync(
    scenario,
    readFileSync(scenario, 'utf8').replace('warmUp: 10,', 'warmUp: 1000000000,'),
  );
  const out = join(path, 'run');
  const args = ['run', scenario, '--backend', 'cpu', '--out', out, '--no-report'];
  const file = join(path, 'memory.txt');
  const child = spawn(
    process.execPath,
    [...flags, '--import', collecting, cli, ...args, '--checkpoint-seconds', '0.05'],
    { stdio: 'ignore', env: { ...process.env, ...allocator, ERGOFLOW_SOAK_FILE: file } },
  );
  await wait(minutes * 60_000);
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  expect(code).toBe(130);
  expect(readManifest(out).status).toBe('interrupted');
  const rows = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
  // The first third is warm-up: compiled code, caches, the heap's own size.
  const steady = rows.slice(Math.floor(rows.length / 3));
  const measured = (column: number): readonly [number, number] => {
    const points = steady.map((row): Point => [row[0], row[column]]);
    const values = points.map(([, megabytes]) => megabytes);
    const [perHour, error] = slope(stretches(points));
    process.stdout.write(
      `${minutes} min, ${column === 1 ? 'resident' : 'alive'}: ${Math.min(...values).toFixed(1)} to ` +
        `${Math.max(...values).toFixed(1)} MB, slope ${perHour.toFixed(2)} ± ${error.toFixed(2)} MB/h\n`,
    );
    return [perHour, error];
  };
  const [resident, residentError] = measured(1);
  const [alive, aliveError] = measured(2);
  // At most 1 MB/h, known well enough to say so.
  expect(resident + 2 * residentError).toBeLessThan(1);
  expect(alive - 2 * aliveError).toBeLessThan(1);
}, 7_200_000);
