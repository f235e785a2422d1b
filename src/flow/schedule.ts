/** A number that stays, or goes from its first to its last value over a stage. */
export type Schedule = number | { readonly from: number; readonly to: number };

/** The value at `step` of `steps`, on a straight line from the first to the last step. */
export function linearAt(schedule: Schedule, step: number, steps: number): number {
  if (typeof schedule === 'number') return schedule;
  return schedule.from + (schedule.to - schedule.from) * fraction(step, steps);
}

/**
 * The value at `step` of `steps` on half a cosine: slow at both ends.
 *
 *     to + (from − to) (1 + cos πt)/2,   t = step/(steps − 1)
 *
 * Loshchilov & Hutter, ICLR 2017, arXiv:1608.03983, without restarts.
 */
export function cosineAt(schedule: Schedule, step: number, steps: number): number {
  if (typeof schedule === 'number') return schedule;
  const { from, to } = schedule;
  return to + ((from - to) * (1 + Math.cos(Math.PI * fraction(step, steps)))) / 2;
}

function fraction(step: number, steps: number): number {
  return steps > 1 ? step / (steps - 1) : 0;
}
