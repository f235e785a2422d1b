import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { readManifest } from '../../src/io/manifest.ts';
import { replay } from '../../src/io/replay.ts';
import { resumeRun, startRun } from '../../src/io/session.ts';
import { temporaryFolders } from './temporaryFolder.ts';
import { tinyScenario } from './tinyScenario.ts';

const folder = temporaryFolders();
const mounted: string[] = [];
afterEach(() => {
  for (const disk of mounted.splice(0)) spawnSync('umount', [disk]);
});

/** A disk of its own with so many KiB; undefined where nobody lets us make one. */
function disk(path: string, size: number): string | undefined {
  mkdirSync(path);
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}k`, 'tmpfs', path]);
  if (status !== 0) return undefined;
  mounted.push(path);
  return path;
}

it('a run on a disk that fills up names what it needs, and goes on once there is room', async () => {
  const path = folder();
  const place = disk(join(path, 'disk'), 200);
  if (place === undefined) {
    process.stderr.write('SKIPPED: only root may mount a small disk, so none was filled\n');
    return;
  }
  const file = join(path, 'scenario.ts');
  writeFileSync(file, '// Stands for the code of the scenario.\n');
  const watching = {
    scenario: tinyScenario,
    file,
    shipped: false,
    signal: new AbortController().signal,
    onEvent: () => {},
    onStart: () => {},
  };
  const out = join(place, 'run');
  const first = startRun({
    ...watching,
    overrides: {},
    out,
    force: false,
    modelFrom: undefined,
    backend: 'cpu',
  });
  await expect(first).rejects.toThrow(
    /^no space to write .*: \d\.\d\d MB needed, \d\.\d\d MB free; what was written before is unharmed, so make room and resume the run$/,
  );
  expect(['failed', 'running']).toContain(readManifest(out).status);
  // Still full: it says so again, and harms nothing.
  const resume = () =>
    resumeRun({ ...watching, folder: out, allowInexact: false, backend: undefined });
  await expect(resume()).rejects.toThrow('no space to write');
  expect(spawnSync('mount', ['-o', 'remount,size=50m', place]).status).toBe(0);
  await resume();
  const outcome = await replay({ ...watching, folder: out, allowInexact: false, keep: undefined });
  // Nothing was kept because nothing differed.
  expect(outcome).toMatchObject({ kind: 'run', kept: undefined });
});
