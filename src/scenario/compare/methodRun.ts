import { totalEvaluations } from '../../core/ledger.ts';
import { listed } from '../collapsed.ts';
import type { Budget, MethodRun } from '../comparison.ts';
import type { Figure } from '../result.ts';
import { chainFigures } from './chainFigures.ts';
import { costToTolerance } from './costToTolerance.ts';
import { errorVsBudget } from './errorVsBudget.ts';
import type { MethodOutcome } from './methodOutcome.ts';
import { noEstimate, type RunningEstimate } from './runningEstimate.ts';
import { weightedFigures } from './weightedFigures.ts';

/** What is known of one run from its samples alone. */
export interface SampleFigures {
  readonly difference: Figure;
  readonly transitions: number | null;
  readonly usefulAcceptance: number | null;
  /** Of the state indicator with the fewest; undefined where it cannot be known. */
  readonly ess: number | undefined;
  readonly meanFirstPassage: MethodRun['meanFirstPassage'];
  readonly meanRoundTrip: MethodRun['meanRoundTrip'];
  readonly running: RunningEstimate;
}

/** Turns what a method left behind into its figures. */
export function methodRun(
  outcome: MethodOutcome,
  context: {
    readonly seed: number;
    readonly budget: Budget;
    readonly tolerance: number;
    readonly stateNames: readonly string[];
    /** Fᵢ − F₀, kT, `[K − 1]`; undefined where nothing is known. */
    readonly reference: readonly number[] | undefined;
  },
): MethodRun {
  const { seed, budget, tolerance, stateNames, reference } = context;
  const { samples, ledger, preparingSeconds, totalSeconds } = outcome;
  const total = totalEvaluations(ledger);
  const figures =
    samples === undefined || samples.evaluations.length === 0
      ? nothingSampled(outcome)
      : samples.kind === 'chains'
        ? chainFigures(samples, stateNames, reference)
        : weightedFigures(samples, stateNames, reference);
  const { difference, running } = figures;
  const vsBudget = errorVsBudget(running, budget);
  const ess = difference.value === null ? null : (figures.ess ?? null);
  return {
    seed,
    difference,
    error: errorOf(difference, reference),
    transitions: figures.transitions,
    usefulAcceptance: figures.usefulAcceptance,
    ess,
    essPerEvaluation: ess === null ? null : ess / total,
    essPerSecond: ess === null ? null : ess / totalSeconds,
    meanFirstPassage: figures.meanFirstPassage,
    meanRoundTrip: figures.meanRoundTrip,
    errorVsBudget: vsBudget.errors,
    withheldVsBudget: vsBudget.withheld,
    costToTolerance: costToTolerance(running, tolerance),
    ledger: { ...ledger, total },
    wallSeconds: {
      preparing: preparingSeconds,
      sampling: totalSeconds - preparingSeconds,
      total: totalSeconds,
    },
    ladder: outcome.ladder,
    warnings: outcome.warnings,
  };
}

function nothingSampled({ warnings }: MethodOutcome): SampleFigures {
  return {
    difference: {
      value: null,
      withheld: {
        reason: warnings.at(-1) ?? 'the budget ended before anything was sampled',
        advice: 'give a larger budget',
      },
    },
    transitions: null,
    usefulAcceptance: null,
    ess: undefined,
    meanFirstPassage: null,
    meanRoundTrip: null,
    running: noEstimate(),
  };
}

function errorOf(difference: Figure, reference: readonly number[] | undefined): number | null {
  if (difference.value === null || reference === undefined) return null;
  return Math.max(...listed(difference.value).map((value, i) => Math.abs(value - reference[i])));
}
