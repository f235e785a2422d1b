import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readEvents } from '../../src/io/eventLog.ts';
import { type ManifestStart, RunDirectoryError, readManifest } from '../../src/io/manifest.ts';
import { createRunDirectory, openRunDirectory } from '../../src/io/runDirectory.ts';
import { inChild } from './inChild.ts';
import { temporaryFolders } from './temporaryFolder.ts';

const start: ManifestStart = {
  scenario: { name: 'double-well', hash: 'abc', argument: 'double-well' },
  seed: 0,
  version: '1.2.3',
  commit: null,
  node: 'v20.19.0',
  backend: { name: 'wasm', library: '4.22.0', threads: 1 },
  machine: { cpu: 'a processor', cores: 2, memoryBytes: 2 ** 34, platform: 'linux-x64' },
  units: { length: 'reduced', energy: 'reduced' },
  options: { chains: 4 },
};

const folder = temporaryFolders();
const home = process.cwd();
afterEach(() => process.chdir(home));

describe('createRunDirectory', () => {
  it('names runs after scenario and seed, and never uses a name twice', () => {
    process.chdir(folder());
    const folders = [0, 1, 2].map(() => {
      const directory = createRunDirectory(start);
      directory.close('done');
      return directory.folder;
    });
    expect(folders).toEqual([
      join('runs', 'double-well-seed0'),
      join('runs', 'double-well-seed0-2'),
      join('runs', 'double-well-seed0-3'),
    ]);
  });

  it('says in run.json what is run, from the first moment, and how it ended', () => {
    const out = join(folder(), 'a', 'b');
    const directory = createRunDirectory(start, { out });
    expect(readManifest(out)).toMatchObject({ ...start, status: 'running', finished: null });
    directory.events.append({ type: 'phase' });
    directory.write('result.json', '{}');
    directory.checkpoint.put('model', { arrays: {}, meta: 1 });
    directory.close('interrupted');
    directory.close('done');
    const { status, started, finished } = readManifest(out);
    expect(status).toBe('interrupted');
    expect(Date.parse(finished ?? '')).toBeGreaterThanOrEqual(Date.parse(started));
    expect(readdirSync(out).sort()).toEqual([
      'checkpoint',
      'events.jsonl',
      'result.json',
      'run.json',
    ]);
    expect(readEvents(join(out, 'events.jsonl')).events).toEqual([{ type: 'phase' }]);
  });

  it('takes an empty folder, and refuses one that holds anything', () => {
    const out = folder();
    createRunDirectory(start, { out }).close('done');
    expect(() => createRunDirectory(start, { out })).toThrow(
      `${out} is not empty, and a run overwrites nothing`,
    );
    const other = folder();
    writeFileSync(join(other, 'thesis.tex'), 'years of work');
    expect(() => createRunDirectory(start, { out: other })).toThrow(RunDirectoryError);
    expect(readdirSync(other)).toEqual(['thesis.tex']);
  });

  it('moves what is there aside when forced, and loses nothing of it', () => {
    const parent = folder();
    const out = join(parent, 'run');
    for (const content of ['first', 'second', 'third']) {
      const directory = createRunDirectory(start, { out, force: true });
      directory.write('result.json', content);
      directory.close('done');
    }
    const result = (name: string): string =>
      readFileSync(join(parent, name, 'result.json'), 'utf8');
    expect(readdirSync(parent).sort()).toEqual(['run', 'run.previous-1', 'run.previous-2']);
    expect(['run.previous-1', 'run.previous-2', 'run'].map(result)).toEqual([
      'first',
      'second',
      'third',
    ]);
    expect(existsSync(join(parent, 'run.previous-1', 'lock'))).toBe(false);
  });

  it('moves a link aside, not what it leads to', () => {
    const [parent, target] = [folder(), folder()];
    writeFileSync(join(target, 'kept'), '');
    symlinkSync(target, join(parent, 'run'));
    createRunDirectory(start, { out: join(parent, 'run'), force: true }).close('done');
    expect(readdirSync(target)).toEqual(['kept']);
    expect(readdirSync(join(parent, 'run.previous-1'))).toEqual(['kept']);
  });

  it('moves no folder that a run is writing into, nor the one it is started in', () => {
    const out = join(folder(), 'run');
    const running = createRunDirectory(start, { out });
    expect(() => createRunDirectory(start, { out, force: true })).toThrow(`${out} is in use by`);
    running.close('done');
    process.chdir(out);
    expect(() => createRunDirectory(start, { out: '.', force: true })).toThrow(
      'holds the folder you work in',
    );
    expect(existsSync(join(out, 'run.json'))).toBe(true);
  });

  it('says why a folder cannot be made', () => {
    const parent = folder();
    writeFileSync(join(parent, 'file'), '');
    expect(() => createRunDirectory(start, { out: join(parent, 'file') })).toThrow(
      `${join(parent, 'file')} is a file; name a folder that is new or empty`,
    );
    expect(() => createRunDirectory(start, { out: join(parent, 'file', 'run') })).toThrow(
      `${join(parent, 'file', 'run')} cannot be written: ${join(parent, 'file')} is not a folder`,
    );
  });
});

