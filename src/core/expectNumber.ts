/** Checks of numeric options at the door: each returns the value, or throws naming it and the offender. */

/** @throws {RangeError} unless `value` is a finite number. */
export function expectFinite(name: string, value: number): number {
  if (!Number.isFinite(value)) {
    throw new RangeError(`"${name}" expected a finite number, got ${value}`);
  }
  return value;
}

/** @throws {RangeError} unless `value` is a finite number above zero. */
export function expectPositive(name: string, value: number): number {
  if (!(Number.isFinite(value) && value > 0)) {
    throw new RangeError(`"${name}" expected a positive number, got ${value}`);
  }
  return value;
}

/** @throws {RangeError} unless `value` is a finite number that is not below zero. */
export function expectNonNegative(name: string, value: number): number {
  if (!(Number.isFinite(value) && value >= 0)) {
    throw new RangeError(`"${name}" expected zero or a positive number, got ${value}`);
  }
  return value;
}

/** @throws {RangeError} unless `value` is in [from, to). */
export function expectWithin(name: string, value: number, from: number, to: number): number {
  if (!(value >= from && value < to)) {
    throw new RangeError(`"${name}" expected a number in [${from}, ${to}), got ${value}`);
  }
  return value;
}

/** @throws {RangeError} unless `value` is an integer of at least `least`. */
export function expectInteger(name: string, value: number, least: number): number {
  if (!(Number.isSafeInteger(value) && value >= least)) {
    throw new RangeError(`"${name}" expected an integer of at least ${least}, got ${value}`);
  }
  return value;
}
