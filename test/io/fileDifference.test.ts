import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileDifference } from '../../src/io/fileDifference.ts';
import { type NpzArray, npz } from '../../src/io/npz.ts';
import { temporaryFolders } from './temporaryFolder.ts';

describe('fileDifference', () => {
  const folder = temporaryFolders();
  /** What it says of two files with these contents. */
  function between(name: string, before: string | Uint8Array, now: string | Uint8Array) {
    const path = folder();
    const [one, other] = [join(path, `1-${name}`), join(path, `2-${name}`)];
    writeFileSync(one, before);
    writeFileSync(other, now);
    return fileDifference(name, one, other);
  }
  const rows = 100_000;
  const positions = Float64Array.from({ length: 2 * rows }, (_, i) => i);
  const samples = (changed: Readonly<Record<string, NpzArray>> = {}) =>
    npz({
      'chain/positions': { data: positions, shape: [rows, 2] },
      'chain/energies': { data: Float64Array.of(1, 2, 3), shape: [3] },
      'flow/positions': { data: positions, shape: [rows, 2] },
      ...changed,
    });

  it('is nothing for the same bytes, and for lines that only the clock sets apart', () => {
    expect(between('samples.npz', samples(), samples())).toBeUndefined();
    const line = (time: string) => `{"time":"${time}","type":"phase","phase":"seeding"}\n`;
    expect(between('events.jsonl', line('1'), line('2'))).toBeUndefined();
  });

  it('is the first row that parts, wherever it is in a long array', () => {
    const data = positions.slice();
    // Beyond the first block that is read.
    data[2 * 90_001 + 1] = -0.5;
    const other = samples({ 'flow/positions': { data, shape: [rows, 2] } });
    expect(between('samples.npz', samples(), other)).toBe(
      'flow/positions[90001, 1] is -0.5, then 180003',
    );
  });

  it('is a shape or a number of any other array, or the place of a byte', () => {
    const shorter = { data: positions.slice(2), shape: [rows - 1, 2] };
    expect(between('samples.npz', samples(), samples({ 'chain/positions': shorter }))).toBe(
      'chain/positions has shape [99999,2], then [100000,2]',
    );
    const energies = { data: Float64Array.of(1, -2, 3), shape: [3] };
    expect(between('samples.npz', samples(), samples({ 'chain/energies': energies }))).toBe(
      'chain/energies[1] is -2, then 2',
    );
    expect(between('a.txt', 'the same', 'the same, and more')).toBe(
      'line 1 is "the same, and more", then "the same"',
    );
  });

  it('says where the first run has no such file', () => {
    expect(fileDifference('a.txt', join(folder(), 'a.txt'), 'a.txt')).toBe(
      'missing in the first run',
    );
  });
});
