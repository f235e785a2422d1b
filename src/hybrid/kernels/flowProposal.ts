import type { Batch } from '../../core/batch.ts';
import type { Domain } from '../../core/domain.ts';
import { metropolisHastings, type Proposer } from '../../core/hastings.ts';
import type { ChainState, Kernel, RefusalCause } from '../../core/kernel.ts';
import type { Potential } from '../../core/potential.ts';
import { fold } from '../../core/rng.ts';
import type { FlowDensity } from '../../flow/density.ts';
import { INVERTIBILITY_BOUND, type InvertedDensity, invertedDensity } from '../invertedDensity.ts';

/** Settings of a flow move. */
export interface FlowMoveOptions {
  /** k_B T, in the potential's energy unit. */
  readonly kT: number;
  /** Draws offered to each chain per burst. */
  readonly attempts: number;
  /** Largest round-trip error of a configuration the flow may move from or to. */
  readonly invertibilityBound?: number;
  /** The domain of relabelled configurations, where there are identical particles (design rule 5). */
  readonly domain?: Domain;
}

/**
 * Independence Metropolis–Hastings: each chain is offered a fresh draw y of the flow.
 *
 *     log α = −(U(y) − U(x)) / kT + log q(x) − log q(y)
 *
 * Draws or current states that the flow does not invert within its bound are refused; local moves
 * lead out of there. So are draws outside the domain, counted apart: relabelling them would need the
 * density of all their copies. Velocities are redrawn, independently of x.
 */
export function flowProposal(
  potential: Potential,
  flow: FlowDensity,
  options: FlowMoveOptions,
): Kernel {
  const { invertibilityBound, domain } = options;
  return metropolisHastings(potential, flowProposer(flow, invertibilityBound, domain), options);
}

/** The proposal behind `flowProposal`. */
export function flowProposer(
  flow: FlowDensity,
  bound = INVERTIBILITY_BOUND,
  domain?: Domain,
): Proposer {
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
        refused: refusals(
          current.invertible,
          proposed.invertible,
          outsideEither(domain, state.positions, y),
        ),
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

/**
 * A(x) and A(y) are both asked: testing the proposal alone would be biased (design rule 6). Of two causes
 * the domain is the one that is counted.
 */
export function refusals(
  current: Uint8Array,
  proposed: Uint8Array,
  outside: Uint8Array | undefined,
): (RefusalCause | undefined)[] | undefined {
  const causes = Array.from(current, (one, b): RefusalCause | undefined =>
    outside?.[b] === 1
      ? 'outsideDomain'
      : one === 1 && proposed[b] === 1
        ? undefined
        : 'notInvertible',
  );
  return causes.every((cause) => cause === undefined) ? undefined : causes;
}

/**
 * `[B]`, 1 where the move begins or ends outside the domain; undefined without one. A chain of relabelled
 * kernels never begins there; asking all the same keeps the move exact in any cycle of kernels.
 */
export function outsideEither(
  domain: Domain | undefined,
  x: Batch,
  y: Batch,
): Uint8Array | undefined {
  if (domain === undefined) return undefined;
  const proposed = domain.contains(y);
  return domain.contains(x).map((inside, b) => (inside === 1 && proposed[b] === 1 ? 0 : 1));
}
