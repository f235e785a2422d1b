import { iterate, take } from '../../src/core/iterate.ts';
import { type Kernel, startChains } from '../../src/core/kernel.ts';
import { at, fold, type Key } from '../../src/core/rng.ts';
import type { ExactTarget } from './exactTarget.ts';

/**
 * How far the means over independent chains spread, against what independence allows.
 *
 *     χ² = Σ_g (M_g − ⟨f⟩)² / (Var f / B),   returned as (χ² − G) / √(2G)
 *
 * G groups of B chains run from exact samples; M_g is the mean of the first observable over the chains
 * of a group. Chains that share a random number leave every average right and this spread too wide:
 * their errors no longer fall with their number.
 */
export function crossChainSpread(kernel: Kernel, target: ExactTarget, key: Key): number {
  const groups = 50;
  const chains = 1000;
  const bursts = 4;
  const { dim } = target.potential;
  const { mean, value } = target.observables[0];
  let chiSquared = 0;
  for (let g = 0; g < groups; g++) {
    const groupKey = at(key, g);
    let state = startChains(target.potential, target.sample(chains, fold(groupKey, 'start')));
    for (const next of take(bursts, iterate(kernel, state, fold(groupKey, 'run')))) {
      state = next.state;
    }
    let sum = 0;
    let squares = 0;
    for (let b = 0; b < chains; b++) {
      const deviation = value(state.positions.data, b * dim) - mean;
      sum += deviation;
      squares += deviation ** 2;
    }
    chiSquared += (sum / chains) ** 2 / (squares / chains ** 2);
  }
  return (chiSquared - groups) / Math.sqrt(2 * groups);
}
