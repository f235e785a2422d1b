import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { atomicWrite } from '../../../src/io/atomicWrite.ts';
import { extendedXyz } from '../../../src/io/trajectory/extendedXyz.ts';
import { readXyz } from '../../../src/io/xyz.ts';
import { alanineDipeptide } from '../../../src/md/molecule/systems/alanineDipeptide.ts';
import { temporaryFolders } from '../temporaryFolder.ts';

const newFolder = temporaryFolders();
const { system, starts } = alanineDipeptide();
const frames = Object.values(starts).map((positions, i) => ({ positions, time: i / 2 }));

describe('extendedXyz', () => {
  it('writes ångström, elements and times, which readXyz reads', () => {
    const text = [...extendedXyz(system.topology, frames)].join('');
    const read = readXyz(text);
    expect([read.count, read.dim]).toEqual([frames.length, 66]);
    read.data.forEach((value, i) => {
      const expected = 10 * frames[Math.floor(i / 66)].positions[i % 66];
      expect(Math.abs(value - expected)).toBeLessThan(5.1e-9);
    });
    const lines = text.split('\n');
    expect(lines.slice(0, 2)).toEqual(['22', 'Properties=species:S:1:pos:R:3 Time=0 pbc="F F F"']);
    expect(lines.slice(2, 24).map((line) => line[0])).toEqual(
      system.topology.atoms.map(({ element }) => element),
    );
    expect(lines[25]).toContain('Time=0.5');
  });

  it('writes a box as a lattice in ångström', () => {
    const [text] = extendedXyz(system.topology, [{ ...frames[0], box: [1, 2, 3.5] }]);
    expect(text).toContain('Lattice="10 0 0 0 20 0 0 0 35" ');
    expect(text).toContain('pbc="T T T"');
  });

  it('leaves no file behind where a frame is bad, and says which', () => {
    const folder = newFolder();
    const positions = frames[0].positions.slice();
    positions[7] = Number.NaN;
    const write = (): void =>
      atomicWrite(join(folder, 'a.xyz'), extendedXyz(system.topology, [frames[0], { positions }]));
    expect(write).toThrow(new RangeError('xyz, frame 1: atom 3 has y = NaN'));
    expect(readdirSync(folder)).toEqual([]);
    expect(() => [...extendedXyz(system.topology, [{ positions: positions.slice(3) }])]).toThrow(
      'xyz, frame 0: 63 coordinates, not [66]',
    );
  });
});

describe('atomicWrite of parts', () => {
  it('writes them in order, and each before the next is made', () => {
    const folder = newFolder();
    const path = join(folder, 'parts');
    function* parts() {
      yield 'one ';
      const [temporary] = readdirSync(folder);
      expect(readFileSync(join(folder, temporary), 'utf8')).toBe('one ');
      expect(existsSync(path)).toBe(false);
      yield Uint8Array.of(0x32);
    }
    atomicWrite(path, parts());
    expect(readFileSync(path, 'utf8')).toBe('one 2');
  });
});
