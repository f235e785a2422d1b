import { describe, expect, it } from 'vitest';
import { readAmberCoordinates } from '../../../src/io/molecule/readAmberCoordinates.ts';

const block = (values: readonly number[]): string =>
  values
    .map((value, k) => `${value.toFixed(7).padStart(12)}${k % 6 === 5 ? '\n' : ''}`)
    .join('')
    .replace(/\n?$/, '\n');
const file = (atoms: number, ...blocks: number[][]): string =>
  `title\n${String(atoms).padStart(5)}  0.1000000E+03\n${blocks.map(block).join('')}`;
const read = (text: string) => readAmberCoordinates(text, 'a.rst7');
const box = [30, 40, 50, 90, 90, 90];
const count = (to: number, scale = 1): number[] =>
  Array.from({ length: to }, (_, k) => scale * (k + 1));

describe('an Amber restart file', () => {
  it('has coordinates in nm of ångström, velocities in nm/ps of Å per 1/20.455 ps, and a box', () => {
    const { frames, velocities, box: edges } = read(file(3, count(9), count(9, 0.5), box));
    expect([...frames[0]]).toEqual(count(9).map((x) => x * 0.1));
    expect(velocities?.[0]).toBeCloseTo(0.5 * 2.0455, 12);
    expect(velocities?.[8]).toBeCloseTo(4.5 * 2.0455, 12);
    expect(edges?.map((edge) => edge.toFixed(9))).toEqual([
      '3.000000000',
      '4.000000000',
      '5.000000000',
    ]);
  });

  it('tells velocities and box by the number of its lines', () => {
    const found = [[], [box], [count(9, 0.5)], [count(9, 0.5), box]].map((more) => {
      const { velocities, box: edges } = read(file(3, count(9), ...more));
      return [velocities !== undefined, edges !== undefined];
    });
    expect(found).toEqual([
      [false, false],
      [false, true],
      [true, false],
      [true, true],
    ]);
  });

  it('tells them apart by angles where either takes one line', () => {
    expect(read(file(2, count(6), box))).toMatchObject({ velocities: undefined });
    expect(read(file(2, count(6), count(6)))).toMatchObject({ box: undefined });
    expect(read(file(1, count(3), count(3))).velocities).toHaveLength(3);
  });

  it('has numbers that touch', () => {
    const { frames } = read('t\n 1\n-100.1234567-200.1234567-300.1234567\n');
    expect([...frames[0]].map((v) => v.toFixed(8))).toEqual([
      '-10.01234567',
      '-20.01234567',
      '-30.01234567',
    ]);
  });

  it('with lines left over is refused', () => {
    expect(() => read(file(9, count(27), count(27, 0.1), count(6), count(6)))).toThrow(
      /has 7 lines after the coordinates of 9 atoms, where 5 of velocities and 1 of the box could be/,
    );
  });
});
