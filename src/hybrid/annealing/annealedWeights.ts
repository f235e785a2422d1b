import { batch, row, select } from '../../core/batch.ts';
import { expectInteger } from '../../core/expectNumber.ts';
import type { Potential } from '../../core/potential.ts';
import { at, fold, type Key } from '../../core/rng.ts';
import type { FlowDensity } from '../../flow/density.ts';
import type { FlowScore } from '../../flow/flowScore.ts';
import type { WeightedDraws } from '../drawWeights.ts';
import { INVERTIBILITY_BOUND, invertedDensity } from '../invertedDensity.ts';
import { anneal } from './anneal.ts';
import { type BridgeOptions, bridge } from './bridge.ts';

/** Independent draws of a flow, annealed towards exp(−U/kT), with their weights. */
export type AnnealedDraws = Omit<WeightedDraws, 'logProb' | 'recorder'>;

/** A flow, its target, and the bridge between them. */
export interface AnnealedWeightsOptions extends BridgeOptions {
  readonly flow: FlowDensity;
  readonly score: FlowScore;
  readonly potential: Potential;
  readonly count: number;
  /** K, steps between the flow and the target; K − 1 of them have a move. */
  readonly levels: number;
  readonly invertibilityBound?: number;
  readonly key: Key;
  readonly pace: () => Promise<void>;
  readonly onBlock: (done: number) => void;
}

/** Draws annealed together. */
const BLOCK = 512;

/**
 * Annealed importance sampling: `count` draws of the flow, each taken over the bridge.
 *
 *     x₀ ~ q,   x_K from K − 1 moves,   log W as in `anneal`;   ⟨W⟩ = Z,   ⟨W A(x_K)⟩ = Z ⟨A⟩
 *
 * Whatever the moves do, these means are exact; good moves make the weights equal. Draws outside the
 * domain, or that the flow does not invert, or whose energy is not a number, have weight 0 and stay in N;
 * the first two cost no evaluation, any other draw (K − 1) L + 1.
 * Neal, Stat. Comput. 11, 125, 2001. doi:10.1023/A:1008923215028
 */
export async function annealedWeights(options: AnnealedWeightsOptions): Promise<AnnealedDraws> {
  const { flow, score, potential, count, domain, key, pace, onBlock } = options;
  const { invertibilityBound: bound = INVERTIBILITY_BOUND } = options;
  const levels = expectInteger('levels', options.levels, 1);
  const path = bridge(potential, flow, score, options);
  const { dim } = potential;
  const x = batch(new Float64Array(count * dim), dim);
  const energies = new Float64Array(count).fill(Number.NaN);
  const logWeights = new Float64Array(count).fill(-Infinity);
  let notInvertible = 0;
  let outsideDomain = 0;
  let notFinite = 0;

  for (let from = 0, block = 0; from < count; from += BLOCK, block++) {
    const blockKey = at(key, block);
    const { x: drawn } = flow.sample(Math.min(BLOCK, count - from), fold(blockKey, 'latent'));
    const { invertible } = invertedDensity(flow, drawn, bound);
    const inside = domain?.contains(drawn);
    x.data.set(drawn.data, from * dim);
    const kept: number[] = [];
    for (let b = 0; b < drawn.count; b++) {
      if (inside?.[b] === 0) outsideDomain++;
      else if (invertible[b] !== 1) notInvertible++;
      else kept.push(b);
    }
    if (kept.length > 0) {
      const point = path.point(select(drawn, kept));
      const started = point.energy.slice();
      const logWeight = anneal(path, point, levels, 'up', fold(blockKey, 'up'));
      kept.forEach((b, i) => {
        x.data.set(row(point.x, i), (from + b) * dim);
        energies[from + b] = point.energy[i];
        if (started[i] > -Infinity && !Number.isNaN(logWeight[i])) {
          logWeights[from + b] = logWeight[i];
        } else notFinite++;
      });
    }
    onBlock(from + drawn.count);
    await pace();
  }
  return { x, energies, logWeights, notInvertible, outsideDomain, notFinite };
}
