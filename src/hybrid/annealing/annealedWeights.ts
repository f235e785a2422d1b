import { batch, row, select } from '../../core/batch.ts';
import { expectInteger } from '../../core/expectNumber.ts';
import type { Potential } from '../../core/potential.ts';
import { at, fold, type Key } from '../../core/rng.ts';
import type { FlowDensity } from '../../flow/density.ts';
import type { FlowScore } from '../../flow/flowScore.ts';
import { type GatheringOptions, gatherDraws, type WeightedDraws } from '../gatherDraws.ts';
import { INVERTIBILITY_BOUND, invertedDensity } from '../invertedDensity.ts';
import { anneal } from './anneal.ts';
import { bridge } from './bridge.ts';
import type { BridgeOptions } from './flowBridge.ts';

/** A flow, its target, and the bridge between them. */
export interface AnnealedWeightsOptions extends BridgeOptions, GatheringOptions {
  readonly flow: FlowDensity;
  readonly score: FlowScore;
  readonly potential: Potential;
  /** K, steps between the flow and the target; K − 1 of them have a move. */
  readonly levels: number;
  readonly invertibilityBound?: number;
  readonly key: Key;
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
export async function annealedWeights(options: AnnealedWeightsOptions): Promise<WeightedDraws> {
  const { flow, score, potential, domain, key } = options;
  const { invertibilityBound: bound = INVERTIBILITY_BOUND } = options;
  const levels = expectInteger('levels', options.levels, 1);
  const path = bridge(potential, flow, score, options);
  const { dim } = potential;

  return gatherDraws(options, dim, BLOCK, (count, block) => {
    const blockKey = at(key, block);
    const { x: drawn } = flow.sample(count, fold(blockKey, 'latent'));
    const { invertible } = invertedDensity(flow, drawn, bound);
    const inside = domain?.contains(drawn);
    const x = batch(drawn.data.slice(), dim);
    const energies = new Float64Array(count).fill(Number.NaN);
    const logWeights = new Float64Array(count).fill(-Infinity);
    let [notInvertible, outsideDomain, notFinite] = [0, 0, 0];
    const kept: number[] = [];
    for (let b = 0; b < count; b++) {
      if (inside?.[b] === 0) outsideDomain++;
      else if (invertible[b] !== 1) notInvertible++;
      else kept.push(b);
    }
    if (kept.length > 0) {
      const point = path.point(select(drawn, kept));
      const started = point.energy.slice();
      const logWeight = anneal(path, point, levels, 'up', fold(blockKey, 'up'));
      kept.forEach((b, i) => {
        x.data.set(row(point.x, i), b * dim);
        energies[b] = point.energy[i];
        if (started[i] > -Infinity && !Number.isNaN(logWeight[i])) logWeights[b] = logWeight[i];
        else notFinite++;
      });
    }
    return { x, energies, logWeights, notInvertible, outsideDomain, notFinite };
  });
}
