/** A value as a message quotes it, cut where it is long. */
export function show(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  // JSON has no NaN and no infinity.
  const quoted = (_: string, part: unknown): unknown =>
    typeof part === 'number' && !Number.isFinite(part) ? String(part) : part;
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value, quoted) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
