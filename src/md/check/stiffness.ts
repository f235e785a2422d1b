import { type Batch, batch, row } from '../../core/batch.ts';
import type { Potential } from '../../core/potential.ts';
import { type Key, normal } from '../../core/rng.ts';

const iterations = 15;

/**
 * The highest angular frequency met at `points`: ω = √λ of the largest |λ| of M^(−½) H M^(−½), in
 * radians per unit of time, with H from differences of gradients. 0 for a flat surface.
 *
 *     v ← M^(−½) H M^(−½) v / |…|   (power iteration)
 *
 * It bounds the time step: velocity Verlet is unstable above Δt = 2/ω.
 */
export function highestFrequency(
  potential: Potential,
  points: Batch,
  masses: Float64Array,
  key: Key,
): number {
  const { dim, count } = points;
  const vectors = normal(key, count * dim);
  let largest = 0;
  const shifted = batch(new Float64Array(points.data.length), dim);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const step = Float64Array.from({ length: count }, (_, b) => {
      const length = Math.hypot(...vectors.subarray(b * dim, (b + 1) * dim));
      for (let i = b * dim; i < (b + 1) * dim; i++) vectors[i] /= length > 0 ? length : 1;
      const size = row(points, b).reduce((a, value) => Math.max(a, Math.abs(value)), 1);
      return 1e-4 * size;
    });
    const gradients = [1, -1].map((sign) => {
      for (let i = 0; i < shifted.data.length; i++) {
        const h = sign * step[Math.floor(i / dim)];
        shifted.data[i] = points.data[i] + (h * vectors[i]) / Math.sqrt(masses[i % dim]);
      }
      return potential.energyAndGradient(shifted).gradient.slice();
    });
    for (let b = 0; b < count; b++) {
      let sum = 0;
      for (let i = b * dim; i < (b + 1) * dim; i++) {
        const product = (gradients[0][i] - gradients[1][i]) / (2 * step[b]);
        vectors[i] = product / Math.sqrt(masses[i % dim]);
        sum += vectors[i] * vectors[i];
      }
      const eigenvalue = Math.sqrt(sum);
      if (!Number.isFinite(eigenvalue)) vectors.fill(0, b * dim, (b + 1) * dim);
      else if (iteration === iterations - 1) largest = Math.max(largest, eigenvalue);
    }
  }
  return Math.sqrt(largest);
}
