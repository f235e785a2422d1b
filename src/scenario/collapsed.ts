/** One number where there are two states, an array where there are more: how `result.json` says it. */
export function collapsed(values: readonly number[]): number | readonly number[] {
  return values.length === 1 ? values[0] : values;
}

/** The same, as an array in either case. */
export function listed(value: number | readonly number[]): readonly number[] {
  return typeof value === 'number' ? [value] : value;
}
