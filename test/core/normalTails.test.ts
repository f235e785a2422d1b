import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantileOfLog, scaledTail } from '../../src/core/normalTails.ts';

/** e^(a²/2) Φ(−a) to 18 digits: mpmath 1.3, ½ e^(a²/2) erfc(a/√2) with 40. */
const TAILS: readonly (readonly [number, number])[] = [
  [0, 0.5],
  [0.1, 0.4624787852875356],
  [0.5, 0.34961883472039806],
  // On both sides of the first seam, at a = 0.6629.
  [0.66, 0.316587414337978],
  [0.67, 0.3146969858859942],
  [1, 0.2615782918651234],
  [3, 0.12151394835556217],
  // And of the second, at 5.657.
  [5.6, 0.06915675801133259],
  [5.7, 0.0680091908605887],
  [8, 0.049122546212424935],
  [30, 0.013283349353983794],
  [1000, 0.0003989418814603491],
];

describe('scaledTail', () => {
  it.each(TAILS)('at %d has the tabulated value within 4 units of the last digit', (a, value) => {
    expect(Math.abs(scaledTail(a) / value - 1)).toBeLessThan(4 * Number.EPSILON);
  });
});

describe('quantileOfLog', () => {
  const logTail = (z: number): number => -0.5 * z * z + Math.log(scaledTail(-z));

  it('undoes ln Φ, from the middle to where Φ is no double', () => {
    fc.assert(
      fc.property(fc.double({ min: -4, max: 5, noNaN: true }), (exponent) => {
        const z = -(10 ** exponent);
        expect(Math.abs(quantileOfLog(logTail(z)) - z)).toBeLessThan(2e-15 * (1 - z));
      }),
      { numRuns: 300, seed: 1 },
    );
    expect(quantileOfLog(Math.log(0.5))).toBeCloseTo(0, 15);
    expect(quantileOfLog(-Infinity)).toBe(-Infinity);
    expect(quantileOfLog(Number.NaN)).toBeNaN();
  });
});
