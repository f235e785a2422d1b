import { ErgoflowError } from '../../core/errors.ts';

/** Characters `start` to `end` (exclusive) of a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A formula cannot be used; the message shows the place with a line of carets. */
export class ExpressionError extends ErgoflowError {
  override name = 'ExpressionError' as const;
  /** The formula as given. */
  readonly text: string;
  /** Where in `text` the problem sits. */
  readonly span: Span;
  /** What is wrong, without the place. */
  readonly problem: string;

  constructor(problem: string, text: string, span: Span) {
    super(`${problem}\n${pointAt(text, span)}`);
    this.text = text;
    this.span = span;
    this.problem = problem;
  }
}

// A generated formula may be one line of many thousand characters.
const shownOnEitherSide = 60;

/** The line of `text` in which the span starts, with carets under it. */
function pointAt(text: string, span: Span): string {
  const lineStart = text.lastIndexOf('\n', span.start - 1) + 1;
  const lineBreak = text.indexOf('\n', span.start);
  const lineEnd = lineBreak === -1 ? text.length : lineBreak;
  const from = Math.max(lineStart, span.start - shownOnEitherSide);
  const to = Math.min(lineEnd, Math.max(span.start + shownOnEitherSide, span.start + 1));
  const before = from > lineStart ? '…' : '';
  const after = to < lineEnd ? '…' : '';
  const carets = Math.max(1, Math.min(span.end, to) - span.start);
  // Tabs and the like would part the carets from what they point at.
  const shown = text.slice(from, to).replace(/\s/g, ' ');
  const indent = ' '.repeat(before.length + span.start - from);
  return `  ${before}${shown}${after}\n  ${indent}${'^'.repeat(carets)}`;
}
