import { type Kernel, startChains } from '../../src/core/kernel.ts';
import { fold, type Key } from '../../src/core/rng.ts';
import type { ExactTarget } from './exactTarget.ts';

/** The fluxes between all pairs of bins, compared with their reverses. */
export interface FluxBalance {
  /** Pairs with enough transitions to be compared. */
  readonly pairs: number;
  /** (χ² − pairs) / √(2 pairs), where χ² sums the squared differences in standard errors. */
  readonly z: number;
}

/**
 * Discretised detailed balance: one burst from exact samples, binned before and after.
 *
 *     P(a) T(a → b) = P(b) T(b → a)
 *
 * P by quadrature, T by counting: T(a → b) = n(a → b) / n(a), binomial given n(a). Kernels with
 * velocities satisfy it too where these are fresh, for reversing time then only reverses them.
 */
export function fluxBalance(
  kernel: Kernel,
  target: ExactTarget,
  chains: number,
  key: Key,
): FluxBalance {
  const { dim } = target.potential;
  const { probability } = target.bins;
  const size = probability.length;
  const start = startChains(target.potential, target.sample(chains, fold(key, 'start')));
  const { state } = kernel.step(start, fold(key, 'burst'));
  const counts = new Float64Array(size * size);
  const occupied = new Float64Array(size);
  for (let b = 0; b < chains; b++) {
    const from = target.bins.of(start.positions.data, b * dim);
    const to = target.bins.of(state.positions.data, b * dim);
    counts[from * size + to]++;
    occupied[from]++;
  }

  let pairs = 0;
  let chiSquared = 0;
  for (let a = 0; a < size; a++) {
    for (let b = a + 1; b < size; b++) {
      const there = counts[a * size + b] / occupied[a];
      const back = counts[b * size + a] / occupied[b];
      // Below some 20 transitions the difference of two counts is not yet normal.
      if (counts[a * size + b] + counts[b * size + a] < 20) continue;
      const variance =
        (probability[a] ** 2 * there * (1 - there)) / occupied[a] +
        (probability[b] ** 2 * back * (1 - back)) / occupied[b];
      chiSquared += (probability[a] * there - probability[b] * back) ** 2 / variance;
      pairs++;
    }
  }
  return { pairs, z: (chiSquared - pairs) / Math.sqrt(2 * pairs) };
}
