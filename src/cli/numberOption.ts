import { InvalidArgumentError } from '@commander-js/extra-typings';

/** Parses an option that is an integer from `min` to `max`. */
export function integer(min: number, max: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(`expected an integer from ${min} to ${max}, got "${text}".`);
    }
    return value;
  };
}

/** Parses an option that is a number above zero. */
export function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) {
    throw new InvalidArgumentError(`expected a positive number, got "${text}".`);
  }
  return value;
}
