import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpressionError } from '../../../src/md/expression/expressionError.ts';
import { parseFormula } from '../../../src/md/expression/parseFormula.ts';
import { printTree } from '../../../src/md/expression/syntaxTree.ts';
import { anyTree, evaluated, placeless } from './formulas.ts';

/** The message of the error that `text` ends in. */
function complaint(text: string): string {
  try {
    evaluated(text, { r: 2, sigma1: 1, sigma2: 1 });
  } catch (error) {
    if (error instanceof ExpressionError) return error.message;
    throw error;
  }
  return 'none';
}

describe('the grammar of formulas', () => {
  it.each([
    ['2^3^2', 2 ** (3 ** 2)],
    ['-3^2', -9],
    ['(-3)^2', 9],
    ['2^-1', 0.5],
    ['2^-1*4', 2],
    ['2^-2^2', 2 ** -4],
    ['8/4/2', 1],
    ['8-4-2', 2],
    ['2-3*4+5', -5],
    ['-2*-3', 6],
    ['--2', 2],
    ['1e-3+.5+2.', 2.501],
    ['1.5E+2', 150],
    ['  2 * \n\t3 ', 6],
    ['select(0, 1, select(2, 3, 4))', 3],
  ])('reads %s as %d', (text, value) => {
    expect(evaluated(text).value).toBeCloseTo(value, 14);
  });

  it.each([
    ['a*r; a=2*b; b=3', 12],
    ['a*r; b=3; a=2*b', 12],
    ['a; a=a+1; a=r', 3],
    ['r; ; ', 2],
    ['b; r=5; b=r', 2],
    ['a+b;a=c;b=c;c=r', 4],
    ['0.5*(sigma1+sigma2)*step; step=step(r-1)', 1],
  ])('reads the definitions of %s as OpenMM does, in any order', (text, value) => {
    expect(evaluated(text, { r: 2, sigma1: 1, sigma2: 1 }).value).toBe(value);
  });

  it('names what is written in letters of any alphabet', () => {
    expect(evaluated('σ*ε_1', { σ: 2, ε_1: 3 }).value).toBe(6);
  });

  it.each([
    ['4*sqr(r)', 'unknown function "sqr", did you mean "sqrt"?\n  4*sqr(r)\n    ^^^'],
    ['2*sigma*r', 'unknown name "sigma", did you mean "sigma1"?\n  2*sigma*r\n    ^^^^^'],
    [
      '2*epsilon',
      'unknown name "epsilon"; known here: r, sigma1, sigma2\n  2*epsilon\n    ^^^^^^^',
    ],
    ['min(r)', 'min takes 2 values, got 1\n  min(r)\n  ^^^^^^'],
    ['select(1,2,3,4)', 'select takes 3 values, got 4\n  select(1,2,3,4)\n  ^^^^^^^^^^^^^^^'],
    ['sin()', 'sin is called without a value\n  sin()\n      ^'],
    ['(r + 2', '"(" is never closed\n  (r + 2\n  ^'],
    ['sin(r; r=2', '"(" is never closed\n  sin(r; r=2\n     ^'],
    ['r + 2)', '")" without its "("\n  r + 2)\n       ^'],
    ['r +', 'expected a number, a name or "(", got the end\n  r +\n     ^'],
    ['', 'expected a number, a name or "(", got the end\n  \n  ^'],
    ['+r', 'expected a number, a name or "(", got "+"\n  +r\n  ^'],
    ['2r', '"2r" is neither a number nor a name; write 2*r for a product\n  2r\n  ^^'],
    ['1.2.3', '"1.2.3" is not a number\n  1.2.3\n  ^^^^^'],
    ['r r', 'expected an operator, ";" or the end, got "r"\n  r r\n    ^'],
    ['r**2', 'unexpected "**": write x^2 for a power\n  r**2\n   ^^'],
    ['r < 2', 'unexpected "<": write step(b - a) for a < b\n  r < 2\n    ^'],
    ['r = 2', '"=" belongs into a definition behind a semicolon: "k*r; k = 2"\n  r = 2\n    ^'],
    ['k*r; k', 'a definition reads "k = …"; expected "=", got the end\n  k*r; k\n        ^'],
    ['k*r; 2 = k', 'expected the name of a definition, got "2"\n  k*r; 2 = k\n       ^'],
    ['r(2)', 'r is not a function; write r*(…) for a product\n  r(2)\n  ^'],
    ['sin', 'sin is a function and needs its value in parentheses\n  sin\n  ^^^'],
    ['1/(2-2)', 'division by zero\n  1/(2-2)\n     ^^^'],
    ['r*log(0)', 'this is always -Infinity\n  r*log(0)\n    ^^^^^^'],
    ['1e999', '1e999 is beyond double precision\n  1e999\n  ^^^^^'],
    ['a; a=b; b=a', 'cyclic definitions: a → b → a\n  a; a=b; b=a\n            ^'],
    ['a; a=a+1', 'cyclic definitions: a → a\n  a; a=a+1\n       ^'],
    ['2*\n  sqr(r)', 'unknown function "sqr", did you mean "sqrt"?\n    sqr(r)\n    ^^^'],
    ['constructor(r)', 'unknown function "constructor"\n  constructor(r)\n  ^^^^^^^^^^^'],
    [
      '__proto__',
      'unknown name "__proto__"; known here: r, sigma1, sigma2\n  __proto__\n  ^^^^^^^^^',
    ],
  ])('refuses %j and points at the place', (text, message) => {
    expect(complaint(text)).toBe(message);
  });

  it('shows the neighbourhood of a mistake in a formula of many thousand characters', () => {
    const text = `${'r+'.repeat(3000)}q${'+r'.repeat(3000)}`;
    const [problem, line, carets] = complaint(text).split('\n');
    expect(problem).toBe('unknown name "q", did you mean "r"?');
    expect(line.length).toBeLessThan(140);
    expect(line[carets.indexOf('^')]).toBe('q');
  });

  it('adds five thousand terms, and refuses a nesting of ten thousand', () => {
    expect(evaluated(`0${'+1*r'.repeat(5000)}`, { r: 2 })).toEqual({
      value: 10_000,
      slopes: { r: 5000 },
    });
    for (const deep of ['('.repeat(10_000), '-'.repeat(10_000), `${'2^'.repeat(10_000)}2`]) {
      expect(() => parseFormula(deep)).toThrow(ExpressionError);
    }
  });

  it('reads what it prints as the same tree', () => {
    fc.assert(
      fc.property(anyTree, (tree) => {
        const again = parseFormula(printTree(tree)).value;
        expect(placeless(again)).toEqual(placeless(tree));
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it('meets any text with a tree or an ExpressionError whose place is in the text', () => {
    const pieces = fc.constantFrom(
      ...'()+-*/^,;=.e12rx \n',
      'sin',
      'r',
      '1e',
      '**',
      'σ',
      '𝔵',
      '\u0000',
    );
    const texts = fc.oneof(
      fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes)),
      fc.array(pieces, { maxLength: 30 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          parseFormula(text);
          return true;
        } catch (error) {
          if (!(error instanceof ExpressionError)) throw error;
          const { start, end } = error.span;
          return 0 <= start && start <= end && end <= text.length;
        }
      }),
      { numRuns: 1000, seed: 2 },
    );
  });
});
