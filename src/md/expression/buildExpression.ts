import { didYouMean } from '../../core/didYouMean.ts';
import type { Algebra, Node } from './algebra.ts';
import { ExpressionError, type Span } from './expressionError.ts';
import { formulaFunctions, raise } from './functions.ts';
import type { Definition, Formula, SyntaxTree } from './syntaxTree.ts';

/** What the names of a formula stand for. */
export interface Scope {
  /** The node of each variable and parameter. */
  readonly names: ReadonlyMap<string, Node>;
  /** Why a name that looks right is not one, as a hint: `sigma` where there are sigma1 and sigma2. */
  readonly hints?: ReadonlyMap<string, string>;
}

export interface Built {
  readonly value: Node;
  /** The names of the scope that the value depends on by its text. */
  readonly used: ReadonlySet<string>;
}

/**
 * The graph of a formula, its definitions put in where they are used.
 *
 * A name is looked up as in OpenMM: the nearest definition behind the place wins, so that a definition
 * may use, and even redefine, what comes after it; then the names of the scope; then, where OpenMM
 * gives up, definitions in front, so that their order is free. Definitions that nothing uses are
 * parsed and no more, as in OpenMM.
 * @throws {ExpressionError} for an unknown name or function, a wrong number of values, a division by
 *   zero, a constant that is not finite, and definitions that need themselves.
 */
export function buildExpression(formula: Formula, scope: Scope, a: Algebra): Built {
  const { text, definitions } = formula;
  const used = new Set<string>();
  const built = new Map<Definition, Node>();
  const underWay: Definition[] = [];
  return { value: build(formula.value, -1), used };

  function fail(problem: string, span: Span): ExpressionError {
    return new ExpressionError(problem, text, span);
  }

  /** The node of a tree that stands in definition `at`, or in the value where that is −1. */
  function build(tree: SyntaxTree, at: number): Node {
    // A sum of thousands of terms is that deep to the left: walked down in a loop, not in calls.
    const spine: Extract<SyntaxTree, { kind: 'binary' }>[] = [];
    let left = tree;
    while (left.kind === 'binary') {
      spine.push(left);
      left = left.left;
    }
    let node = operand(left, at);
    for (const binary of spine.reverse()) {
      node = finite(apply(binary, node, build(binary.right, at)), binary);
    }
    return node;
  }

  function operand(tree: Exclude<SyntaxTree, { kind: 'binary' }>, at: number): Node {
    switch (tree.kind) {
      case 'number':
        return a.number(tree.value);
      case 'name':
        return named(tree.name, tree, at);
      case 'negative':
        return a.negate(build(tree.of, at));
      case 'call':
        return finite(call(tree, at), tree);
    }
  }

  function apply(
    { operator, right: place }: Extract<SyntaxTree, { kind: 'binary' }>,
    left: Node,
    right: Node,
  ): Node {
    switch (operator) {
      case '+':
        return a.add(left, right);
      case '-':
        return a.subtract(left, right);
      case '*':
        return a.multiply(left, right);
      case '/':
        if (a.constant(right) === 0) throw fail('division by zero', place);
        return a.divide(left, right);
      case '^':
        return raise(a, left, right);
    }
  }

  function call(tree: Extract<SyntaxTree, { kind: 'call' }>, at: number): Node {
    const { name, parameters, start } = tree;
    const called = formulaFunctions.get(name);
    const place = { start, end: start + name.length };
    if (called === undefined) {
      if (scope.names.has(name) || definitions.some((each) => each.name === name)) {
        throw fail(`${name} is not a function; write ${name}*(…) for a product`, place);
      }
      throw fail(
        `unknown function "${name}"${suggestion(name, [...formulaFunctions.keys()])}`,
        place,
      );
    }
    if (parameters.length !== called.arity) {
      const expected = `${called.arity} value${called.arity === 1 ? '' : 's'}`;
      throw fail(`${name} takes ${expected}, got ${parameters.length}`, tree);
    }
    const of = parameters.map((each) => build(each, at));
    return called.build?.(a, of) ?? a.call(name, of);
  }

  /** A constant that is no number is a mistake of the formula, whatever the coordinates. */
  function finite(node: Node, place: Span): Node {
    const value = a.constant(node);
    if (value === undefined || Number.isFinite(value)) return node;
    throw fail(`this is always ${value}`, place);
  }

  function named(name: string, place: Span, at: number): Node {
    const behind = definitions.find((each, i) => i > at && each.name === name);
    if (behind !== undefined) return defined(behind, place);
    const node = scope.names.get(name);
    if (node !== undefined) {
      used.add(name);
      return node;
    }
    const before = definitions.find((each) => each.name === name);
    if (before !== undefined) return defined(before, place);
    const hint = scope.hints?.get(name);
    if (hint !== undefined) throw fail(hint, place);
    if (formulaFunctions.has(name)) {
      throw fail(`${name} is a function and needs its value in parentheses`, place);
    }
    const candidates = [...scope.names.keys(), ...definitions.map((each) => each.name)];
    const known = candidates.length === 0 ? '' : `; known here: ${listed(candidates)}`;
    throw fail(`unknown name "${name}"${suggestion(name, candidates) || known}`, place);
  }

  function defined(definition: Definition, place: Span): Node {
    const node = built.get(definition);
    if (node !== undefined) return node;
    if (underWay.includes(definition)) {
      const circle = [...underWay.slice(underWay.indexOf(definition)), definition];
      throw fail(`cyclic definitions: ${circle.map((each) => each.name).join(' → ')}`, place);
    }
    underWay.push(definition);
    const value = build(definition.value, definitions.indexOf(definition));
    underWay.pop();
    built.set(definition, value);
    return value;
  }
}

function suggestion(name: string, candidates: readonly string[]): string {
  const meant = didYouMean(name, candidates);
  return meant === undefined ? '' : `, did you mean "${meant}"?`;
}

function listed(names: readonly string[]): string {
  return [...names.slice(0, 12), ...(names.length > 12 ? ['…'] : [])].join(', ');
}
