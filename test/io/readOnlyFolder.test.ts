import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { readEvents } from '../../src/io/eventLog.ts';
import { readManifest } from '../../src/io/manifest.ts';
import { createRunDirectory, openRunDirectory } from '../../src/io/runDirectory.ts';
import { StorageError } from '../../src/io/storageError.ts';
import { temporaryFolders } from './temporaryFolder.ts';

const folder = temporaryFolders();
const undo: (() => void)[] = [];
afterEach(() => {
  for (const give of undo.splice(0)) give();
});

/** A folder and what makes it read-only, for root as well; undefined where nobody lets us. */
function place(path: string): { readonly path: string; close(): void } | undefined {
  mkdirSync(path);
  // Permissions do not bind root, and only root may mount.
  if (process.getuid?.() !== 0) {
    undo.push(() => chmodSync(path, 0o755));
    return { path, close: () => spawnSync('chmod', ['-R', 'a-w', path]) };
  }
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path]);
  if (status !== 0) return undefined;
  undo.push(() => spawnSync('umount', [path]));
  return { path, close: () => spawnSync('mount', ['-o', 'remount,ro', path]) };
}

it('a run directory that may not be written is read, and refused by name to whoever would go on', () => {
  const found = place(join(folder(), 'place'));
  if (found === undefined) {
    process.stderr.write('SKIPPED: root without the right to mount, so nothing was read-only\n');
    return;
  }
  const out = join(found.path, 'run');
  const begun = createRunDirectory(
    {
      scenario: { name: 'tiny', hash: 'aaaa', argument: 'tiny' },
      seed: 0,
      version: '1.2.3',
      commit: null,
      node: 'v20.19.0',
      backend: { name: 'cpu', library: '4.22.0', threads: 1 },
      machine: { cpu: 'a', cores: 1, memoryBytes: 1, platform: 'linux-x64' },
      units: { length: 'nm', energy: 'kJ/mol' },
      options: {},
    },
    { out },
  );
  begun.checkpoint.put('seeds', { arrays: { x: Float64Array.of(1, 2) }, meta: 3 });
  begun.events.append({ step: 1 });
  begun.close('interrupted');
  const before = readdirSync(out, { recursive: true }).sort();
  const manifest = readFileSync(join(out, 'run.json'), 'utf8');
  found.close();

  const refused = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      expect(error).toBeInstanceOf(StorageError);
      return error instanceof Error ? error.message : '';
    }
    return 'not refused';
  };
  expect(refused(() => openRunDirectory(out))).toMatch(
    /run.* cannot be written: no permission \((EROFS|EACCES)\)$/,
  );
  expect(
    refused(() => createRunDirectory(begun.manifest, { out: join(found.path, 'new', 'run') })),
  ).toMatch(/run cannot be written: no permission \((EROFS|EACCES)\)$/);
  expect(refused(() => begun.checkpoint.put('seeds', { arrays: {}, meta: 4 }))).toContain(
    'cannot be written: no permission',
  );
  expect(readManifest(out).status).toBe('interrupted');
  expect(readEvents(join(out, 'events.jsonl')).events).toEqual([{ step: 1 }]);
  expect(begun.checkpoint.get('seeds').meta).toBe(3);
  expect(readdirSync(out, { recursive: true }).sort()).toEqual(before);
  expect(readFileSync(join(out, 'run.json'), 'utf8')).toBe(manifest);
});
