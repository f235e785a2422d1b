import { ExpressionError, type Span } from './expressionError.ts';
import {
  type BinaryOperator,
  binding,
  type Definition,
  type Formula,
  type SyntaxTree,
} from './syntaxTree.ts';
import { type Token, tokenize } from './tokenize.ts';

// Deeper nesting is a machine's, and would end in a stack overflow that names nothing.
const deepest = 250;

/**
 * Parses a formula in the grammar of OpenMM's custom forces.
 *
 *     formula    = sum { ";" [ name "=" sum ] }
 *     sum        = product { ("+" | "-") product }
 *     product    = signed { ("*" | "/") signed }
 *     signed     = "-" signed | power
 *     power      = value [ "^" signed ]                    a^b^c is a^(b^c), −a^b is −(a^b)
 *     value      = number | name | name "(" sum { "," sum } ")" | "(" sum ")"
 *
 * A parser of our own, because none that npm keeps reads this grammar: mathjs (17.6 MB) also takes
 * implicit products, units, matrices, comparisons and assignments, so that a slip means something
 * else instead of being refused, and neither it nor the small evaluators (jsep, expr-eval) know
 * OpenMM's functions and their derivatives, which are most of the work. Names are only ever looked up in
 * maps that we fill, and the text is never handed to the JavaScript engine.
 *
 * @throws {ExpressionError} pointing at the character that does not fit.
 * Eastman, Lepton Mathematical Expression Parser, as in OpenMM 8; the OpenMM User Guide, "Custom Forces".
 */
export function parseFormula(text: string): Formula {
  const tokens = tokenize(text);
  let position = 0;

  const value = parse(0, 0);
  const definitions: Definition[] = [];
  while (peek().kind !== 'end') {
    expectSymbol(';', 'expected an operator, ";" or the end');
    if (peek().kind === 'end' || isSymbol(';')) continue;
    definitions.push(definition());
  }
  return { text, value, definitions };

  function peek(): Token {
    return tokens[position];
  }

  function isSymbol(symbol: string): boolean {
    return peek().kind === 'symbol' && peek().text === symbol;
  }

  function expectSymbol(symbol: string, problem: string): Token {
    if (!isSymbol(symbol)) throw unexpected(problem);
    return tokens[position++];
  }

  function unexpected(problem: string): ExpressionError {
    const { kind, text: found } = peek();
    if (kind === 'symbol' && found === '=') {
      return fail('"=" belongs into a definition behind a semicolon: "k*r; k = 2"', peek());
    }
    if (kind === 'symbol' && found === ')') return fail('")" without its "("', peek());
    return fail(`${problem}, got ${kind === 'end' ? 'the end' : `"${found}"`}`, peek());
  }

  function fail(problem: string, span: Span): ExpressionError {
    return new ExpressionError(problem, text, span);
  }

  function definition(): Definition {
    const name = peek();
    if (name.kind !== 'name') throw unexpected('expected the name of a definition');
    position++;
    expectSymbol('=', `a definition reads "${name.text} = …"; expected "="`);
    const defined = parse(0, 0);
    return { name: name.text, value: defined, start: name.start, end: name.end };
  }

  /** A value and the operators behind it that bind at least as tightly as `least`. */
  function parse(least: number, depth: number): SyntaxTree {
    if (depth > deepest) throw fail(`nested more than ${deepest} deep`, peek());
    let left = operand(depth);
    for (;;) {
      const operator = binaryOperator();
      if (operator === undefined || binding[operator] < least) return left;
      position++;
      // Of equals the left one binds first, but for powers, whose exponent takes signs and powers along.
      const right = parse(operator === '^' ? binding['^'] : binding[operator] + 1, depth + 1);
      left = { kind: 'binary', operator, left, right, start: left.start, end: right.end };
    }
  }

  function binaryOperator(): BinaryOperator | undefined {
    const { kind, text: found } = peek();
    if (kind !== 'symbol') return undefined;
    return found === '+' || found === '-' || found === '*' || found === '/' || found === '^'
      ? found
      : undefined;
  }

  function operand(depth: number): SyntaxTree {
    const token = peek();
    const { start, end } = token;
    if (token.kind === 'number') {
      position++;
      const number = Number(token.text);
      if (!Number.isFinite(number)) throw fail(`${token.text} is beyond double precision`, token);
      return { kind: 'number', value: number, start, end };
    }
    if (token.kind === 'name') {
      position++;
      return isSymbol('(') ? call(token, depth) : { kind: 'name', name: token.text, start, end };
    }
    if (isSymbol('-')) {
      position++;
      const of = parse(binding.negative, depth + 1);
      return { kind: 'negative', of, start, end: of.end };
    }
    if (isSymbol('(')) {
      position++;
      const inner = parse(0, depth + 1);
      closing(token);
      return inner;
    }
    throw unexpected('expected a number, a name or "("');
  }

  function call(name: Token, depth: number): SyntaxTree {
    const opening = expectSymbol('(', 'expected "("');
    if (isSymbol(')')) throw fail(`${name.text} is called without a value`, peek());
    const parameters = [parse(0, depth + 1)];
    while (isSymbol(',')) {
      position++;
      parameters.push(parse(0, depth + 1));
    }
    const { end } = closing(opening);
    return { kind: 'call', name: name.text, parameters, start: name.start, end };
  }

  function closing(opening: Token): Token {
    if (peek().kind === 'end' || isSymbol(';')) throw fail('"(" is never closed', opening);
    return expectSymbol(')', 'expected an operator or ")"');
  }
}
