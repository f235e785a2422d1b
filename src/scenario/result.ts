import type { ProfileDeparture } from '../analysis/profileDeparture.ts';
import type { Ledger } from '../core/ledger.ts';

/** A figure with its standard error; arrays where there are more than two states. */
export interface Stated {
  readonly value: number | readonly number[];
  readonly standardError: number | readonly number[];
}

/** A figure that would rest on bad weights or too few transitions: why, and what to do (rule 11). */
export interface Withheld {
  readonly value: null;
  readonly withheld: { readonly reason: string; readonly advice: string };
}

/** A result with its error, or the reason why there is none. */
export type Figure = Stated | Withheld;

/** Where the tensors of training are computed. */
export type BackendName = 'tensorflow' | 'wasm' | 'cpu';

/** Seconds spent, for people; nothing is decided by them. */
export interface WallSeconds {
  seeding: number;
  training: number;
  sampling: number;
  /** Plain MD beside it; not part of the total. */
  comparing: number;
}

/** Differences of samples that were carried to another temperature, and how well they bear it. */
export interface CarriedFigure {
  readonly difference: Figure;
  /** (Σw)²/(N Σw²) of the weights; 1 at the temperature of the chain. */
  readonly essFraction: number;
  readonly paretoK: number | null;
}

/** What the samples say about a temperature near their own. */
export interface Neighbour {
  readonly temperature: number;
  readonly hybrid: CarriedFigure;
  readonly reweighted: CarriedFigure;
  readonly reference: (Stated & { readonly source: string }) | null;
}

/** One expectation and what became of it. */
export interface Check {
  readonly name: string;
  readonly expected: number;
  readonly found: number | null;
  /** How far `found` may be from `expected`; for a bound, 0. */
  readonly tolerance: number;
  /** `about`: within the tolerance; `at least` and `at most`: on the right side of it. */
  readonly relation: 'about' | 'at least' | 'at most';
  readonly source: string;
  readonly passed: boolean;
}

/**
 * What a run found: the content of `result.json`.
 *
 * Differences are F(states[i]) − F(states[0]) = −ln(P_i / P_0), in kT: a number for two states, an
 * array for more.
 */
export interface Result {
  readonly schema: 'ergoflow.result/1';
  readonly scenario: string;
  readonly seed: number;
  readonly temperature: number;
  readonly verdict: 'converged' | 'exhausted' | 'missed' | 'failed';
  readonly states: readonly {
    readonly name: string;
    readonly definition: string;
    readonly core: string;
  }[];
  readonly freeEnergy: {
    readonly unit: 'kT';
    /** The chain's own estimate: the hybrid's, or without a flow that of parallel tempering. */
    readonly difference: Figure;
    readonly reference: (Stated & { readonly source: string }) | null;
  };
  /** How far the profiles are from what is known along the coordinate; null where nothing is known. */
  readonly profile: {
    readonly source: string;
    readonly hybrid: ProfileDeparture | null;
    readonly reweighted: ProfileDeparture | null;
  } | null;
  readonly reweighted: {
    readonly difference: Figure;
    /** (Σw)²/(N Σw²) */
    readonly essFraction: number;
    readonly essFractionPerState: readonly number[];
    /** The same from samples of the target, the hybrid chain's. */
    readonly forwardEssFraction: number | null;
    readonly paretoK: number | null;
    readonly samples: number;
    /** Draws of weight 0, which are among `samples`: those whose labels belong to other sites. */
    readonly outsideDomain: number;
    readonly notInvertible: number;
    readonly notFinite: number;
    /** Of the whole space: with n identical particles ln n! is in it. */
    readonly logZ: Figure;
  };
  readonly combined: { readonly difference: Figure; readonly method: 'BAR' };
  readonly hybrid: {
    readonly chains: number;
    readonly steps: number;
    readonly flowMoves: number;
    readonly acceptance: number;
    readonly localAcceptance: number;
    /** By flow moves, core to core, last core visited, all chains. */
    readonly transitions: number;
    /** `transitions` per flow move. */
    readonly usefulAcceptance: number;
    /** 2 p (1 − p), what independent draws of what is sampled would reach; two states only. */
    readonly idealUsefulAcceptance: number | null;
    /** Of the state indicator with the fewest. */
    readonly ess: number;
    readonly essPerSecond: number;
    readonly essPerEvaluation: number;
    /** With seeding and training. */
    readonly essPerSecondTotal: number;
    readonly essPerEvaluationTotal: number;
    readonly rhat: number | null;
  };
  /**
   * Of a run without a flow, whose `hybrid` figures are those of the first rung; null with one. A single
   * rung is local moves alone.
   */
  readonly tempering: {
    /** k_B T of every rung. */
    readonly ladder: readonly number[];
    /** Share of accepted swaps of rungs r and r + 1. */
    readonly swapAcceptance: readonly number[];
    /** Journeys cold → hot → cold of all replicas. */
    readonly roundTrips: number;
    /** Core to core, of the first rung, by whatever move. */
    readonly transitions: number;
  } | null;
  /** The same samples reweighted to other temperatures; differences in kT of each. */
  readonly neighbours: readonly Neighbour[];
  /** Plain MD from the same starts with the same number of evaluations; null where left out. */
  readonly plainMd: {
    readonly evaluations: number;
    readonly chains: number;
    /** Core to core. */
    readonly transitions: number;
    /** What the measured escape rates predict for this many evaluations in equilibrium. */
    readonly predictedTransitions: number | null;
    readonly difference: Figure;
  } | null;
  readonly ledger: Ledger & { readonly total: number };
  readonly wallSeconds: WallSeconds & { readonly total: number };
  readonly backend: { readonly name: BackendName; readonly library: string };
  readonly checks: readonly Check[];
}
