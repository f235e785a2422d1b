import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batch, fromRows } from '../../src/core/batch.ts';
import { FormatError } from '../../src/io/formatError.ts';
import { readXyz, xyz } from '../../src/io/xyz.ts';

describe('xyz', () => {
  it('writes a point of the plane as one atom at z = 0', () => {
    const frames = fromRows([
      [1.5, -2],
      [0.1, 1e-7],
    ]);
    expect(xyz(frames, { properties: (b) => ({ step: 10 * b, energy: -b / 2 }) })).toBe(
      [
        '1',
        'Properties=species:S:1:pos:R:3 dim=2 step=0 energy=0',
        'X 1.5 -2 0',
        '1',
        'Properties=species:S:1:pos:R:3 dim=2 step=10 energy=-0.5',
        'X 0.1 1e-7 0',
        '',
      ].join('\n'),
    );
  });

  it('writes three coordinates an atom, with its symbol', () => {
    const water = fromRows([[0, 0, 0, 0.1, 0, 0, 0, 0.1, 0]]);
    expect(
      xyz(water, { symbols: ['O', 'H', 'H'] })
        .split('\n')
        .slice(2, 5),
    ).toEqual(['O 0 0 0', 'H 0.1 0 0', 'H 0 0.1 0']);
    expect(() => xyz(water, { symbols: ['O'] })).toThrow('xyz: 1 symbols for 3 atoms');
  });

  it('gives back every digit of any dimension', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    const frames = fc.integer({ min: 1, max: 7 }).chain((dim) =>
      fc
        .array(fc.array(finite, { minLength: dim, maxLength: dim }), {
          minLength: 1,
          maxLength: 4,
        })
        // A minus before a zero is lost, as it is in every text format that people read.
        .map((rows) => fromRows(rows.map((row) => row.map((x) => x + 0)))),
    );
    fc.assert(
      fc.property(frames, (written) => {
        expect(readXyz(xyz(written))).toEqual(written);
      }),
      { seed: 2, numRuns: 100 },
    );
  });
});

describe('readXyz', () => {
  it('takes three coordinates an atom from a file that states no dimension', () => {
    expect(readXyz('2\nwater, nearly\nO 0 1 2\nH 3 4 5 some-charge\n')).toEqual(
      batch(Float64Array.of(0, 1, 2, 3, 4, 5), 6),
    );
  });

  it('names the line that is wrong', () => {
    expect(() => readXyz('')).toThrow('xyz: no frames');
    expect(() => readXyz('two\n')).toThrow('xyz: line 1 should be a number of atoms');
    expect(() => readXyz('1\n\nX 0 0 zero\n')).toThrow('xyz: line 3 should be an atom: X x y z');
    expect(() => readXyz('2\n\nX 0 0 0\n')).toThrow('xyz: line 4 should be an atom: X x y z');
    expect(() => readXyz('1\n\nX 0 0 0\n2\n\nX 0 0 0\nX 0 0 0\n')).toThrow(
      'xyz: line 4 begins a frame of another size',
    );
  });

  it('never fails but by its own error, whatever the text', () => {
    const good = xyz(
      fromRows([
        [0.5, -1e300, 3, 4],
        [5, 6, 7e-300, 8],
      ]),
    );
    const damaged = fc
      .tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 6 }), fc.string({ maxLength: 6 }))
      .map(([at, cut, put]) => good.slice(0, at) + put + good.slice(at + cut));
    const word = fc.constantFrom(
      '1',
      '2',
      '-1',
      '1e9',
      'dim=3',
      'dim=0',
      'dim=9e9',
      'X',
      '0',
      'NaN',
    );
    const words = fc
      .array(fc.tuple(word, fc.constantFrom(' ', '\n', '\r\n')), { maxLength: 20 })
      .map((parts) => parts.flat().join(''));
    fc.assert(
      fc.property(fc.oneof(fc.string(), damaged, words), (text) => {
        try {
          const { data, count, dim } = readXyz(text);
          expect(data).toHaveLength(count * dim);
          expect(count).toBeGreaterThan(0);
          expect(data.some(Number.isNaN)).toBe(false);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});
