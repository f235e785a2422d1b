import { metropolisHastings, type Proposer } from '../../core/hastings.ts';
import type { ChainState, Kernel, RefusalCause } from '../../core/kernel.ts';
import type { Potential } from '../../core/potential.ts';
import { fold } from '../../core/rng.ts';
import type { FlowDensity } from '../../flow/density.ts';
import { INVERTIBILITY_BOUND, type InvertedDensity, invertedDensity } from '../invertedDensity.ts';

export interface FlowMoveOptions {
  /** k_B T, in the potential's energy unit. */
  readonly kT: number;
  /** Draws offered to each chain per burst. */
  readonly attempts: number;
  /** Largest round-trip error of a configuration the flow may move from or to. */
  readonly invertibilityBound?: number;
}

/**
 * Independence Metropolis–Hastings: each chain is offered a fresh draw y of the flow.
 *
 *     log α = −(U(y) − U(x)) / kT + log q(x) − log q(y)
 *
 * Draws or current states that the flow does not invert within its bound are refused; local moves
 * lead out of there. Velocities are redrawn, independently of x.
 */
export function flowProposal(
  potential: Potential,
  flow: FlowDensity,
  options: FlowMoveOptions,
): Kernel {
  return metropolisHastings(potential, flowProposer(flow, options.invertibilityBound), options);
}

/** The proposal behind `flowProposal`. */
export function flowProposer(flow: FlowDensity, bound = INVERTIBILITY_BOUND): Proposer {
  return {
    name: 'flow',
    redrawsVelocities: true,
    propose(state, key) {
      const { x: y } = flow.sample(state.positions.count, fold(key, 'latent'));
      const proposed = invertedDensity(flow, y, bound);
      const current = currentDensity(flow, state, bound);
      return {
        y,
        logForward: proposed.logProb,
        logReverse: current.logProb,
        evaluated: undefined,
        refused: refusals(current.invertible, proposed.invertible),
        density: {
          owner: flow,
          // The acceptance rule writes into these, and a state is never written to.
          current: current.logProb.slice(),
          currentInvertible: current.invertible.slice(),
          proposed: proposed.logProb,
          proposedInvertible: proposed.invertible,
        },
      };
    },
  };
}

function currentDensity(
  flow: FlowDensity,
  state: ChainState,
  bound: number,
): Pick<InvertedDensity, 'logProb' | 'invertible'> {
  return state.density?.owner === flow
    ? state.density
    : invertedDensity(flow, state.positions, bound);
}

/** A(x) and A(y) are both asked: testing the proposal alone would be biased (design rule 6). */
export function refusals(
  current: Uint8Array,
  proposed: Uint8Array,
): (RefusalCause | undefined)[] | undefined {
  if (current.every((one) => one === 1) && proposed.every((one) => one === 1)) return undefined;
  return Array.from(current, (one, b) =>
    one === 1 && proposed[b] === 1 ? undefined : 'notInvertible',
  );
}
