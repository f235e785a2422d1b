import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, normal, rootKey } from '../../../src/core/rng.ts';
import { FormatError } from '../../../src/io/formatError.ts';
import { StorageError } from '../../../src/io/storageError.ts';
import { dcdFrameBytes, dcdHeader } from '../../../src/io/trajectory/dcdHeader.ts';
import { type DcdOptions, openDcd } from '../../../src/io/trajectory/openDcd.ts';
import { readDcdFrames, readDcdHeader } from '../../../src/io/trajectory/readDcdFrames.ts';
import type { TrajectoryFrame } from '../../../src/io/trajectory/trajectoryFrame.ts';
import { temporaryFolders } from '../temporaryFolder.ts';

const newFolder = temporaryFolders();
const options: DcdOptions = { atoms: 3, timestep: 0.002, stride: 50 };
const headerBytes = dcdHeader({ ...options, firstStep: 50, stride: 50, hasCell: false }).length;
const frameBytes = dcdFrameBytes(3, false);

function frame(index: number): TrajectoryFrame {
  return { positions: normal(fold(rootKey(index), 'frame'), 9) };
}

/** A file of `count` frames, closed. */
function written(count: number): string {
  const path = join(newFolder(), 'trajectory.dcd');
  const dcd = openDcd(path, options);
  for (let i = 0; i < count; i++) dcd.append(frame(i));
  dcd.close();
  return path;
}

function expectFrames(path: string, count: number): void {
  const found = [...readDcdFrames(path)];
  expect(found).toHaveLength(count);
  expect(readDcdHeader(path).frames).toBe(count);
  found.forEach(({ positions, time }, i) => {
    expect(time).toBeCloseTo(0.1 * (i + 1), 6);
    frame(i).positions.forEach((x, k) => {
      // Two roundings to 24 bits at most.
      expect(Math.abs(positions[k] - x)).toBeLessThanOrEqual(2 ** -23 * Math.abs(x));
    });
  });
}

