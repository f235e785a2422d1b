import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { strFromU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../src/io/formatError.ts';
import { type NpzArray, npz, npzParts, readNpz } from '../../src/io/npz.ts';
import { npzRecords } from '../../src/io/npzRecords.ts';
import { StorageError } from '../../src/io/storageError.ts';
import { temporaryFolders } from './temporaryFolder.ts';

const python = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import numpy']).status === 0,
);
if (python === undefined) {
  process.stderr.write('SKIPPED: no Python with NumPy here, so no NumPy opened our files\n');
}

const samples: Record<string, NpzArray> = {
  'chain/positions': {
    data: Float64Array.of(1.5, -0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324, 1 / 3),
    shape: [3, 2],
  },
  'chain/index': { data: Int32Array.of(-1, 2, 2 ** 31 - 1), shape: [3] },
  'flow/logWeights': { data: Float32Array.of(0.1), shape: [] },
  mask: { data: Uint8Array.of(0, 255), shape: [1, 2, 1] },
  empty: { data: new Float64Array(0), shape: [0, 4] },
};

describe('npz', () => {
  const folder = temporaryFolders();

  it('begins each array with the header of the format, byte for byte', () => {
    const entry = unzipSync(npz({ x: { data: Float64Array.of(1, 2), shape: [2] } }))['x.npy'];
    const dictionary = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }";
    expect(strFromU8(entry.subarray(0, 6), true)).toBe('\x93NUMPY');
    // Version 1.0, then the header's length: 128 bytes less the ten before it.
    expect([...entry.subarray(6, 10)]).toEqual([1, 0, 118, 0]);
    expect(strFromU8(entry.subarray(10, 128))).toBe(`${dictionary.padEnd(117)}\n`);
    expect([...entry.subarray(128)]).toEqual([
      ...[0, 0, 0, 0, 0, 0, 0xf0, 0x3f],
      ...[0, 0, 0, 0, 0, 0, 0, 0x40],
    ]);
  });

  it.skipIf(python === undefined)('is opened by NumPy with types, shapes and every bit', () => {
    const path = join(folder(), 'samples.npz');
    writeFileSync(path, npz(samples));
    const script = `
import json, sys, numpy
arrays = numpy.load(sys.argv[1])
print(json.dumps({name: [a.dtype.str, a.shape, a.tobytes().hex()] for name, a in arrays.items()}))
`;
    const { stdout, stderr } = spawnSync(python ?? '', ['-c', script, path], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const types: Record<string, string> = {
      Float64Array: '<f8',
      Float32Array: '<f4',
      Int32Array: '<i4',
      Uint8Array: '|u1',
    };
    expect(JSON.parse(stdout)).toEqual(
      Object.fromEntries(
        Object.entries(samples).map(([name, { data, shape }]) => [
          name,
          [types[data.constructor.name], shape, Buffer.from(data.buffer).toString('hex')],
        ]),
      ),
    );
  });

  it.skipIf(python === undefined)('is read back from what NumPy wrote', () => {
    const path = join(folder(), 'numpy.npz');
    const script = `
import sys, numpy
numpy.savez_compressed(sys.argv[1], **{'a/b': numpy.arange(6.0).reshape(2, 3), 'i': numpy.int32(7)})
`;
    expect(spawnSync(python ?? '', ['-c', script, path]).status).toBe(0);
    const bytes = spawnSync('cat', [path]).stdout;
    expect(readNpz(bytes)).toEqual({
      'a/b': { data: Float64Array.of(0, 1, 2, 3, 4, 5), shape: [2, 3] },
      i: { data: Int32Array.of(7), shape: [] },
    });
  });

  it('gives back what it was given', () => {
    const array = fc
      .tuple(fc.float64Array({ maxLength: 24 }), fc.constantFrom(1, 2, 3))
      .filter(([data, columns]) => data.length % columns === 0)
      .map(([data, columns]) => ({ data, shape: [data.length / columns, columns] }));
    const name = fc.stringMatching(/^[a-z]{1,6}(\/[a-z]{1,6})?$/);
    fc.assert(
      fc.property(fc.dictionary(name, array), (arrays) => {
        expect(readNpz(npz(arrays))).toEqual({ ...arrays });
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('has the bytes of a zip file that another program stores the same arrays in', () => {
    const names = { ...samples, 'kinetic/énergie': samples['mask'] };
    const entries = unzipSync(npz(names));
    expect(Object.keys(entries)).toEqual(Object.keys(names).map((name) => `${name}.npy`));
    const other = zipSync(entries, { level: 0, mtime: new Date(1980, 0, 1) });
    expect(Buffer.compare(npz(names), other)).toBe(0);
  });

  it.skipIf(python === undefined)('is opened by NumPy where sizes and places take 64 bits', () => {
    const path = folder();
    // All of both; one size and four places; one place.
    const limits = [0, 150, 700];
    for (const from of limits) {
      writeFileSync(join(path, `${from}.npz`), Buffer.concat([...npzParts(samples, from)]));
    }
    const script = `
import sys, json, numpy, zipfile
def show(name):
    extras = sum(len(entry.extra) > 0 for entry in zipfile.ZipFile(name).infolist())
    return [zipfile.ZipFile(name).testzip(), extras, {n: a.tobytes().hex() for n, a in numpy.load(name).items()}]
print(json.dumps([show(name) for name in sys.argv[1:]]))
`;
    const files = limits.map((from) => join(path, `${from}.npz`));
    const { stdout, stderr } = spawnSync(python ?? '', ['-c', script, ...files], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    const bits = Object.fromEntries(
      Object.entries(samples).map(([name, { data }]) => [
        name,
        Buffer.from(data.buffer).toString('hex'),
      ]),
    );
    expect(JSON.parse(stdout)).toEqual([5, 5, 1].map((extras) => [null, extras, bits]));
    for (const file of files) {
      const rows = npzRecords(file, 'chain/positions');
      expect(rows.rows(0, 3).data).toEqual(samples['chain/positions'].data);
      expect(rows.rows(1, 2).data).toEqual(samples['chain/positions'].data.slice(2, 4));
    }
  });

  it('gives the same bytes for the same arrays in every time zone', () => {
    const zone = process.env['TZ'];
    const bytes = ['UTC', 'Pacific/Auckland', 'America/Los_Angeles'].map((name) => {
      process.env['TZ'] = name;
      return Buffer.from(npz(samples)).toString('hex');
    });
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
    expect(new Set(bytes).size).toBe(1);
  });

  it('refuses a shape that does not hold its numbers', () => {
    expect(() => npz({ x: { data: new Float64Array(5), shape: [2, 3] } })).toThrow(
      'npz: "x" has 5 numbers, not [2, 3]',
    );
  });
});

describe('readNpz', () => {
  const entry = (header: string, data: number[]): Uint8Array => {
    const bytes = Buffer.from(
      `\x93NUMPY\x01\x00${String.fromCharCode(header.length)}\0${header}`,
      'latin1',
    );
    return zipSync({ 'x.npy': Uint8Array.from([...bytes, ...data]) });
  };

  it('names what is wrong with a file that it cannot read', () => {
    expect(() => readNpz(Uint8Array.of(1, 2, 3))).toThrow('npz: not a zip file, or a damaged one');
    expect(() => readNpz(zipSync({ 'x.npy': Uint8Array.of(1) }))).toThrow(
      'npz: "x" is not an array',
    );
    expect(() =>
      readNpz(entry("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", [0])),
    ).toThrow('npz: "x" has the type <c8, which is none of <f8, <f4, <i4 and |u1');
    expect(() =>
      readNpz(entry("{'descr': '>f8', 'fortran_order': False, 'shape': (1,), }", [0])),
    ).toThrow('npz: "x" has the type >f8');
    expect(() =>
      readNpz(entry("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }", [0, 0, 0, 0])),
    ).toThrow('npz: "x" is in Fortran order');
    expect(() =>
      readNpz(entry("{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }", [1, 0, 0, 0, 2])),
    ).toThrow('npz: "x" should hold 2 numbers and has 5 bytes');
  });

  it('never fails but by its own error, whatever the bytes', () => {
    const good = npz(samples);
    const damage = fc.array(fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })), {
      minLength: 1,
      maxLength: 4,
    });
    const damaged = fc.tuple(damage, fc.nat({ max: 30 })).map(([bytes, lost]) => {
      const bad = good.slice();
      for (const [at, value] of bytes) bad[at] = value;
      return bad.slice(0, bad.length - lost);
    });
    // Random bytes inside a sound zip file get as far as the header of an array.
    const header = fc.string({ unit: 'binary-ascii', maxLength: 40 });
    const shape = fc.array(fc.oneof(fc.integer(), fc.double()), { maxLength: 3 });
    const inside = fc
      .tuple(header, shape, fc.array(fc.nat({ max: 255 }), { maxLength: 16 }))
      .map(([text, lengths, data]) =>
        entry(`${text}{'descr': '<f8', 'fortran_order': False, 'shape': (${lengths}), }`, data),
      );
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged, inside), (bytes) => {
        try {
          for (const { data, shape: lengths } of Object.values(readNpz(bytes))) {
            expect(lengths.reduce((product, n) => product * n, 1)).toBe(data.length);
            expect(lengths.every((n) => Number.isInteger(n) && n >= 0)).toBe(true);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it('takes no memory for sizes that a file cannot hold', () => {
    const bytes = zipSync({ 'x.npy': new Uint8Array(5000) });
    const view = new DataView(bytes.buffer);
    // The size that the directory claims: byte 24 of its entry.
    const at = Buffer.from(bytes).indexOf('PK\u0001\u0002', 0, 'latin1');
    view.setUint32(at + 24, 2 ** 31, true);
    const before = process.memoryUsage().arrayBuffers;
    expect(() => readNpz(bytes)).toThrow(
      `npz: "x.npy" claims ${2 ** 31} bytes, too many for a file of ${bytes.length}`,
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e8);
  });

  it.each([
    ['(-2, -1)', 16],
    ['(0.5, 4)', 16],
  ])('refuses the shape %s, although its product is the number of numbers', (shape, bytes) => {
    expect(() =>
      readNpz(
        entry(
          `{'descr': '<f8', 'fortran_order': False, 'shape': ${shape}, }`,
          new Array<number>(bytes).fill(0),
        ),
      ),
    ).toThrow(FormatError);
  });
});

describe('npzRecords', () => {
  const folder = temporaryFolders();
  const written = (bytes: Uint8Array): string => {
    const path = join(folder(), 'x.npz');
    writeFileSync(path, bytes);
    return path;
  };

  it.skipIf(python === undefined)('reads rows of a file that NumPy wrote', () => {
    const path = join(folder(), 'numpy.npz');
    const script = 'import sys, numpy; numpy.savez(sys.argv[1], x=numpy.arange(6.0).reshape(3, 2))';
    expect(spawnSync(python ?? '', ['-c', script, path]).status).toBe(0);
    const { count, dim, rows } = npzRecords(path, 'x');
    expect([count, dim]).toEqual([3, 2]);
    expect(rows(1, 3).data).toEqual(Float64Array.of(2, 3, 4, 5));
  });

  it('names what it cannot read', () => {
    const good = npz(samples);
    const path = written(good);
    expect(() => npzRecords(path, 'x')).toThrow('has no array "x"');
    expect(() => npzRecords(path, 'mask')).toThrow('expected rows of float64 numbers');
    expect(() => npzRecords(written(good.slice(0, -1)), 'mask')).toThrow('not a zip file');
    expect(() => npzRecords(written(good.slice(-22)), 'mask')).toThrow('is cut off');
    const packed = zipSync({ 'x.npy': unzipSync(good)['chain/positions.npy'] });
    expect(() => npzRecords(written(packed), 'x')).toThrow('"x" is compressed or cut off');
    expect(() => npzRecords(join(folder(), 'none'), 'x')).toThrow(StorageError);
  });

  it('never fails but by its own error, whatever the bytes', () => {
    const good = npz({ x: samples['chain/positions'] });
    const path = written(good);
    const damage = fc.array(fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(fc.oneof(damage, fc.constant([])), fc.nat({ max: 30 }), (bytes, lost) => {
        const bad = good.slice();
        for (const [at, value] of bytes) bad[at] = value;
        writeFileSync(path, bad.slice(0, bad.length - lost));
        try {
          const { count, dim, rows } = npzRecords(path, 'x');
          expect(rows(0, count).data).toHaveLength(count * dim);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});
