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

/** Slope of y over x by least squares, and its standard error. */
function slope(points: readonly (readonly [number, number])[]): readonly [number, number] {
  const n = points.length;
  const mean = (i: 0 | 1): number => points.reduce((sum, point) => sum + point[i], 0) / n;
  const [mx, my] = [mean(0), mean(1)];
  const sxx = points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  const b = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / sxx;
  const rest = points.reduce((sum, [x, y]) => sum + (y - my - b * (x - mx)) ** 2, 0);
  return [b, Math.sqrt(rest / (n - 2) / sxx)];
}

it(`a run of ${minutes} minutes with a checkpoint every second keeps its memory flat`, async () => {
  const path = folder();
  const file = join(path, 'tiny.mts');
  writeTinyScenario(file, 1);
  // A warm-up without an end: local moves, flow moves and latent moves, nothing recorded.
  writeFileSync(file, readFileSync(file, 'utf8').replace('warmUp: 10,', 'warmUp: 1000000000,'));
  const out = join(path, 'run');
  const args = ['run', file, '--backend', 'cpu', '--out', out, '--no-report'];
  const child = spawn(process.execPath, [cli, ...args, '--checkpoint-seconds', '1'], {
    stdio: 'ignore',
  });
  const points: [number, number][] = [];
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
  const [perHour, error] = slope(points.slice(Math.floor(points.length / 3)));
  const last = points.at(-1)?.[1].toFixed(0);
  process.stdout.write(
    `${minutes} min: ${last} MB, slope ${perHour.toFixed(2)} ± ${error.toFixed(2)} MB/h\n`,
  );
  // A slope that is no slope: at most 1 MB/h, or not to be told from that.
  expect(perHour - 3 * error).toBeLessThan(1);
}, 7_200_000);
