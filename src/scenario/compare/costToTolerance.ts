import type { Cost } from '../comparison.ts';
import type { RunningEstimate } from './runningEstimate.ts';

/**
 * What had been spent when |ΔF − reference| came within `tolerance` for good; null where it never did.
 *
 * For good means to the end of the run: an estimate that passes the right value by chance, and an estimate
 * that would have been withheld (design rule 11), have not arrived.
 */
export function costToTolerance(running: RunningEstimate, tolerance: number): Cost | null {
  const { error, withheld, evaluations, seconds } = running;
  let first = error.length;
  // Written so that an unknown error, NaN, does not count as arrived.
  while (first > 0 && withheld[first - 1] === 0 && error[first - 1] <= tolerance) first--;
  return first === error.length
    ? null
    : { evaluations: evaluations[first], seconds: seconds[first] };
}
