import type { Span } from './expressionError.ts';

/** The operators between two operands. */
export type BinaryOperator = '+' | '-' | '*' | '/' | '^';

/** What was written, with its place in the text. */
export type SyntaxTree =
  | ({ readonly kind: 'number'; readonly value: number } & Span)
  | ({ readonly kind: 'name'; readonly name: string } & Span)
  | ({ readonly kind: 'negative'; readonly of: SyntaxTree } & Span)
  | ({
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: SyntaxTree;
      readonly right: SyntaxTree;
    } & Span)
  | ({
      readonly kind: 'call';
      readonly name: string;
      readonly parameters: readonly SyntaxTree[];
    } & Span);

/** `name = value`, after the formula that uses it. */
export interface Definition extends Span {
  readonly name: string;
  readonly value: SyntaxTree;
}

/** `4*e*r; e = 1`: a value and the definitions behind it, in the order written. */
export interface Formula {
  readonly text: string;
  readonly value: SyntaxTree;
  readonly definitions: readonly Definition[];
}

/** How tightly operators bind; as in OpenMM, −x² is −(x²), and 2^−x is a power. */
export const binding: Readonly<Record<BinaryOperator | 'negative', number>> = {
  '+': 1,
  '-': 1,
  '*': 2,
  '/': 2,
  negative: 3,
  '^': 4,
};

/** The text of a tree, with no more parentheses than it needs; parsed again it is the same tree. */
export function printTree(tree: SyntaxTree, least = 0): string {
  switch (tree.kind) {
    case 'number':
      return String(tree.value);
    case 'name':
      return tree.name;
    case 'call':
      return `${tree.name}(${tree.parameters.map((each) => printTree(each)).join(', ')})`;
    case 'negative':
      return enclosed(`-${printTree(tree.of, binding.negative)}`, binding.negative < least);
    case 'binary': {
      const own = binding[tree.operator];
      const isPower = tree.operator === '^';
      const left = printTree(tree.left, isPower ? own + 1 : own);
      // An exponent may be negative without parentheses: 2^-x.
      const right = printTree(tree.right, isPower ? binding.negative : own + 1);
      const operator = isPower ? '^' : ` ${tree.operator} `;
      return enclosed(`${left}${operator}${right}`, own < least);
    }
  }
}

function enclosed(text: string, isNeeded: boolean): string {
  return isNeeded ? `(${text})` : text;
}
