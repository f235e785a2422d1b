import type { Batch } from '../../src/core/batch.ts';
import type { EnergyAndGradient } from '../../src/core/potential.ts';

/**
 * u = x⁴ − 6x² + x + y²/2: two wells behind a barrier of 11 and 7 kT. ln Z = 11.02047, and the right
 * well holds 1/(1 + e^3.3799) = 0.0329 of the weight.
 */
export function tiltedDoubleWell({ data, count }: Batch): EnergyAndGradient {
  const energy = new Float64Array(count);
  const gradient = new Float64Array(2 * count);
  for (let b = 0; b < count; b++) {
    const [x, y] = [data[2 * b], data[2 * b + 1]];
    energy[b] = x ** 4 - 6 * x ** 2 + x + y ** 2 / 2;
    gradient[2 * b] = 4 * x ** 3 - 12 * x + 1;
    gradient[2 * b + 1] = y;
  }
  return { energy, gradient };
}
