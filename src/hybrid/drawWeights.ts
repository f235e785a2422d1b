import { select } from '../core/batch.ts';
import type { Domain } from '../core/domain.ts';
import type { Potential } from '../core/potential.ts';
import { at, type Key } from '../core/rng.ts';
import type { FlowDensity } from '../flow/density.ts';
import { type GatheringOptions, gatherDraws, type WeightedDraws } from './gatherDraws.ts';
import { invertedDensity } from './invertedDensity.ts';

/** A flow, its target, and how many draws are wanted. */
export interface DrawWeightsOptions extends GatheringOptions {
  readonly flow: FlowDensity;
  readonly potential: Potential;
  readonly kT: number;
  readonly domain?: Domain;
  readonly key: Key;
}

/** Draws per block: one network pass each, small enough to let others run in between. */
const BLOCK = 4096;

/**
 * `count` draws x ~ q with log w = −U(x)/kT − log q(x).
 *
 * A draw outside the domain, or that the flow does not invert, or whose energy is not a number, has
 * weight 0 and stays in N (design rules 5, 6, 9). With a domain the weights are those of Z_domain, and
 * ln Z = ln Z_domain + `domain.logCopies`.
 */
export function drawWeights(options: DrawWeightsOptions): Promise<WeightedDraws> {
  const { flow, potential, kT, domain, key } = options;
  return gatherDraws(options, potential.dim, BLOCK, (count, block) => {
    const { x } = flow.sample(count, at(key, block));
    const density = invertedDensity(flow, x);
    const inside = domain?.contains(x);
    const energies = new Float64Array(count).fill(Number.NaN);
    const logWeights = new Float64Array(count).fill(-Infinity);
    let [notInvertible, outsideDomain, notFinite] = [0, 0, 0];
    const kept: number[] = [];
    for (let b = 0; b < count; b++) {
      if (inside?.[b] === 0) outsideDomain++;
      else if (density.invertible[b] !== 1) notInvertible++;
      else kept.push(b);
    }
    const energy = kept.length > 0 ? potential.energy(select(x, kept)) : new Float64Array(0);
    kept.forEach((b, i) => {
      energies[b] = energy[i];
      if (energy[i] > -Infinity) logWeights[b] = -energy[i] / kT - density.logProb[b];
      else notFinite++;
    });
    return { x, energies, logWeights, notInvertible, outsideDomain, notFinite };
  });
}
