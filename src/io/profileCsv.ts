import type { ProfileRow } from '../analysis/profile.ts';
import { csvLine } from './csvLine.ts';

/** One more column of a profile, of the same bins: a reference, or another estimate. */
export interface ProfileColumn {
  readonly name: string;
  /** `[K]`; undefined where there is no value. */
  readonly values: ArrayLike<number | undefined>;
}

/**
 * A free-energy profile as CSV, one bin a line: the bin's edges and centre in the unit of the
 * coordinate, F and its standard error in kT, and an empty field where a value is not known.
 *
 * @throws {RangeError} where a column is not as long as the profile.
 */
export function profileCsv(
  coordinate: string,
  rows: readonly ProfileRow[],
  columns: readonly ProfileColumn[] = [],
): string {
  for (const { name, values } of columns) {
    if (values.length !== rows.length) {
      throw new RangeError(`"${name}" expected ${rows.length} values, got ${values.length}`);
    }
  }
  const header = ['from', 'to', coordinate, 'free energy / kT', 'standard error / kT'];
  const lines = rows.map((row, k) => [
    row.from,
    row.to,
    row.center,
    row.freeEnergy,
    row.standardError,
    ...columns.map(({ values }) => values[k]),
  ]);
  return [[...header, ...columns.map(({ name }) => name)], ...lines].map(csvLine).join('');
}
