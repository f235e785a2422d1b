import { normalQuantile } from './normalQuantile.ts';

/**
 * The quantile of Student's t with ν degrees of freedom, as an expansion about the normal quantile z:
 *
 *     t = z + (z³ + z)/4ν + (5z⁵ + 16z³ + 3z)/96ν² + (3z⁷ + 19z⁵ + 17z³ − 15z)/384ν³ + …
 *
 * Four terms: for |z| ≤ 2.6 and ν ≥ 4 the error is below 2 %, for ν ≥ 10 below 0.05 %.
 * Abramowitz & Stegun, Handbook of Mathematical Functions, 26.7.5.
 * @throws {RangeError} where p is outside (0, 1) or ν is not positive.
 */
export function studentQuantile(p: number, degreesOfFreedom: number): number {
  if (!(degreesOfFreedom > 0)) {
    throw new RangeError(`"degreesOfFreedom" expected a positive number, got ${degreesOfFreedom}`);
  }
  const z = normalQuantile(p);
  const s = z * z;
  const v = degreesOfFreedom;
  return (
    z *
    (1 +
      (s + 1) / (4 * v) +
      ((5 * s + 16) * s + 3) / (96 * v ** 2) +
      (((3 * s + 19) * s + 17) * s - 15) / (384 * v ** 3) +
      ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / (92160 * v ** 4))
  );
}
