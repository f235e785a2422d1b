import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { atomicWrite } from '../../src/io/atomicWrite.ts';
import { writeFailure } from '../../src/io/storageError.ts';
import { inChild } from './inChild.ts';
import { temporaryFolders } from './temporaryFolder.ts';

describe('atomicWrite', () => {
  const folder = temporaryFolders();

  it('replaces the whole content and leaves nothing else behind', () => {
    const path = join(folder(), 'result.json');
    atomicWrite(path, 'a longer text than the next');
    atomicWrite(path, 'short ± text');
    expect(readFileSync(path, 'utf8')).toBe('short ± text');
    expect(readdirSync(join(path, '..'))).toEqual(['result.json']);
  });

  it('writes bytes as they are, views into larger arrays included', () => {
    const path = join(folder(), 'bytes');
    atomicWrite(path, Uint8Array.from([9, 1, 2, 3, 9]).subarray(1, 4));
    expect([...readFileSync(path)]).toEqual([1, 2, 3]);
  });

  it('leaves the old file and no other when the disk is full, and says how much was missing', () => {
    const path = join(folder(), 'samples.npz');
    writeFileSync(path, 'old');
    const { status, stdout } = inChild(
      `
      const { atomicWrite } = await load('src/io/atomicWrite.ts');
      try { atomicWrite(${JSON.stringify(path)}, new Uint8Array(5_000_000)); }
      catch (error) { console.log(error.name, error.code, error.message); }
      `,
      { fileLimitKiB: 64 },
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/^StorageError EFBIG no space to write .*samples\.npz: 5\.00 MB needed/);
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(join(path, '..'))).toEqual(['samples.npz']);
  });

  it('says which folder is missing, and which target cannot be replaced', () => {
    const parent = folder();
    expect(() => atomicWrite(join(parent, 'none', 'a'), '')).toThrow(
      `${join(parent, 'none', 'a')} cannot be written: ${join(parent, 'none')} is not a folder (ENOENT)`,
    );
    mkdirSync(join(parent, 'folder'));
    expect(() => atomicWrite(join(parent, 'folder'), '')).toThrow(/folder cannot be written: /);
    expect(readdirSync(parent)).toEqual(['folder']);
  });
});

describe('writeFailure', () => {
  const failure = (code: string): string =>
    writeFailure('/somewhere/x', 2e7, Object.assign(new Error('failed'), { code })).message;

  it('calls each way of having no room by the same name', () => {
    for (const code of ['ENOSPC', 'EDQUOT', 'EFBIG']) {
      expect(failure(code)).toMatch(/^no space to write \/somewhere\/x: 20 MB needed/);
    }
  });

  it('says that a permission is missing', () => {
    for (const code of ['EACCES', 'EPERM', 'EROFS']) {
      expect(failure(code)).toBe(`/somewhere/x cannot be written: no permission (${code})`);
    }
  });
});
