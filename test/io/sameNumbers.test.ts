import { describe, expect, it } from 'vitest';
import { codeHash } from '../../src/io/codeHash.ts';
import { type ManifestStart, newManifest, RunDirectoryError } from '../../src/io/manifest.ts';
import { expectSameNumbers, type Surroundings } from '../../src/io/sameNumbers.ts';

const start: ManifestStart = {
  scenario: { name: 'double-well', hash: 'aaaa', argument: 'double-well' },
  seed: 0,
  version: '1.2.3',
  code: 'cccc',
  commit: null,
  node: 'v20.19.0',
  backend: { name: 'tensorflow', library: '2.21.0', threads: 2 },
  machine: { cpu: 'Old 1', cores: 2, memoryBytes: 2 ** 34, platform: 'linux-x64' },
  units: { length: 'reduced', energy: 'reduced' },
  options: {},
};
const manifest = newManifest(start);
const here: Surroundings = {
  scenario: { file: 'double-well.js', hash: 'aaaa' },
  version: '1.2.3',
  code: 'cccc',
  node: 'v20.19.0',
  backend: { name: 'tensorflow', library: '2.21.0', threads: 2 },
  machine: { cpu: 'Old 1', platform: 'linux-x64' },
};

describe('a run goes on', () => {
  it('where everything is as it was, and where only what is without influence differs', () => {
    expect(expectSameNumbers(manifest, here, false)).toEqual([]);
    expect(expectSameNumbers(manifest, { ...here, node: 'v20.99.1' }, false)).toEqual([]);
    const wasm = { name: 'wasm', library: '4.22.0', threads: 1 } as const;
    expect(
      expectSameNumbers(
        newManifest({ ...start, backend: wasm }),
        { ...here, backend: wasm, machine: { cpu: 'New 2', platform: 'linux-x64' } },
        false,
      ),
    ).toEqual([]);
  });

  it('never with another scenario', () => {
    const now = { ...here, scenario: { file: 'mine.ts', hash: 'bbbb' } };
    for (const allowInexact of [false, true]) {
      const go = (): unknown => expectSameNumbers(manifest, now, allowInexact);
      expect(go).toThrow(RunDirectoryError);
      expect(go).toThrow('mine.ts has changed');
      expect(go).not.toThrow('--allow-inexact');
    }
  });

  it.each([
    ['code', { code: 'dddd' }, 'the code of ergoflow has changed since (sha256 dddd…, then cccc…)'],
    ['version', { version: '1.3.0' }, 'the run began with ergoflow 1.2.3, this is 1.3.0'],
  ])('with another %s only where the numbers may be others', (_, change, message) => {
    const now = { ...here, ...change };
    expect(() => expectSameNumbers(manifest, now, false)).toThrow(
      `${message}: restore what it was, or go on all the same with --allow-inexact: ` +
        'the numbers may be others',
    );
    expect(expectSameNumbers(manifest, now, true)).toEqual([message]);
  });

  it.each([
    [
      'backend',
      { backend: { name: 'wasm', library: '4.22.0', threads: 1 } },
      'the run began on tensorflow 2.21.0, here is wasm 4.22.0',
    ],
    [
      'library',
      { backend: { name: 'tensorflow', library: '2.9.1', threads: 2 } },
      'the run began on tensorflow 2.21.0, here is tensorflow 2.9.1',
    ],
    [
      'number of threads',
      { backend: { name: 'tensorflow', library: '2.21.0', threads: 4 } },
      'the run began with 2 threads of tensorflow, here are 4',
    ],
    ['Node', { node: 'v22.1.0' }, 'the run began on Node v20.19.0, this is v22.1.0'],
    [
      'processor under TensorFlow',
      { machine: { cpu: 'New 2', platform: 'linux-x64' } },
      'the run began on the processor "Old 1", this is "New 2"',
    ],
    [
      'platform',
      { machine: { cpu: 'Old 1', platform: 'darwin-arm64' } },
      'the run began on linux-x64, this is darwin-arm64',
    ],
  ] as const)('with another %s only where last digits may differ', (_, change, message) => {
    const now = { ...here, ...change };
    expect(() => expectSameNumbers(manifest, now, false)).toThrow(
      `${message}: --allow-inexact goes on all the same: last digits will differ`,
    );
    expect(expectSameNumbers(manifest, now, true)).toEqual([message]);
  });

  it('with all differences named at once', () => {
    const now = { ...here, code: 'dddd', node: 'v22.1.0' };
    expect(expectSameNumbers(manifest, now, true)).toHaveLength(2);
    expect(() => expectSameNumbers(manifest, now, false)).toThrow(/code of ergoflow.*\n.*Node/);
  });
});

describe('codeHash', () => {
  it('is the same for the same code', () => {
    expect(codeHash()).toMatch(/^[0-9a-f]{64}$/);
    expect(codeHash()).toBe(codeHash());
  });
});
