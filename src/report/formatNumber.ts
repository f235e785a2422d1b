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

/** `1 transition`, `5 259 transitions`. */
export function counted(count: number, thing: string): string {
  return `${readableCount(count)} ${thing}${Math.round(count) === 1 ? '' : 's'}`;
}

/** To `digits` significant digits, without trailing zeros; exponents only beyond six places. */
export function significant(value: number, digits = 4): string {
  return minus(String(Number(value.toPrecision(digits))));
}

/** At most three digits and a size: `1.79 M`, `200 k`, `35`, `0.015`, `6.5e−5`. */
export function compact(value: number): string {
  const size = Math.abs(value);
  const parts = [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e4, 'k'],
  ] as const;
  for (const [limit, letter] of parts) {
    const unit = letter === 'k' ? 1e3 : limit;
    if (size >= limit) return `${significant(value / unit, 3)}\u00a0${letter}`;
  }
  if (size >= 1000) return readableCount(value);
  if (size > 0 && size < 0.001) {
    const [digits, exponent] = value.toExponential(1).split('e');
    return `${significant(Number(digits), 2)}e${minus(exponent.replace('+', ''))}`;
  }
  return significant(value, 3);
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
