import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fold, normal, rootKey } from '../../../src/core/rng.ts';
import { dcdParts } from '../../../src/io/trajectory/dcdParts.ts';
import { openDcd } from '../../../src/io/trajectory/openDcd.ts';
import { readDcdFrames, readDcdHeader } from '../../../src/io/trajectory/readDcdFrames.ts';
import { temporaryFolders } from '../temporaryFolder.ts';

const newFolder = temporaryFolders();
const box = [2, 3, 4] as const;
const frames = Array.from({ length: 3 }, (_, i) => ({
  positions: normal(fold(rootKey(i), 'frame'), 12),
  box,
}));
const options = { atoms: 4, timestep: 0.002, stride: 5, periodic: true };

describe('dcdParts', () => {
  it('gives the bytes of a file to which the same frames were appended', () => {
    const path = join(newFolder(), 'appended.dcd');
    const dcd = openDcd(path, options);
    for (const frame of frames) dcd.append(frame);
    dcd.close();
    const parts = [...dcdParts(frames, { ...options, frames: 3 })];
    expect(parts).toHaveLength(4);
    expect(Buffer.concat(parts).equals(readFileSync(path))).toBe(true);
  });

  it('writes a note among the titles, which readers skip', () => {
    const path = join(newFolder(), 'noted.dcd');
    const noted = Buffer.concat([
      ...dcdParts(frames, { ...options, firstStep: 0, frames: 3, note: 'no time'.padEnd(90, '!') }),
    ]);
    writeFileSync(path, noted);
    expect(noted.toString('latin1')).toContain(`no time${'!'.repeat(73)}`);
    expect(readDcdHeader(path)).toMatchObject({ atoms: 4, frames: 3, firstStep: 0, stride: 5 });
    const found = [...readDcdFrames(path)];
    expect(found.map(({ time }) => time)).toEqual([0, 1, 2].map((i) => expect.closeTo(0.01 * i)));
    expect(found[2].positions[11]).toBeCloseTo(frames[2].positions[11], 6);
  });

  it('refuses more or fewer frames than its header says', () => {
    expect(() => [...dcdParts(frames, { ...options, frames: 2 })]).toThrow(
      'dcd: 3 frames, and the header says 2',
    );
  });
});
