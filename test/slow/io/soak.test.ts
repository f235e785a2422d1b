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

/** Resident memory of a process, MB (Linux). */
function resident(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1e3;
}

/**
 * V8 lets the space for young objects grow and shrink with the rate of allocation, by 30 MB within minutes,
 * which hides whatever a run may keep. Here it has the size that it would grow to.
 */
const fixed = ['--min-semi-space-size=16', '--max-semi-space-size=16'];

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

/**
 * Means of twelve stretches of time. Between two full collections memory rises like a saw's tooth, so that
 * neighbouring points are anything but independent; stretches are, if they are longer than a tooth.
 */
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
  const file = join(path, 'tiny.mts');
  writeTinyScenario(file, 1);
  // A warm-up without an end: local moves, flow moves and latent moves, nothing recorded.
  writeFileSync(file, readFileSync(file, 'utf8').replace('warmUp: 10,', 'warmUp: 1000000000,'));
  const out = join(path, 'run');
  const args = ['run', file, '--backend', 'cpu', '--out', out, '--no-report'];
  const child = spawn(process.execPath, [...fixed, cli, ...args, '--checkpoint-seconds', '0.05'], {
    stdio: 'ignore',
  });
  const points: Point[] = [];
  const start = performance.now();
  const hours = (): number => (performance.now() - start) / 3.6e6;
  while (hours() * 60 < minutes) {
    await wait(2000);
    if (child.pid !== undefined) points.push([hours(), resident(child.pid)]);
  }
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  expect(code).toBe(130);
  expect(readManifest(out).status).toBe('interrupted');
  // The first third is warm-up: compiled code, caches, the heap's own size.
  const steady = points.slice(Math.floor(points.length / 3));
  const [perHour, error] = slope(stretches(steady));
  const values = steady.map(([, megabytes]) => megabytes);
  process.stdout.write(
    `${minutes} min: ${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)} MB, ` +
      `slope ${perHour.toFixed(2)} ± ${error.toFixed(2)} MB/h\n`,
  );
  // A slope that is no slope: at most 1 MB/h, or not to be told from that.
  expect(perHour - 3 * error).toBeLessThan(1);
  // And what is there at the end of a tooth has not risen either, by more than a tooth is high.
  const half = Math.floor(values.length / 2);
  const least = (own: readonly number[]): number => Math.min(...own);
  expect(least(values.slice(half)) - least(values.slice(0, half))).toBeLessThan(10);
}, 7_200_000);
