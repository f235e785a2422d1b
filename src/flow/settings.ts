import type { Bijector } from './bijector.ts';
import { ArchitectureError } from './errors.ts';

/**
 * The settings of one bijector, read from JSON of unknown origin. Each method takes one setting and
 * complains about it by path; `end` complains about settings that nobody took.
 */
export interface Settings {
  /** @param largest more is a damaged file, and would exhaust the memory. */
  integer(name: string, largest?: number): number;
  integers(name: string): number[];
  number(name: string): number;
  numbers(name: string): number[];
  rows(name: string): number[][];
  pair(name: string): [number[], number[]] | undefined;
  choice<Value extends string>(name: string, values: readonly Value[]): Value;
  bijector(name: string): Bijector;
  bijectors(name: string): [Bijector, ...Bijector[]];
  end(): void;
}

/** The largest number that passes for a coordinate or a size. */
const LARGEST = 2 ** 20;

/** @param build makes a nested bijector, given its description and its path. */
export function settingsOf(
  record: Readonly<Record<string, unknown>>,
  path: string,
  build: (description: unknown, path: string) => Bijector,
): Settings {
  const taken = new Set(['kind']);
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);

  function take(name: string): unknown {
    taken.add(name);
    return Object.hasOwn(record, name) ? record[name] : undefined;
  }
  function wrong(name: string, expected: string, found: unknown): never {
    throw new ArchitectureError(at(name), `expected ${expected}, got ${shown(found)}`);
  }
  function list<Item>(
    name: string,
    found: unknown,
    item: (value: unknown, n: string) => Item,
  ): Item[] {
    if (!Array.isArray(found)) return wrong(name, 'a list', found);
    return found.map((value, i) => item(value, `${name}[${i}]`));
  }
  const whole = (found: unknown, name: string, largest = LARGEST): number =>
    typeof found === 'number' && Number.isInteger(found) && found >= 0 && found <= largest
      ? found
      : wrong(name, `an integer in [0, ${largest}]`, found);
  const real = (found: unknown, name: string): number =>
    typeof found === 'number' && Number.isFinite(found)
      ? found
      : wrong(name, 'a finite number', found);

  return {
    integer: (name, largest) => whole(take(name), name, largest),
    integers: (name) => list(name, take(name), whole),
    number: (name) => real(take(name), name),
    numbers: (name) => list(name, take(name), real),
    rows: (name) => list(name, take(name), (row, at) => list(at, row, real)),
    pair(name) {
      const found = take(name);
      if (found === undefined) return undefined;
      const parts = list(name, found, (part, at) => list(at, part, whole));
      if (parts.length !== 2) return wrong(name, 'two lists', found);
      return [parts[0], parts[1]];
    },
    choice(name, values) {
      const found = take(name);
      return values.find((value) => value === found) ?? wrong(name, values.join(' or '), found);
    },
    bijector: (name) => build(take(name), at(name)),
    bijectors(name) {
      const [first, ...others] = list(name, take(name), (part, n) => build(part, at(n)));
      if (first === undefined) return wrong(name, 'at least one bijector', []);
      return [first, ...others];
    },
    end() {
      const unknown = Object.keys(record).find((name) => !taken.has(name));
      if (unknown === undefined) return;
      throw new ArchitectureError(
        at(unknown),
        `unknown setting; ${String(record['kind'])} has ${[...taken].slice(1).join(', ')}`,
      );
    },
  };
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
