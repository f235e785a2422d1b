import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkpointStore } from '../../../src/io/checkpointStore.ts';
import { differences, writeTinyScenario } from '../../cli/killing.ts';
import { temporaryFolders } from '../../io/temporaryFolder.ts';

const cli = resolve(import.meta.dirname, '../../../dist/src/cli/main.js');
const folder = temporaryFolders();

/** Runs the tiny scenario from `cwd` into `out`. */
function run(
  file: string,
  out: string,
  backend: string,
  env: Readonly<Record<string, string>> = {},
  cwd = process.cwd(),
): string {
  const args = [cli, 'run', file, '--out', out, '--no-report', '--backend', backend];
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  expect([0, 1], stderr).toContain(status);
  return join(cwd, out);
}

function scenario(path: string): string {
  const file = join(path, 'tiny.mts');
  writeTinyScenario(file, 1);
  return file;
}

describe('the same seed gives the same bytes', () => {
  it('in any time zone, locale and folder', () => {
    const path = folder();
    const file = scenario(path);
    const other = join(path, 'ein anderer Ordner ✓');
    mkdirSync(other);
    const first = run(file, 'a', 'cpu', { TZ: 'UTC', LC_ALL: 'C' }, path);
    const second = run(file, 'b', 'cpu', { TZ: 'Asia/Kathmandu', LC_ALL: 'de_DE.UTF-8' }, other);
    const third = run(file, 'c', 'cpu', { TZ: 'America/St_Johns', LANG: 'tr_TR' }, path);
    expect(differences(first, second)).toEqual([]);
    expect(differences(first, third)).toEqual([]);
  });

  it('with 1, 2 and 4 threads of TensorFlow, where it is installed', () => {
    if (!existsSync(resolve(import.meta.dirname, '../../../node_modules/@tensorflow/tfjs-node'))) {
      process.stderr.write('SKIPPED: no tfjs-node here, so no threads to be compared\n');
      return;
    }
    const path = folder();
    const file = scenario(path);
    const [one, ...others] = ['1', '2', '4'].map((threads) =>
      run(file, threads, 'tensorflow', { TF_NUM_INTRAOP_THREADS: threads }, path),
    );
    for (const other of others) {
      // The number itself stands in run.json only.
      expect(differences(one, other)).toEqual([]);
    }
  });
});

describe('another backend', () => {
  it('gives the same bytes of seeding, and weights within the rounding of float32', () => {
    const path = folder();
    const file = scenario(path);
    const [plain, wasm] = ['cpu', 'wasm'].map((backend) =>
      checkpointStore(join(run(file, backend, backend, {}, path), 'checkpoint')),
    );
    expect(wasm.get('seeds')).toEqual(plain.get('seeds'));
    const [a, b] = [plain, wasm].map((store) => store.get('model-0-example').arrays);
    let worst = 0;
    for (const [name, weights] of Object.entries(a)) {
      weights.forEach((weight, i) => {
        worst = Math.max(worst, Math.abs(weight - b[name][i]));
      });
    }
    process.stdout.write(`weights after training by example part by ${worst.toExponential(1)}\n`);
    expect(worst).toBeLessThan(1e-4);
  });
});
