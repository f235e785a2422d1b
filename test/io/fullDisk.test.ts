import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  rmSync,
  statfsSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { RunEvent } from '../../src/hybrid/events.ts';
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

it('a run on a disk that fills up, twice, names what it needs, and goes on once there is room', async () => {
  const path = folder();
  const place = disk(join(path, 'disk'), 4000);
  if (place === undefined) {
    process.stderr.write('SKIPPED: only root may mount a small disk, so none was filled\n');
    return;
  }
  const file = join(path, 'scenario.ts');
  writeFileSync(file, '// Stands for the code of the scenario.\n');
  const ballast = join(place, 'ballast');
  /** Somebody else takes all the room that is left when a phase has made its first step. */
  const fillingUpWhile = (phase: string | undefined) => ({
    scenario: tinyScenario,
    file,
    shipped: false,
    signal: new AbortController().signal,
    onEvent: (event: RunEvent) => {
      if (event.type !== 'progress' || event.phase !== phase || existsSync(ballast)) return;
      const { bavail, bsize } = statfsSync(place);
      writeFileSync(ballast, Buffer.alloc(bavail * bsize));
    },
    onStart: () => {},
  });
  const out = join(place, 'run');
  const first = startRun({
    ...fillingUpWhile('producing'),
    overrides: {},
    out,
    force: false,
    modelFrom: undefined,
    backend: 'cpu',
  });
  const full =
    /^no space to write .*: \d\.\d\d MB needed, \d\.\d\d MB free; what was written before is unharmed, so make room and resume the run$/;
  await expect(first).rejects.toThrow(full);
  expect(['failed', 'running']).toContain(readManifest(out).status);
  const resume = (phase?: string) =>
    resumeRun({ ...fillingUpWhile(phase), folder: out, allowInexact: false, backend: undefined });
  // Still full, but for what a message takes: it says so before it begins, and harms nothing.
  truncateSync(ballast, statSync(ballast).size - 60_000);
  await expect(resume()).rejects.toThrow(
    /^the records of this run take 0\.\d\d MB of disk in .*, where 0\.0\d MB are free: there is room for 0 of 8 sweeps/,
  );
  rmSync(ballast);
  await expect(resume('reweighting')).rejects.toThrow(full);
  rmSync(ballast);
  await resume();
  const outcome = await replay({
    ...fillingUpWhile(undefined),
    folder: out,
    allowInexact: false,
    keep: undefined,
  });
  // Nothing was kept because nothing differed.
  expect(outcome).toMatchObject({ kind: 'run', kept: undefined });
});
