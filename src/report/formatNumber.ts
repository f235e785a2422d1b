/** A value and its standard error with as many digits as the error justifies: `3.380 ± 0.012`. */
export function withError(value: number, standardError: number): string {
  if (!(standardError > 0) || !Number.isFinite(standardError)) return minus(significant(value, 6));
  // Two digits of the error, and the value to the same place.
  const places = Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(standardError))));
  return `${minus(value.toFixed(places))} ± ${standardError.toFixed(places)}`;
}

/** `1 234 567`, in groups of three that no line break parts. */
export function readableCount(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');
}

/** To `digits` significant digits, without trailing zeros; exponents only beyond six places. */
export function significant(value: number, digits = 4): string {
  return minus(String(Number(value.toPrecision(digits))));
}

/** `12.3 %`, on one line. */
export function percent(share: number, places = 1): string {
  return `${minus((100 * share).toFixed(places))}\u00a0%`;
}

/** A factor as people say it: `1.3`, `17`, `2 400`. */
export function factor(value: number): string {
  if (value >= 1000) return readableCount(Number(value.toPrecision(2)));
  return String(Number(value.toPrecision(2)));
}

function minus(text: string): string {
  return text.replace(/^-/, '−');
}
