import type { Potential } from '../../../src/core/potential.ts';
import {
  type CheckOptions,
  checkPotential,
  type PotentialCheck,
} from '../../../src/md/check/checkPotential.ts';

/** A short check with a clock of its own, 1 ms a reading, so that nothing waits and all is repeatable. */
export function quick(potential: Potential, options: CheckOptions = {}): PotentialCheck {
  let time = 0;
  return checkPotential(potential, { points: 12, now: () => time++, speedDuration: 1, ...options });
}