describe('a run that cannot write', () => {
  it('is told of the file that did not fit, and keeps what was written before', () => {
    const out = join(folder(), 'run');
    const { stdout } = inChild(
      `
      const { createRunDirectory } = await load('src/io/runDirectory.ts');
      const directory = createRunDirectory(${JSON.stringify(start)}, { out: ${JSON.stringify(out)} });
      directory.write('profile.csv', 'x');
      try {
        directory.write('samples.npz', new Uint8Array(1e6));
      } catch (error) {
        console.log(error.name, error.message);
      }
      `,
      { fileLimitKiB: 64 },
    );
    expect(stdout).toMatch(/^StorageError no space to write .*samples\.npz: 1\.00 MB needed/);
    expect(readdirSync(out).sort()).toEqual([
      'checkpoint',
      'events.jsonl',
      'lock',
      'profile.csv',
      'run.json',
    ]);
    openRunDirectory(out).close('interrupted');
  });

  it('keeps silent about its own note when it fails, and not when it is done', () => {
    for (const status of ['failed', 'done'] as const) {
      const out = join(folder(), 'run');
      const directory = createRunDirectory(start, { out });
      // As when a network drive has gone away.
      renameSync(out, `${out}-away`);
      const close = (): void => directory.close(status);
      if (status === 'done') expect(close).toThrow('run.json cannot be written');
      else expect(close).not.toThrow();
      expect(readManifest(`${out}-away`).status).toBe('running');
    }
  });
});

describe('openRunDirectory', () => {
  it('goes on where the last process stopped, and notes that it did', () => {
    const out = join(folder(), 'run');
    const first = createRunDirectory(start, { out });
    first.checkpoint.put('model', { arrays: { weights: Float32Array.of(1) }, meta: {} });
    first.events.append({ step: 1 });
    first.close('interrupted');
    const second = openRunDirectory(out);
    expect(second.checkpoint.get('model').arrays['weights']).toEqual(Float32Array.of(1));
    second.events.append({ step: 2 });
    second.close('done');
    const manifest = readManifest(out);
    expect(manifest.status).toBe('done');
    expect(manifest.started).toBe(first.manifest.started);
    expect(manifest.resumed).toHaveLength(1);
    expect(readEvents(join(out, 'events.jsonl')).events).toEqual([{ step: 1 }, { step: 2 }]);
  });

  it('refuses a run that is complete or in use', () => {
    const out = join(folder(), 'run');
    const running = createRunDirectory(start, { out });
    expect(() => openRunDirectory(out)).toThrow(`${out} is in use by process`);
    running.close('done');
    expect(() => openRunDirectory(out)).toThrow(`${out} is complete`);
    expect(existsSync(join(out, 'lock'))).toBe(false);
  });
});

describe('readManifest', () => {
  it('tells what a folder lacks to be a run directory', () => {
    const out = folder();
    const refusal = (): string => {
      try {
        return readManifest(out).schema;
      } catch (error) {
        expect(error).toBeInstanceOf(RunDirectoryError);
        return error instanceof Error ? error.message : '';
      }
    };
    expect(refusal()).toBe(`${out} is not a run directory: it has no run.json`);
    const write = (text: string): void => writeFileSync(join(out, 'run.json'), text);
    write('{"schema": ');
    expect(refusal()).toBe(
      `${out} is not a run directory: its run.json cannot be read (it is not JSON)`,
    );
    write('{"schema": "ergoflow.run/9"}');
    expect(refusal()).toContain(
      'is of the version "ergoflow.run/9", and this is for "ergoflow.run/1"',
    );
    write('{"schema": "ergoflow.run/1", "seed": "one"}');
    expect(refusal()).toMatch(/run\.json is damaged:[\s\S]*→ at seed/);
    mkdirSync(join(out, 'sub'));
    expect(() => readManifest(join(out, 'none'))).toThrow('it has no run.json');
  });
});
