import { type Batch, batch } from '../../src/core/batch.ts';
import { fold, type Key, normal, uniform } from '../../src/core/rng.ts';
import { doubleWell } from '../../src/md/potentials/doubleWell.ts';

const cells = 40_000;
const reach = 6;

/** U = x⁴ − 3x² + 0.3x + y²: a barrier of 2.5 and 2.0, drawn exactly and integrated at any temperature. */
export const exactDoubleWell = {
  potential: doubleWell({ a4: 1, a2: 3, a1: 0.3, k: 2 }),

  /** Independent draws from exp(−U/kT)/Z, `[count, 2]`. */
  sample(kT: number, count: number, key: Key): Batch {
    const cumulative = new Float64Array(cells + 1);
    for (let i = 0; i < cells; i++) cumulative[i + 1] = cumulative[i] + density(centre(i), kT);
    const u = uniform(fold(key, 'x'), count);
    const y = normal(fold(key, 'y'), count);
    const data = new Float64Array(2 * count);
    for (let b = 0; b < count; b++) {
      const wanted = u[b] * cumulative[cells];
      let low = 0;
      let high = cells;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (cumulative[middle] <= wanted) low = middle;
        else high = middle;
      }
      const inside = (wanted - cumulative[low]) / (cumulative[high] - cumulative[low]);
      data[2 * b] = centre(low) + (inside - 0.5) * ((2 * reach) / cells);
      data[2 * b + 1] = Math.sqrt(kT / 2) * y[b];
    }
    return batch(data, 2);
  },

  /** ⟨f(x)⟩ over the first coordinate. */
  mean(kT: number, f: (x: number) => number): number {
    let sum = 0;
    let total = 0;
    for (let i = 0; i < cells; i++) {
      const weight = density(centre(i), kT);
      sum += weight * f(centre(i));
      total += weight;
    }
    return sum / total;
  },

  /** The part of U that depends on x. */
  energy: (x: number): number => x ** 4 - 3 * x ** 2 + 0.3 * x,
};

function centre(i: number): number {
  return -reach + (i + 0.5) * ((2 * reach) / cells);
}

function density(x: number, kT: number): number {
  return Math.exp(-exactDoubleWell.energy(x) / kT);
}
