import type { Ledger } from '../core/ledger.ts';
import type { BackendName, Figure, Stated } from './result.ts';

/** Plain MD, parallel tempering, the flow alone by reweighting, and the hybrid of flow and MD. */
export type MethodName = 'md' | 'tempering' | 'reweighting' | 'hybrid';

/**
 * Methods side by side at equal cost: the content of `compare.json`.
 *
 * Differences are F(states[i]) − F(states[0]) in kT: a number for two states, an array for more. A cost
 * holds everything that a method spends: seeding, training, pilots, warm-up, production.
 */
export interface Comparison {
  readonly schema: 'ergoflow.compare/1';
  readonly scenario: string;
  readonly about: string;
  readonly temperature: number;
  readonly states: readonly {
    readonly name: string;
    readonly definition: string;
    readonly core: string;
  }[];
  /** Null where nothing is known; then no error and no cost can be given. */
  readonly reference: (Stated & { readonly source: string }) | null;
  /** |ΔF − reference| that counts as reached, kT. */
  readonly tolerance: number;
  readonly budget: Budget;
  readonly seeds: readonly number[];
  /** The methods that were run, in the order that they were asked for. */
  readonly methods: Readonly<Partial<Record<MethodName, MethodComparison>>>;
  readonly winner: Winner;
  /** What was held equal and how, in sentences. */
  readonly notes: readonly string[];
  readonly backend: { readonly name: BackendName; readonly library: string };
}

/** What every method may spend on one run. */
export interface Budget {
  readonly unit: 'evaluations' | 'seconds';
  readonly amount: number;
  /** How the amount was chosen, in words. */
  readonly rule: string;
}

/** All runs of one method, and their mean. */
export interface MethodComparison {
  /** In words, with what matters of its settings. */
  readonly description: string;
  /** One a seed. */
  readonly runs: readonly MethodRun[];
  readonly mean: MethodSummary;
}

/** One method with one seed. Null is a figure that does not exist for it, or cannot be known. */
export interface MethodRun {
  readonly seed: number;
  readonly difference: Figure;
  /** |difference − reference|, the largest of all states, kT. */
  readonly error: number | null;
  /** Core to core, last core visited, all chains; null without chains. */
  readonly transitions: number | null;
  /** Core to core by flow moves, per flow move. */
  readonly usefulAcceptance: number | null;
  /** Of the state indicator with the fewest; null where the difference is withheld. */
  readonly ess: number | null;
  /** Per evaluation and second of the whole run. */
  readonly essPerEvaluation: number | null;
  readonly essPerSecond: number | null;
  /** From core i to core j, in evaluations of one chain (for tempering: one ladder), `[K][K]`. */
  readonly meanFirstPassage: readonly (readonly (number | null)[])[] | null;
  /** There and back, `[K][K]`. */
  readonly meanRoundTrip: readonly (readonly (number | null)[])[] | null;
  /** |ΔF − reference| after each tenth of the budget, kT, `[10]`; null while training. */
  readonly errorVsBudget: readonly (number | null)[];
  /** Whether ΔF would be withheld at that point (design rule 11), `[10]`; true while training. */
  readonly withheldVsBudget: readonly boolean[];
  /** What was spent when |ΔF − reference| came within the tolerance for good; null if never. */
  readonly costToTolerance: Cost | null;
  readonly ledger: Ledger & { readonly total: number };
  readonly wallSeconds: {
    /** Seeding and training, or the pilots of the ladder. */
    readonly preparing: number;
    readonly sampling: number;
    readonly total: number;
  };
  /** Tempering only. */
  readonly ladder: LadderFigures | null;
  /** What went otherwise than it should, in sentences. */
  readonly warnings: readonly string[];
}

/** What was spent, in evaluations and in seconds. */
export interface Cost {
  readonly evaluations: number;
  readonly seconds: number;
}

/** The temperatures of parallel tempering, and how often neighbours swapped. */
export interface LadderFigures {
  /** kT of every rung, `[R]`. */
  readonly kT: readonly number[];
  /** Swap acceptance of each pair of neighbours, `[R − 1]`: from the pilots, and found. */
  readonly predictedSwaps: readonly number[];
  readonly swaps: readonly number[];
  /** Journeys cold → hot → cold, over all replicas. */
  readonly roundTrips: number;
  /** Local acceptance of each rung, `[R]`. */
  readonly localAcceptance: readonly number[];
}

/** A method over all seeds. */
export interface MethodSummary {
  /** Mean over the seeds that state a difference. */
  readonly difference: Figure;
  /** Seeds whose difference is withheld. */
  readonly withheld: number;
  readonly error: Spread;
  readonly transitions: Spread | null;
  readonly usefulAcceptance: Spread | null;
  readonly essPerEvaluation: Spread;
  readonly essPerSecond: Spread;
  /** The slowest journey of each seed, evaluations of one chain. */
  readonly firstPassage: Spread | null;
  readonly roundTrip: Spread | null;
  /** Over the seeds, after each tenth of the budget, `[10]`. */
  readonly errorVsBudget: readonly Spread[];
  readonly costToTolerance: { readonly evaluations: Spread; readonly seconds: Spread };
  readonly evaluations: Spread;
  readonly wallSeconds: Spread;
}

/**
 * Smallest, middle and largest value over the seeds. A seed without a value counts as worse than any
 * other, so that a median is null where half of the seeds have none.
 */
export interface Spread {
  readonly low: number | null;
  readonly median: number | null;
  readonly high: number | null;
}

/** Who comes within the tolerance first, and by what factor. */
export interface Winner {
  /** Null where no method does in half of the seeds, or nothing is known to compare with. */
  readonly method: MethodName | null;
  /** First in wall-clock seconds, which need not be the same. */
  readonly methodInSeconds: MethodName | null;
  /** Every other method's median cost over the winner's; null where it never gets there. */
  readonly factors: Readonly<
    Partial<
      Record<MethodName, { readonly evaluations: number | null; readonly seconds: number | null }>
    >
  >;
  /** The budget in its own unit from which on the winner is within the tolerance. */
  readonly from: number | null;
  /** All of this for a person. */
  readonly sentence: string;
}