describe('openDcd', () => {
  it('writes the header of CHARMM 24 with counts, time step and number of atoms in their places', () => {
    const bytes = readFileSync(written(2));
    expect(bytes.length).toBe(headerBytes + 2 * frameBytes);
    expect(bytes.subarray(4, 8).toString('latin1')).toBe('CORD');
    // Frames, first step, steps between frames, last step.
    expect([8, 12, 16, 20].map((at) => bytes.readInt32LE(at))).toEqual([2, 50, 50, 150]);
    // 2 fs in units of 48.88821 fs.
    expect(bytes.readFloatLE(44) * 48.88821).toBeCloseTo(2, 5);
    expect([bytes.readInt32LE(48), bytes.readInt32LE(84)]).toEqual([0, 24]);
    expect(bytes.readInt32LE(headerBytes - 8)).toBe(3);
    // The first block of the first frame: 12 bytes, x in ångström.
    expect(bytes.readInt32LE(headerBytes)).toBe(12);
    expect(bytes.readFloatLE(headerBytes + 4)).toBe(Math.fround(10 * frame(0).positions[0]));
    expect(bytes.readFloatLE(headerBytes + 8)).toBe(Math.fround(10 * frame(0).positions[3]));
  });

  it('has each frame in the file, counted, as soon as it is appended', () => {
    const path = join(newFolder(), 'trajectory.dcd');
    const dcd = openDcd(path, options);
    for (let count = 0; count < 4; count++) {
      expectFrames(path, count);
      dcd.append(frame(count));
      expect(dcd.frames).toBe(count + 1);
    }
    dcd.close();
    expectFrames(path, 4);
  });

  it('keeps the box of each frame', () => {
    const path = join(newFolder(), 'trajectory.dcd');
    const dcd = openDcd(path, { ...options, periodic: true });
    const boxes = [
      [1, 2, 3],
      [1.25, 2.5, 3.1],
    ] as const;
    for (const box of boxes) dcd.append({ ...frame(0), box });
    expect(() => dcd.append(frame(0))).toThrow(
      'frame 2: no box, and the file has one in each frame',
    );
    dcd.close();
    for (const [i, { box }] of [...readDcdFrames(path)].entries()) {
      box?.forEach((edge, axis) => void expect(edge).toBeCloseTo(boxes[i][axis], 12));
    }
  });

  it('goes on without a lost or doubled frame after a kill at any byte, from any checkpoint before', () => {
    const path = written(4);
    const whole = readFileSync(path);
    fc.assert(
      fc.property(
        fc.integer({ min: headerBytes + frameBytes, max: whole.length }),
        fc.nat({ max: 4 }),
        fc.nat({ max: 4 }),
        (length, checkpoint, counted) => {
          // The header is written after the frame that it counts.
          const killed = Buffer.from(whole.subarray(0, length));
          killed.writeInt32LE(counted, 8);
          writeFileSync(path, killed);
          const dcd = openDcd(path, options);
          const left = Math.floor((length - headerBytes) / frameBytes);
          expect(dcd.frames).toBe(left);
          expect(statSync(path).size).toBe(headerBytes + left * frameBytes);
          if (checkpoint > left) {
            expect(() => dcd.rewind(checkpoint)).toThrow(StorageError);
          } else {
            dcd.rewind(checkpoint);
            expect(statSync(path).size).toBe(headerBytes + checkpoint * frameBytes);
            expectFrames(path, checkpoint);
            for (let i = checkpoint; i < 4; i++) dcd.append(frame(i));
            expect(readFileSync(path).equals(whole)).toBe(true);
          }
          dcd.close();
        },
      ),
      { seed: 1, numRuns: 60 },
    );
  });

  it('begins anew where a kill left less than a header', () => {
    const path = written(1);
    const whole = readFileSync(path);
    for (const length of [0, 3, 9, headerBytes - 1]) {
      truncateSync(path, length);
      const dcd = openDcd(path, options);
      dcd.append(frame(0));
      dcd.close();
      expect(readFileSync(path).equals(whole)).toBe(true);
    }
  });

  it('leaves alone a file that is not its own', () => {
    const path = written(1);
    const before = readFileSync(path);
    for (const other of [{ atoms: 4 }, { timestep: 0.001 }, { stride: 10 }, { periodic: true }]) {
      expect(() => openDcd(path, { ...options, ...other })).toThrow(
        /is there and is no DCD file of \d atoms/,
      );
    }
    expect(readFileSync(path).equals(before)).toBe(true);
    writeFileSync(path, 'a text');
    expect(() => openDcd(path, options)).toThrow(StorageError);
    expect(readFileSync(path, 'utf8')).toBe('a text');
    expect(() => openDcd(join(path, 'below'), options)).toThrow('is not a folder');
  });

  it('names atom and frame of a coordinate that 32 bits do not hold, and writes nothing of it', () => {
    const path = written(2);
    const dcd = openDcd(path, options);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, 1e38]) {
      const positions = new Float64Array(9);
      positions[5] = bad;
      expect(() => dcd.append({ positions })).toThrow(`frame 2: atom 2 has z = ${bad} nm`);
    }
    expect(() => dcd.append({ positions: new Float64Array(6) })).toThrow('6 coordinates, not [9]');
    expect(() => dcd.append({ ...frame(0), box: [1, 1, 1] })).toThrow(
      'a box, and the file has none',
    );
    dcd.close();
    expect(() => dcd.append(frame(0))).toThrow('is closed');
    expectFrames(path, 2);
  });

  it('counts steps past 2³¹ without harm to the header', () => {
    const path = join(newFolder(), 'trajectory.dcd');
    const dcd = openDcd(path, { ...options, stride: 2 ** 30 });
    for (let i = 0; i < 3; i++) dcd.append(frame(i));
    dcd.close();
    expect(readFileSync(path).readInt32LE(20)).toBe(2 ** 31 - 1);
    expect([...readDcdFrames(path)][2].time).toBeCloseTo(3 * 2 ** 30 * 0.002, -1);
  });
});

