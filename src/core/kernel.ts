import type { Batch } from './batch.ts';
import { copy } from './batch.ts';
import type { Potential } from './potential.ts';
import type { Key } from './rng.ts';

/**
 * Everything a Markov chain carries from one kernel to the next, for B chains at once.
 *
 * One type for all kernels, so that any two can take turns. `energy` and `gradient` always belong to
 * the current `positions`, whichever kernel moved them last (design rule 3).
 */
export interface ChainState {
  /** `[B, D]`, one row per chain. */
  readonly positions: Batch;
  /** U at `positions`, `[B]`. */
  readonly energy: Float64Array;
  /** ∂U/∂x at `positions`, `[B, D]`. */
  readonly gradient: Float64Array;
  /** `[B, D]`; undefined until a kernel with velocities has drawn them. */
  readonly velocities: Float64Array | undefined;
  /** A proposal density at `positions`; undefined once any other kernel has moved them. */
  readonly density: ProposalDensity | undefined;
}

/** log q(x) of an independence proposal at the current positions. */
export interface ProposalDensity {
  /** The flow it belongs to; another flow's value is never used. */
  readonly owner: object;
  /** log q, `[B]`. */
  readonly logProb: Float64Array;
  /** `[B]`, 1 where the flow inverts x within its bound (design rule 6). */
  readonly invertible: Uint8Array;
}

/** What a reader of the run wants to know about one burst; `[B]` each. */
export interface MoveInfo {
  /** Moves tried by every chain in this burst; 0 for dynamics that accepts everything. */
  readonly attempts: number;
  /** Moves accepted, `[B]`. */
  readonly accepted: Float64Array;
  /** log of the Hastings ratio of the last move, `[B]`; −∞ where it was refused. */
  readonly logRatio: Float64Array;
  /** Proposals rejected for a reason other than the Metropolis coin, by cause, over all chains. */
  readonly refused: Readonly<Record<RefusalCause, number>>;
}

/** Why a proposal was rejected without a coin being thrown. */
export type RefusalCause = 'notFinite' | 'notInvertible' | 'outsideDomain';

/** What one burst of a kernel leaves: where the chains are, and what happened to them. */
export interface Transition {
  readonly state: ChainState;
  readonly info: MoveInfo;
}

/**
 * A Markov kernel over B independent chains: a pure function of state and key.
 *
 * `step` is a *burst* of inner steps. It never mutates `state`; inside, it may run in buffers of its
 * own. Hyper-parameters are bound by the factory, never passed to `step`, so that a kernel in
 * production cannot change (design rule 1).
 */
export interface Kernel {
  readonly name: string;
  /** Whether `step` leaves exp(−U/kT) exactly invariant; unadjusted dynamics does not. */
  readonly exact: boolean;
  step(state: ChainState, key: Key): Transition;
}

/** Chains at rest at `positions`, with energy and gradient evaluated (one evaluation each). */
export function startChains(potential: Potential, positions: Batch): ChainState {
  const start = copy(positions);
  const { energy, gradient } = potential.energyAndGradient(start);
  return { positions: start, energy, gradient, velocities: undefined, density: undefined };
}

/** No refusals. */
export function noRefusals(): Record<RefusalCause, number> {
  return { notFinite: 0, notInvertible: 0, outsideDomain: 0 };
}
