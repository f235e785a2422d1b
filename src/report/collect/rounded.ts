/** `value` to `digits` significant digits: a picture needs no more, and the page stays small. */
export function rounded(value: number, digits = 5): number {
  return Number(value.toPrecision(digits));
}
