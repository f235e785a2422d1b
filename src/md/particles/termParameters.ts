import { ShapeError } from '../../core/errors.ts';
import { expectFinite } from '../../core/expectNumber.ts';

/** Parameters by name: one number for all terms, or one a term, `[terms]`. */
export type TermParameters = ReadonlyMap<string, number | Float64Array>;

/** One number for each particle, bond, angle or torsion, by name. */
export type PerItem<Name extends string = string> = Readonly<Record<Name, ArrayLike<number>>>;

const formulaName = /^[\p{L}_][\p{L}\p{M}\p{N}_]*$/u;

/** Collects the parameters of a potential, checked, in the order given. */
export interface ParameterCollector {
  /** Parameters that all terms share. */
  addGlobal(parameters: Readonly<Record<string, number>> | undefined): void;
  /** Parameters of which a list has one for each of `items`; term `t` takes that of `itemOf(t)`. */
  addPerItem(
    role: string,
    parameters: PerItem | undefined,
    items: number,
    suffix: string,
    itemOf: (term: number) => number,
  ): void;
  readonly parameters: TermParameters;
}

/**
 * @throws {RangeError} for a name that formulas cannot use, that is a variable or is given twice, or a
 *   value that is not finite. @throws {ShapeError} for a list of another length.
 */
export function collectParameters(
  owner: string,
  reserved: readonly string[],
  terms: number,
): ParameterCollector {
  const parameters = new Map<string, number | Float64Array>();

  function add(name: string, value: number | Float64Array): void {
    if (!formulaName.test(name)) {
      throw new RangeError(`${owner}: parameter "${name}" expected letters, digits and _`);
    }
    if (reserved.includes(name)) {
      throw new RangeError(`${owner}: parameter "${name}" has the name of the variable`);
    }
    if (parameters.has(name)) throw new RangeError(`${owner}: parameter "${name}" is given twice`);
    parameters.set(name, value);
  }

  return {
    parameters,
    addGlobal(given = {}) {
      for (const [name, value] of Object.entries(given)) {
        add(name, expectFinite(`${owner}: ${name}`, value));
      }
    },
    addPerItem(role, given = {}, items, suffix, itemOf) {
      for (const [name, list] of Object.entries(given)) {
        if (list.length !== items) {
          throw new ShapeError(
            `${owner}: ${role}.${name} expected ${items} numbers, got ${list.length}`,
          );
        }
        for (let item = 0; item < items; item++) {
          expectFinite(`${owner}: ${role}.${name}[${item}]`, list[item]);
        }
        add(
          name + suffix,
          Float64Array.from({ length: terms }, (_, term) => list[itemOf(term)]),
        );
      }
    },
  };
}

/** Parameters as records for functions: one for all terms where all share all, else one a term. */
export function parameterRecords(
  parameters: TermParameters,
  terms: number,
): (term: number) => Readonly<Record<string, number>> {
  const recordOf = (term: number): Readonly<Record<string, number>> =>
    Object.freeze(
      Object.fromEntries(
        [...parameters].map(([name, value]) => [
          name,
          typeof value === 'number' ? value : value[term],
        ]),
      ),
    );
  if ([...parameters.values()].every((value) => typeof value === 'number')) {
    const shared = recordOf(0);
    return () => shared;
  }
  const records = Array.from({ length: terms }, (_, term) => recordOf(term));
  return (term) => records[term];
}
