import type { CollectiveVariable } from '../../core/collectiveVariable.ts';

/** Whether a variable has the period 2π, and so is in radians: people read it in degrees. */
export function isAngle({ period }: Pick<CollectiveVariable, 'period'>): boolean {
  return period !== undefined && Math.abs(period - 2 * Math.PI) < 1e-9;
}

/** What the values of a variable are multiplied by where they are shown: 180/π for angles. */
export function shownScale(variable: Pick<CollectiveVariable, 'period'>): number {
  return isAngle(variable) ? 180 / Math.PI : 1;
}