describe('readDcdFrames', () => {
  it('reads a big-endian file as it reads a little-endian one', () => {
    const path = written(2);
    const bytes = readFileSync(path);
    const swapped = Buffer.from(bytes);
    // All is made of 4 bytes but "CORD" and the titles.
    swapped.swap32();
    const texts: readonly (readonly [number, number])[] = [
      [4, 8],
      [100, 260],
    ];
    for (const [from, to] of texts) bytes.copy(swapped, from, from, to);
    writeFileSync(path, swapped);
    expectFrames(path, 2);
  });

  it('reads the time step of an X-PLOR file, in double precision', () => {
    const path = written(1);
    const bytes = readFileSync(path);
    bytes.writeInt32LE(0, 84);
    bytes.writeDoubleLE(0.002 / 0.04888821, 44);
    writeFileSync(path, bytes);
    expect(readDcdHeader(path).timestep).toBeCloseTo(0.002, 8);
    expect([...readDcdFrames(path)]).toHaveLength(1);
  });

  it('reads all frames of a file whose program died before it counted them', () => {
    const path = written(3);
    const bytes = readFileSync(path);
    bytes.writeInt32LE(0, 8);
    writeFileSync(path, bytes);
    expect([...readDcdFrames(path)]).toHaveLength(3);
  });

  it('gives the whole frames of a file that was cut short before it says so', () => {
    const path = written(3);
    truncateSync(path, headerBytes + 3 * frameBytes - 1);
    const found: TrajectoryFrame[] = [];
    expect(() => {
      for (const each of readDcdFrames(path)) found.push(each);
    }).toThrow(/promises 3 frames of 3 atoms, and \d+ bytes hold 2/);
    expect(found).toHaveLength(2);
  });

  it('takes no memory for atoms that a header only claims', () => {
    const path = written(1);
    const bytes = readFileSync(path);
    bytes.writeInt32LE(2 ** 31 - 1, headerBytes - 8);
    writeFileSync(path, bytes);
    expect(() => [...readDcdFrames(path)]).toThrow('1 frames of 2147483647 atoms');
  });

  it('takes cosines of angles and degrees, no box for zeros, and refuses what is not rectangular', () => {
    const path = join(newFolder(), 'trajectory.dcd');
    const dcd = openDcd(path, { ...options, periodic: true });
    dcd.append({ ...frame(0), box: [1, 2, 3] });
    dcd.close();
    const bytes = readFileSync(path);
    const cell = headerBytes + 4;
    const withAngles = (angles: number): TrajectoryFrame['box'] => {
      for (const at of [1, 3, 4]) bytes.writeDoubleLE(angles, cell + 8 * at);
      writeFileSync(path, bytes);
      return [...readDcdFrames(path)][0].box;
    };
    expect(withAngles(0)).toEqual([1, 2, 3]);
    expect(withAngles(90)).toEqual([1, 2, 3]);
    expect(() => withAngles(60)).toThrow('a unit cell that is not rectangular (60, 60, 60)');
    for (const at of [0, 2, 5]) bytes.writeDoubleLE(0, cell + 8 * at);
    expect(withAngles(90)).toBeUndefined();
    bytes.writeDoubleLE(Number.NaN, cell);
    expect(() => withAngles(90)).toThrow('a box of NaN × 0 × 0 Å');
  });

  it('never fails but by its own errors, whatever byte is changed', () => {
    const path = written(2);
    const whole = readFileSync(path);
    fc.assert(
      fc.property(
        fc.nat({ max: whole.length - 1 }),
        fc.nat({ max: 255 }),
        fc.integer({ min: 0, max: whole.length }),
        (at, value, length) => {
          const bytes = Buffer.from(whole);
          bytes[at] = value;
          writeFileSync(path, bytes.subarray(0, at % 2 === 0 ? whole.length : length));
          try {
            for (const { positions } of readDcdFrames(path)) {
              expect(positions.length * 4).toBeLessThanOrEqual(whole.length);
            }
          } catch (error) {
            expect(error).toBeInstanceOf(FormatError);
          }
        },
      ),
      { seed: 2, numRuns: 300 },
    );
  });

  it('refuses what it would misread: fixed atoms, a fourth dimension, 64-bit lengths, other files', () => {
    const path = written(1);
    const whole = readFileSync(path);
    const withInt = (value: number, at: number): (() => unknown) => {
      const bytes = Buffer.from(whole);
      bytes.writeInt32LE(value, at);
      writeFileSync(path, bytes);
      return () => [...readDcdFrames(path)];
    };
    expect(withInt(2, 40)).toThrow('2 fixed atoms');
    expect(withInt(1, 52)).toThrow('a fourth dimension');
    expect(withInt(0x12345678, 4)).toThrow('not a DCD file');
    expect(withInt(-1, headerBytes - 8)).toThrow('-1 atoms');
    expect(withInt(13, headerBytes)).toThrow('a block of 13 bytes where one of 12 belongs (byte 0');
    for (const length of [BigInt(84), BigInt(84) << BigInt(32)]) {
      const wide = Buffer.concat([Buffer.alloc(4), whole]);
      wide.writeBigInt64LE(length, 0);
      if (length !== BigInt(84)) wide.swap32();
      writeFileSync(path, wide);
      expect(() => readDcdHeader(path)).toThrow('record lengths of 64 bits');
    }
    expect(() => readDcdHeader(`${path}.none`)).toThrow(StorageError);
  });
});
