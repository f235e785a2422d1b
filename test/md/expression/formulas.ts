import fc from 'fast-check';
import { formulaKernel } from '../../../src/md/expression/formulaKernel.ts';
import { formulaFunctions } from '../../../src/md/expression/functions.ts';
import type { BinaryOperator, SyntaxTree } from '../../../src/md/expression/syntaxTree.ts';

/** U and ∂U/∂x of a formula of named values. */
export function evaluated(
  text: string,
  values: Readonly<Record<string, number>> = {},
): { value: number; slopes: Record<string, number> } {
  const names = Object.keys(values);
  const kernel = formulaKernel(text, {
    variables: names.map((name) => ({ names: [name] })),
    parameters: new Map(),
    terms: 1,
    describe: () => 'term',
  });
  const slopes = new Float64Array(names.length);
  const value = kernel.energyAndSlopes(Float64Array.from(Object.values(values)), 0, 1, slopes);
  return { value, slopes: Object.fromEntries(names.map((name, i) => [name, slopes[i]])) };
}

const place = { start: 0, end: 0 };

/** A tree of the names x and y, of every operator and function. */
export const anyTree: fc.Arbitrary<SyntaxTree> = fc.letrec<{ tree: SyntaxTree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc
      .oneof(fc.integer({ min: 0, max: 12 }), fc.double({ min: 0, max: 1e6, noNaN: true }))
      // A sign before a number is an operator, so that −0 is no number of the grammar.
      .map((value): SyntaxTree => ({ kind: 'number', value: Math.abs(value), ...place })),
    fc.constantFrom('x', 'y').map((name): SyntaxTree => ({ kind: 'name', name, ...place })),
    fc
      .tuple(fc.constantFrom<BinaryOperator>('+', '-', '*', '/', '^'), tie('tree'), tie('tree'))
      .map(
        ([operator, left, right]): SyntaxTree => ({
          kind: 'binary',
          operator,
          left,
          right,
          ...place,
        }),
      ),
    tie('tree').map((of): SyntaxTree => ({ kind: 'negative', of, ...place })),
    fc
      .tuple(
        fc.constantFrom(...formulaFunctions.keys()),
        fc.tuple(tie('tree'), tie('tree'), tie('tree')),
      )
      .map(
        ([name, parameters]): SyntaxTree => ({
          kind: 'call',
          name,
          parameters: parameters.slice(0, formulaFunctions.get(name)?.arity),
          ...place,
        }),
      ),
  ),
})).tree;

/** The same tree with no places, for comparison. */
export function placeless(tree: SyntaxTree): SyntaxTree {
  switch (tree.kind) {
    case 'number':
    case 'name':
      return { ...tree, ...place };
    case 'negative':
      return { ...tree, of: placeless(tree.of), ...place };
    case 'binary':
      return { ...tree, left: placeless(tree.left), right: placeless(tree.right), ...place };
    case 'call':
      return { ...tree, parameters: tree.parameters.map(placeless), ...place };
  }
}

/** The value of a tree by the plainest possible walk, which shares nothing with the compiler. */
export function plainValue(tree: SyntaxTree, names: Readonly<Record<string, number>>): number {
  switch (tree.kind) {
    case 'number':
      return tree.value;
    case 'name':
      return names[tree.name];
    case 'negative':
      return -plainValue(tree.of, names);
    case 'binary': {
      const [a, b] = [plainValue(tree.left, names), plainValue(tree.right, names)];
      return { '+': a + b, '-': a - b, '*': a * b, '/': a / b, '^': a ** b }[tree.operator];
    }
    case 'call':
      return (
        formulaFunctions
          .get(tree.name)
          ?.evaluate(...tree.parameters.map((each) => plainValue(each, names))) ?? Number.NaN
      );
  }
}
