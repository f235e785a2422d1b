/**
 * The number that a field of a Fortran or PDB file holds, with `D` for an exponent too, or NaN: for an
 * empty field, for the asterisks of a number that did not fit, and for infinities.
 */
export function parseReal(field: string): number {
  const text = field.trim();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?$/.test(text)) return Number.NaN;
  const value = Number(text.replace(/[dD]/, 'e'));
  return Number.isFinite(value) ? value : Number.NaN;
}

/** The integer that a field holds, or NaN where it holds none that 32 bits can. */
export function parseInteger(field: string): number {
  const text = field.trim();
  if (!/^[+-]?\d+$/.test(text)) return Number.NaN;
  const value = Number(text);
  return Math.abs(value) < 2 ** 31 ? value : Number.NaN;
}
