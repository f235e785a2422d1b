import { ExpressionError, type Span } from './expressionError.ts';

export type TokenKind = 'number' | 'name' | 'symbol' | 'end';

export interface Token extends Span {
  readonly kind: TokenKind;
  readonly text: string;
}

const space = /\s+/y;
const number = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
// As a mathematician names things: σ, k_bond, x₁. Whatever follows a name's first letter stays with it.
const name = /[\p{L}_][\p{L}\p{M}\p{N}_]*/uy;
const symbols = '+-*/^(),;=';

// What people write in other languages, and what to write here.
const foreign: Readonly<Record<string, string>> = {
  '**': 'write x^2 for a power',
  '<': 'write step(b - a) for a < b',
  '>': 'write step(a - b) for a > b',
  '?': 'write select(condition, a, b)',
  '[': 'parentheses are round here',
  '{': 'parentheses are round here',
  '·': 'write * for a product',
  '×': 'write * for a product',
  '−': 'write an ASCII minus, -',
  ':': 'definitions are separated by semicolons: "k*r; k = 2"',
};

/**
 * The tokens of a formula, an `end` token last.
 *
 * @throws {ExpressionError} at a character that no formula has, and at a number that is none (`1.2.3`).
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  const push = (kind: TokenKind, found: string): void => {
    tokens.push({ kind, text: found, start: at, end: at + found.length });
    at += found.length;
  };
  while (at < text.length) {
    const blank = match(space);
    if (blank !== undefined) {
      at += blank.length;
      continue;
    }
    const digits = match(number);
    if (digits !== undefined) {
      push('number', digits);
      const follower = match(number) ?? match(name) ?? (text[at] === '.' ? '.' : undefined);
      if (follower !== undefined) throw runOn(text, at - digits.length, digits, follower);
      continue;
    }
    const word = match(name);
    if (word !== undefined) {
      push('name', word);
      continue;
    }
    const pair = text.slice(at, at + 2);
    if (symbols.includes(text[at]) && pair !== '**') {
      push('symbol', text[at]);
      continue;
    }
    const odd = pair === '**' ? pair : String.fromCodePoint(text.codePointAt(at) ?? 0);
    const advice = foreign[odd];
    throw new ExpressionError(
      `unexpected "${odd}"${advice === undefined ? '' : `: ${advice}`}`,
      text,
      { start: at, end: at + odd.length },
    );
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length });
  return tokens;
}

function runOn(text: string, start: number, digits: string, follower: string): ExpressionError {
  const end = start + digits.length + follower.length;
  const isName = /^[\p{L}_]/u.test(follower);
  const problem = isName
    ? `"${digits}${follower}" is neither a number nor a name; write ${digits}*${follower} for a product`
    : `"${digits}${follower}" is not a number`;
  return new ExpressionError(problem, text, { start, end });
}
