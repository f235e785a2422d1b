import { batch } from '../../core/batch.ts';
import { metropolisHastings, type Proposer } from '../../core/hastings.ts';
import type { Kernel } from '../../core/kernel.ts';
import type { Potential } from '../../core/potential.ts';
import { fold, normal } from '../../core/rng.ts';
import type { FlowDensity } from '../../flow/density.ts';
import { INVERTIBILITY_BOUND, roundTrip } from '../invertedDensity.ts';
import { type FlowMoveOptions, outsideEither, refusals } from './flowProposal.ts';

/** Settings of a walk in latent space. */
export interface LatentWalkOptions extends FlowMoveOptions {
  /** s, the standard deviation of a step in latent space. */
  readonly stepSize: number;
}

/**
 * A random walk in latent space: z' = F⁻¹(x) + s ξ, y = F(z').
 *
 * The step is symmetric in z, not in x, so the Jacobians stand in the ratio:
 *
 *     log α = −(U(y) − U(x)) / kT + log |∂z/∂x|(x) − log |∂z/∂x|(y)
 */
export function latentWalk(
  potential: Potential,
  flow: FlowDensity,
  options: LatentWalkOptions,
): Kernel {
  return metropolisHastings(potential, latentWalkProposer(flow, options), options);
}

/** The proposal behind `latentWalk`. */
export function latentWalkProposer(
  flow: FlowDensity,
  options: Pick<LatentWalkOptions, 'stepSize' | 'invertibilityBound' | 'domain'>,
): Proposer {
  const { stepSize, invertibilityBound: bound = INVERTIBILITY_BOUND, domain } = options;
  return {
    name: 'latent-walk',
    redrawsVelocities: true,
    propose(state, key) {
      const current = roundTrip(flow, state.positions, bound);
      const z = normal(fold(key, 'latent'), current.z.data.length);
      for (let i = 0; i < z.length; i++) z[i] = current.z.data[i] + stepSize * z[i];
      const y = flow.forward(batch(z, flow.dim)).value;
      const proposed = roundTrip(flow, y, bound);
      return {
        y,
        logForward: proposed.logDet,
        logReverse: current.logDet,
        evaluated: undefined,
        refused: refusals(
          current.invertible,
          proposed.invertible,
          outsideEither(domain, state.positions, y),
        ),
        // Of an average over symmetries the map alone does not know the density.
        density:
          flow.mixture === undefined
            ? {
                owner: flow,
                current: current.logProb,
                currentInvertible: current.invertible,
                proposed: proposed.logProb,
                proposedInvertible: proposed.invertible,
              }
            : undefined,
      };
    },
  };
}
