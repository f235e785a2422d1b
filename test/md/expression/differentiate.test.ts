import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpressionError } from '../../../src/md/expression/expressionError.ts';
import { printTree } from '../../../src/md/expression/syntaxTree.ts';
import { anyTree, evaluated, plainValue } from './formulas.ts';

/** u and u′ of a formula of r. */
function at(text: string, r: number): { value: number; slope: number } {
  const { value, slopes } = evaluated(text, { r });
  return { value, slope: slopes['r'] };
}

const { sqrt, exp, log, sin, cos, tan, PI } = Math;

describe('derivatives of formulas', () => {
  it.each<[string, number, number, number]>([
    ['sqrt(r)', 0.7, sqrt(0.7), 0.5 / sqrt(0.7)],
    ['exp(2*r)', 0.7, exp(1.4), 2 * exp(1.4)],
    ['log(3*r)', 0.7, log(2.1), 1 / 0.7],
    ['sin(2*r)', 0.7, sin(1.4), 2 * cos(1.4)],
    ['cos(2*r)', 0.7, cos(1.4), -2 * sin(1.4)],
    ['sec(r)', 0.7, 1 / cos(0.7), tan(0.7) / cos(0.7)],
    ['csc(r)', 0.7, 1 / sin(0.7), -1 / tan(0.7) / sin(0.7)],
    ['tan(r)', 0.7, tan(0.7), 1 / cos(0.7) ** 2],
    ['cot(r)', 0.7, 1 / tan(0.7), -1 / sin(0.7) ** 2],
    ['asin(r)', 0.7, Math.asin(0.7), 1 / sqrt(1 - 0.49)],
    ['acos(r)', 0.7, Math.acos(0.7), -1 / sqrt(1 - 0.49)],
    ['atan(r)', 0.7, Math.atan(0.7), 1 / 1.49],
    ['atan2(r, 2)', 0.7, Math.atan2(0.7, 2), 2 / 4.49],
    ['atan2(2, r)', 0.7, Math.atan2(2, 0.7), -2 / 4.49],
    ['sinh(r)', 0.7, Math.sinh(0.7), Math.cosh(0.7)],
    ['cosh(r)', 0.7, Math.cosh(0.7), Math.sinh(0.7)],
    ['tanh(r)', 0.7, Math.tanh(0.7), 1 / Math.cosh(0.7) ** 2],
    // Abramowitz & Stegun, table 7.1: erf(0.7) = 0.6778011938.
    ['erf(r)', 0.7, 0.6778011938374185, (2 / sqrt(PI)) * exp(-0.49)],
    ['erfc(r)', 0.7, 1 - 0.6778011938374185, (-2 / sqrt(PI)) * exp(-0.49)],
    ['square(r)', 0.7, 0.49, 1.4],
    ['cube(r)', 0.7, 0.343, 3 * 0.49],
    ['recip(r)', 0.7, 1 / 0.7, -1 / 0.49],
    ['r^2.5', 0.7, 0.7 ** 2.5, 2.5 * 0.7 ** 1.5],
    ['r^-3', 0.7, 0.7 ** -3, -3 * 0.7 ** -4],
    ['2^r', 0.7, 2 ** 0.7, log(2) * 2 ** 0.7],
    ['r^r', 0.7, 0.7 ** 0.7, (log(0.7) + 1) * 0.7 ** 0.7],
    ['min(r, 2)', 0.7, 0.7, 1],
    ['max(r^2, 2*r)', 3, 9, 6],
    ['abs(r)', -0.7, 0.7, -1],
    ['select(step(r-1), r^2, r)', 3, 9, 6],
    ['floor(r)+ceil(r)+step(r)+delta(r)', 0.7, 2, 0],
  ])('knows %s', (text, r, value, slope) => {
    const found = at(text, r);
    expect(Math.abs(found.value - value)).toBeLessThanOrEqual(2e-15 * Math.abs(value));
    expect(Math.abs(found.slope - slope)).toBeLessThanOrEqual(4e-15 * Math.abs(slope));
  });

  it.each<[string, number, number, number]>([
    ['step(r)', 0, 1, 0],
    ['step(r)', -1e-300, 0, 0],
    ['delta(r)', 0, 1, 0],
    ['floor(r)', 2, 2, 0],
    ['ceil(r)', 2, 2, 0],
    ['abs(r)', 0, 0, 1],
    ['min(2*r, 3*r)', 0, 0, 3],
    ['max(2*r, 3*r)', 0, 0, 2],
    ['select(r, 2*r, 3*r)', 0, 0, 3],
  ])("follows OpenMM's convention for %s at %d", (text, r, value, slope) => {
    expect(at(text, r)).toEqual({ value, slope });
  });

  it('does not let the branch that is not taken spoil the one that is', () => {
    expect(at('select(r, sin(r)/r, 1)', 0)).toEqual({ value: 1, slope: 0 });
  });

  it('takes a whole power of a base below or at zero without a logarithm', () => {
    expect(at('r^3', -2)).toEqual({ value: -8, slope: 12 });
    expect(at('r^1', 0)).toEqual({ value: 0, slope: 1 });
    expect(at('(r-1)^2.5', 1)).toEqual({ value: 0, slope: 0 });
  });

  // The plain value first: a tree that is out of range or cannot be compiled is of no use here.
  const at12 = { x: 1.2, y: 0.8 };
  const smooth = anyTree.filter((tree) => {
    const value = plainValue(tree, at12);
    return Number.isFinite(value) && Math.abs(value) < 1e4;
  });

  it('agree with central differences of a plain walk of the tree, wherever that is smooth', () => {
    let compared = 0;
    let undefinedSlopes = 0;
    fc.assert(
      fc.property(smooth, (tree) => {
        const found = attempt(printTree(tree));
        if (found === undefined) return;
        const value = plainValue(tree, at12);
        expect(Math.abs(found.value - value)).toBeLessThanOrEqual(
          1e-9 * Math.max(1, Math.abs(value)),
        );
        for (const name of ['x', 'y'] as const) {
          const slope = (h: number): number =>
            (plainValue(tree, { ...at12, [name]: at12[name] + h }) -
              plainValue(tree, { ...at12, [name]: at12[name] - h })) /
            (2 * h);
          // Three steps that agree: no jump, corner or pole near by, and little rounding.
          const [coarse, middle, fine] = [4e-4, 2e-4, 1e-4].map(slope);
          const spread = Math.max(Math.abs(coarse - middle), Math.abs(middle - fine));
          const scale = Math.max(1, Math.abs(fine), Math.abs(value));
          if (!(spread < 1e-4 * scale)) continue;
          compared++;
          // √(0^x) is smooth, but its chain of derivatives is 0/0: the plain rule knows no better.
          if (Number.isNaN(found.slopes[name])) {
            undefinedSlopes++;
            continue;
          }
          const numeric = (4 * fine - middle) / 3;
          expect(Math.abs(found.slopes[name] - numeric)).toBeLessThan(spread + 1e-7 * scale);
        }
      }),
      { numRuns: 500, seed: 3 },
    );
    expect(compared).toBeGreaterThan(500);
    expect(undefinedSlopes).toBeLessThan(0.01 * compared);
  });

  /** The formula, or nothing where it holds a constant that is no number. */
  function attempt(text: string): ReturnType<typeof evaluated> | undefined {
    try {
      return evaluated(text, at12);
    } catch (error) {
      if (error instanceof ExpressionError && /always|division/.test(error.problem))
        return undefined;
      throw error;
    }
  }
});
