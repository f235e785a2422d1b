import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  LEAST,
  type RationalQuadratic,
  rationalQuadratic,
  SLOPE_OFFSET,
} from '../../src/flow/exact/rationalQuadratic.ts';

const REACH = 3;

/** What a network would have to give for bins of these shares and these slopes at the inner knots. */
function numbersFor(
  widths: readonly number[],
  heights: readonly number[],
  slopes: readonly number[],
): Float64Array {
  const logits = (shares: readonly number[]): number[] =>
    shares.map((share) => Math.log(share - LEAST));
  return Float64Array.of(
    ...logits(widths),
    ...logits(heights),
    ...slopes.map((slope) => Math.log(Math.expm1(slope - LEAST)) - SLOPE_OFFSET),
  );
}

function splineOf(numbers: Float64Array): RationalQuadratic {
  const bins = (numbers.length + 1) / 3;
  const spline = rationalQuadratic(bins, REACH);
  spline.set(numbers, 0, bins, 2 * bins);
  return spline;
}

const widths = [0.1, 0.4, 0.3, 0.2];
const heights = [0.25, 0.05, 0.6, 0.1];
const slopes = [0.5, 2, 0.8];
/** The knots and their images, from −R to R. */
const [xs, zs] = [widths, heights].map((shares) =>
  [0, ...shares].map((_, k) => REACH * (2 * shares.slice(0, k).reduce((a, b) => a + b, 0) - 1)),
);

describe('a rational-quadratic spline', () => {
  const spline = splineOf(numbersFor(widths, heights, slopes));
  const ends = [1, ...slopes, 1];

  it('has the knots and the slopes that its numbers describe, from either side and either way', () => {
    xs.forEach((x, k) => {
      for (const shift of [0, -1e-13, 1e-13]) {
        expect(spline.inverse(x + shift)).toBeCloseTo(zs[k], 11);
        expect(spline.logSlope()).toBeCloseTo(Math.log(ends[k]), 10);
        expect(spline.forward(zs[k] + shift)).toBeCloseTo(x, 11);
        expect(spline.logSlope()).toBeCloseTo(Math.log(ends[k]), 10);
      }
    });
  });

  it('is what the formula gives by hand half-way between two knots', () => {
    // At u = 1/2: (s + d)/(2s + d + d') of the height, with the slope 4s²/(2s + d + d').
    widths.forEach((width, k) => {
      const s = heights[k] / width;
      const sum = 2 * s + ends[k] + ends[k + 1];
      const x = 0.5 * (xs[k] + xs[k + 1]);
      const z = zs[k] + (2 * REACH * heights[k] * (s + ends[k])) / sum;
      expect(spline.inverse(x)).toBeCloseTo(z, 13);
      expect(spline.logSlope()).toBeCloseTo(Math.log((4 * s * s) / sum), 12);
      expect(spline.forward(z)).toBeCloseTo(x, 13);
      expect(spline.logSlope()).toBeCloseTo(Math.log((4 * s * s) / sum), 12);
    });
  });

  it('leaves what is beyond its reach where it is, to the bit, with slope 1', () => {
    for (const size of [REACH, REACH * (1 + 1e-15), 4.2, 1e9, 1e308, Infinity]) {
      for (const x of [size, -size]) {
        for (const map of [spline.inverse, spline.forward]) {
          expect(map(x)).toBe(x);
          expect(spline.logSlope()).toBe(0);
        }
      }
    }
    expect(spline.inverse(Number.NaN)).toBeNaN();
    expect(spline.forward(Number.NaN)).toBeNaN();
  });

  it('is the identity where all numbers are zero', () => {
    for (const bins of [2, 3, 8, 33]) {
      const straight = splineOf(new Float64Array(3 * bins - 1));
      for (let x = -1.1 * REACH; x < 1.1 * REACH; x += 0.0137) {
        expect(Math.abs(straight.inverse(x) - x)).toBeLessThan(1e-14);
        expect(Math.abs(straight.logSlope())).toBeLessThan(1e-13);
        expect(Math.abs(straight.forward(x) - x)).toBeLessThan(1e-14);
      }
    }
  });

  it('increases, comes back and has its slopes’ logarithm, whatever the numbers', () => {
    const number = fc.oneof(
      fc.double({ min: -4, max: 4, noNaN: true }),
      fc.constantFrom(-700, -60, 0, 60, 700, 1e30),
    );
    const numbers = fc
      .integer({ min: 2, max: 9 })
      .chain((bins) =>
        fc
          .array(number, { minLength: 3 * bins - 1, maxLength: 3 * bins - 1 })
          .map((list) => Float64Array.from(list)),
      );
    fc.assert(
      fc.property(numbers, (given) => {
        const wild = splineOf(given);
        let before = -Infinity;
        for (let i = 0; i <= 120; i++) {
          const x = REACH * (i / 60 - 1);
          const z = wild.inverse(x);
          const log = wild.logSlope();
          // A plateau is flat to the last digits.
          expect(z).toBeGreaterThanOrEqual(before - 1e-15 * REACH);
          expect(Math.abs(z)).toBeLessThanOrEqual(REACH * (1 + 1e-15));
          expect(Number.isFinite(log)).toBe(true);
          before = z;
          const back = wild.forward(z);
          // What a rounding of z does to x is not the way back's error.
          const rounding = 1e-15 * REACH * (1 + Math.exp(-log));
          expect(Math.abs(back - x)).toBeLessThan(20 * rounding + 1e-14 * REACH);
          expect(Number.isFinite(wild.logSlope())).toBe(true);
        }
        expect(wild.inverse(REACH)).toBe(REACH);
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  it('keeps its digits where a bin is flat and its ends are steep', () => {
    // Mean slopes of 0.003 … 3, end slopes of hundreds: the textbook root cancels there.
    const steep = splineOf(numbersFor([0.5, 0.3, 0.2], [0.002, 0.003, 0.995], [600, 250]));
    for (let i = 1; i < 600; i++) {
      const x = REACH * (i / 300 - 1);
      const z = steep.inverse(x);
      const log = steep.logSlope();
      expect(Math.abs(steep.forward(z) - x)).toBeLessThan(3e-15 * (1 + Math.exp(-log)));
    }
  });
});
