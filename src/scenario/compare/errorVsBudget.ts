import type { Budget } from '../comparison.ts';
import type { RunningEstimate } from './runningEstimate.ts';

/** An estimate after each tenth of a budget. */
export interface ErrorVsBudget {
  /** |ΔF − reference| of the last record that the tenth paid for, kT, `[10]`; null before the first. */
  readonly errors: readonly (number | null)[];
  /** Whether the difference would be withheld there, `[10]`; true before the first record. */
  readonly withheld: readonly boolean[];
}

/**
 * Reads a running estimate after each tenth of the budget. The last entry is that of the whole run, which
 * in wall-clock seconds ends a sweep beyond the budget.
 */
export function errorVsBudget(
  running: RunningEstimate,
  { unit, amount }: Pick<Budget, 'unit' | 'amount'>,
): ErrorVsBudget {
  const spent = running[unit];
  const errors: (number | null)[] = [];
  const withheld: boolean[] = [];
  let point = -1;
  for (let tenth = 1; tenth <= 10; tenth++) {
    const limit = tenth === 10 ? Infinity : (amount * tenth) / 10;
    while (point + 1 < spent.length && spent[point + 1] <= limit) point++;
    const error = point < 0 ? Number.NaN : running.error[point];
    errors.push(Number.isNaN(error) ? null : error);
    withheld.push(point < 0 || running.withheld[point] === 1);
  }
  return { errors, withheld };
}
