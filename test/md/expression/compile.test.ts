import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { erf, erfc } from '../../../src/md/expression/errorFunction.ts';
import { ExpressionError } from '../../../src/md/expression/expressionError.ts';
import { type FormulaInputs, formulaKernel } from '../../../src/md/expression/formulaKernel.ts';
import { powerChain } from '../../../src/md/expression/powerChain.ts';
import { printTree } from '../../../src/md/expression/syntaxTree.ts';
import { anyTree } from './formulas.ts';

const inputs: FormulaInputs = {
  variables: [{ names: ['x'] }],
  parameters: new Map([['y', Float64Array.of(0.5, 2, -1)]]),
  terms: 3,
  describe: (term) => `term ${term}`,
};
const values = Float64Array.of(0.3, -1.2, 4);

/** Energy alone, energy with slopes, and slopes, in one list. */
function results(text: string): number[] {
  const kernel = formulaKernel(text, inputs);
  const slopes = new Float64Array(3);
  const alone = kernel.energy(values, 0, 3);
  return [alone, kernel.energyAndSlopes(values, 0, 3, slopes), ...slopes];
}

describe('compiled formulas', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('have the bytes of the interpreter that takes over where functions may not be made', () => {
    const texts = fc.sample(anyTree, { numRuns: 150, seed: 4 }).map((tree) => printTree(tree));
    const compiled = texts.map(attempt);
    const make = vi.fn(function refuse() {
      throw new EvalError('refused by the policy of the page');
    });
    vi.stubGlobal('Function', make);
    const interpreted = texts.map(attempt);
    expect(make).toHaveBeenCalled();
    vi.unstubAllGlobals();
    expect(interpreted).toEqual(compiled);
    expect(compiled.filter((each) => each?.every(Number.isFinite)).length).toBeGreaterThan(30);
  });

  function attempt(text: string): number[] | undefined {
    try {
      return results(text);
    } catch (error) {
      if (error instanceof ExpressionError) return undefined;
      throw error;
    }
  }

  it('have the same energy with their slopes as without', () => {
    for (const text of ['4*((y/x)^12-(y/x)^6)', 'x/y+exp(x)/x^3', 'x^7*y+x^3/x^5']) {
      const [alone, together] = results(text);
      expect(alone).toBe(together);
    }
  });

  it('show the engine no character of the text they came from', () => {
    const sources: string[] = [];
    vi.stubGlobal('Function', function listen(...parts: string[]) {
      sources.push(...parts);
      throw new EvalError('only listening');
    });
    formulaKernel('total*x + evil; evil=sin(total); total=2*y', {
      ...inputs,
      parameters: new Map([['y', 1]]),
    }).energy(values, 0, 1);
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.join()).not.toMatch(/evil|\by\b|\bx\b/);
  });

  it('multiply few factors for whole powers, each made before it is used', () => {
    for (const exponents of [[6, 12], [12, 6, 11, 5], [2], [1023], [7, 14, 3]]) {
      const made = new Set([1]);
      for (const [n, i, j] of powerChain(exponents)) {
        expect(made.has(i) && made.has(j) && i + j === n).toBe(true);
        made.add(n);
      }
      for (const each of exponents) expect(made.has(each)).toBe(true);
    }
    expect(powerChain([6, 12])).toHaveLength(4);
    expect(powerChain([1023]).length).toBeLessThanOrEqual(18);
  });
});

describe('the error function', () => {
  // To 16 digits: the NIST Digital Library of Mathematical Functions, 7.2, and its tables.
  it.each([
    [0, 0, 1],
    [0.5, 0.5204998778130465, 0.4795001221869535],
    [1, 0.8427007929497149, 0.15729920705028513],
    [2, 0.9953222650189527, 0.004677734981047266],
    [-1, -0.8427007929497149, 1.8427007929497148],
    [5, 0.9999999999984626, 1.5374597944280349e-12],
    [10, 1, 2.088487583762545e-45],
    [26, 1, 5.663192408856143e-296],
    [Infinity, 1, 0],
    [-Infinity, -1, 2],
  ])('of %d is %d, and its complement %d', (x, value, complement) => {
    expect(Math.abs(erf(x) - value)).toBeLessThanOrEqual(1e-15 * Math.abs(value));
    const rounding = Number.isFinite(x) ? 4e-15 + 4e-16 * x * x : 0;
    expect(Math.abs(erfc(x) - complement)).toBeLessThanOrEqual(rounding * complement);
  });

  it('is odd, and NaN of NaN', () => {
    expect(erf(-0.3)).toBe(-erf(0.3));
    expect(erfc(Number.NaN)).toBe(Number.NaN);
    expect(erf(Number.NaN)).toBe(Number.NaN);
  });
});
