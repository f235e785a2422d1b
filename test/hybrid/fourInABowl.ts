import { type Batch, batch, row } from '../../src/core/batch.ts';
import { fold, type Key, normal, uniform } from '../../src/core/rng.ts';
import { definePotential } from '../../src/md/definePotential.ts';
import { referenceLabels } from '../../src/md/identicalParticles/referenceLabels.ts';

/**
 * Four particles in the plane that repel each other in a harmonic bowl, the last three of them alike:
 *
 *     U = Σ_p ½ |x_p − c_p|² + 2 Σ_{p<q} exp(−2 |x_p − x_q|²),   c₀ = (1, 0), the others at 0
 *
 * Gaussian draws accepted with the second factor are exact, and so are their relabelled copies, found by
 * trying all six permutations: the truth of every test of identical particles.
 */
export const potential = definePotential({
  name: 'four in a bowl',
  dim: 8,
  energy: (x) => bowl(x) + repulsion(x),
  gradient(x, out) {
    for (let i = 0; i < 8; i++) out[i] = x[i] - (i === 0 ? 1 : 0);
    for (let p = 0; p < 4; p++) {
      for (let q = 0; q < p; q++) {
        const [dx, dy] = [x[2 * p] - x[2 * q], x[2 * p + 1] - x[2 * q + 1]];
        const slope = -8 * Math.exp(-2 * (dx * dx + dy * dy));
        out[2 * p] += slope * dx;
        out[2 * p + 1] += slope * dy;
        out[2 * q] -= slope * dx;
        out[2 * q + 1] -= slope * dy;
      }
    }
  },
});
export const reference = [1.2, 0, -0.9, 0.1, 0.3, 1, 0.2, -1];
export const labels = referenceLabels({ reference, particles: [1, 2, 3], space: 2 });

function bowl(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < 8; i++) sum += 0.5 * (x[i] - (i === 0 ? 1 : 0)) ** 2;
  return sum;
}

function repulsion(x: Float64Array): number {
  let sum = 0;
  for (let p = 0; p < 4; p++) {
    for (let q = 0; q < p; q++) {
      const square = (x[2 * p] - x[2 * q]) ** 2 + (x[2 * p + 1] - x[2 * q + 1]) ** 2;
      sum += 2 * Math.exp(-2 * square);
    }
  }
  return sum;
}

/** Exact draws of the unlabelled distribution out of `count` tries, and the share that was kept. */
export function exactDraws(count: number, key: Key): { x: Batch; share: number } {
  const tries = batch(
    normal(fold(key, 'tries'), 8 * count).map((z, i) => z + (i % 8 === 0 ? 1 : 0)),
    8,
  );
  const coins = uniform(fold(key, 'coins'), count);
  const kept: number[] = [];
  for (let b = 0; b < count; b++) {
    if (coins[b] < Math.exp(-repulsion(row(tries, b)))) kept.push(b);
  }
  const data = new Float64Array(8 * kept.length);
  kept.forEach((b, i) => {
    data.set(row(tries, b), 8 * i);
  });
  return { x: batch(data, 8), share: kept.length / count };
}

const orders = [
  [1, 2, 3],
  [1, 3, 2],
  [2, 1, 3],
  [2, 3, 1],
  [3, 1, 2],
  [3, 2, 1],
];

/** The cheapest of the six labellings of each row. */
export function bruteForce(x: Batch): Batch {
  const data = x.data.slice();
  for (let b = 0; b < x.count; b++) {
    const own = row(x, b);
    let least = Infinity;
    for (const order of orders) {
      let square = 0;
      for (let i = 0; i < 3; i++) {
        square += (own[2 * order[i]] - reference[2 * i + 2]) ** 2;
        square += (own[2 * order[i] + 1] - reference[2 * i + 3]) ** 2;
      }
      if (square >= least) continue;
      least = square;
      order.forEach((from, i) => {
        data[8 * b + 2 + 2 * i] = own[2 * from];
        data[8 * b + 3 + 2 * i] = own[2 * from + 1];
      });
    }
  }
  return batch(data, 8);
}
