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
    // By default trees are hardly more than leaves, and precedence is never in question.
    { maxDepth: 5, depthSize: 'max', withCrossShrink: true },
    // A sign before a number is an operator, so that there are no numbers below zero.
    {
      weight: 2,
      arbitrary: fc
        .oneof(
          fc.integer({ min: 0, max: 12 }),
          fc.integer({ min: 1, max: 2000 }).map((value) => value / 400),
          fc.double({ min: 0, max: 1e6, noNaN: true }).map(Math.abs),
        )
        .map((value): SyntaxTree => ({ kind: 'number', value, ...place })),
    },
    {
      weight: 4,
      arbitrary: fc
        .constantFrom('x', 'y')
        .map((name): SyntaxTree => ({ kind: 'name', name, ...place })),
    },
    {
      weight: 6,
      arbitrary: fc
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
    },
    {
      weight: 2,
      arbitrary: tie('tree').map((of): SyntaxTree => ({ kind: 'negative', of, ...place })),
    },
    {
      weight: 3,
      arbitrary: fc
        .constantFrom(...formulaFunctions)
        .chain(([name, { arity }]) =>
          fc
            .array(tie('tree'), { minLength: arity, maxLength: arity })
            .map((parameters): SyntaxTree => ({ kind: 'call', name, parameters, ...place })),
        ),
    },
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
