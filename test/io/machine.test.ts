import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileHash, gitCommit, machine, sha256 } from '../../src/io/machine.ts';
import { packageFolder, version } from '../../src/io/version.ts';
import { root } from './inChild.ts';
import { temporaryFolders } from './temporaryFolder.ts';

const folder = temporaryFolders();

describe('what a manifest says of its origin', () => {
  it('has the version of package.json', () => {
    const declared = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
    expect(version).toBe(declared);
    expect(join(packageFolder, '/')).toBe(root);
  });

  it('has the commit of the checkout, marked where files differ from it', () => {
    const git = (...args: string[]) =>
      spawnSync('git', ['-C', root, ...args], { encoding: 'utf8' });
    const head = git('rev-parse', 'HEAD');
    const changed = git('status', '--porcelain', '--untracked-files=no').stdout !== '';
    expect(gitCommit()).toBe(
      head.status === 0 ? `${head.stdout.trim()}${changed ? '+' : ''}` : null,
    );
  });

  it('names a processor with at least one core and some memory', () => {
    const { cpu, cores, memoryBytes, platform } = machine();
    expect(cpu).not.toBe('');
    expect(cores).toBeGreaterThanOrEqual(1);
    expect(memoryBytes).toBeGreaterThan(2 ** 20);
    expect(platform).toBe(`${process.platform}-${process.arch}`);
  });

  it('has the SHA-256 of a file', () => {
    const path = join(folder(), 'scenario.ts');
    writeFileSync(path, 'abc');
    // FIPS 180-2, appendix B.1.
    const known = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(fileHash(path)).toBe(known);
    expect(sha256('abc')).toBe(createHash('sha256').update('abc').digest('hex'));
    expect(() => fileHash(`${path}x`)).toThrow(`${path}x cannot be read (ENOENT)`);
  });
});
