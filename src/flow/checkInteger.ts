/** @throws {RangeError} unless `value`, called `name`, is an integer of at least `least`. */
export function checkInteger(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new RangeError(`"${name}" expected an integer of at least ${least}, got ${value}`);
  }
}
