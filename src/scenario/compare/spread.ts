import type { Spread } from '../comparison.ts';

/**
 * Smallest, middle and largest of the seeds' values; the mean of the middle two for an even number.
 *
 * A null counts as worse than any number: larger for a cost or an error, smaller for a yield, so that a
 * figure which half of the seeds lack has no median.
 */
export function spread(values: readonly (number | null)[], better: 'smaller' | 'larger'): Spread {
  const worst = better === 'smaller' ? Infinity : -Infinity;
  const sorted = Float64Array.from(values, (value) => value ?? worst).sort();
  const finite = (value: number | undefined): number | null =>
    value !== undefined && Number.isFinite(value) ? value : null;
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
  return {
    low: finite(sorted[0]),
    median: finite(median),
    high: finite(sorted[sorted.length - 1]),
  };
}
