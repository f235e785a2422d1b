import { collapsed, listed } from '../collapsed.ts';
import type { MethodRun, MethodSummary, Spread } from '../comparison.ts';
import type { Figure } from '../result.ts';
import { spread } from './spread.ts';

/** A method over its seeds. */
export function methodSummary(runs: readonly MethodRun[]): MethodSummary {
  const over = (value: (run: MethodRun) => number | null, better: 'smaller' | 'larger'): Spread =>
    spread(runs.map(value), better);
  /** Null for a method that has no such figure in any run. */
  const where = (
    value: (run: MethodRun) => number | null,
    better: 'smaller' | 'larger',
  ): Spread | null => (runs.every((run) => value(run) === null) ? null : over(value, better));
  const journeys = (times: (run: MethodRun) => MethodRun['meanFirstPassage']): Spread | null =>
    runs.every((run) => times(run) === null) ? null : over((run) => slowest(times(run)), 'smaller');
  return {
    difference: meanDifference(runs),
    withheld: runs.filter((run) => run.difference.value === null).length,
    error: over((run) => run.error, 'smaller'),
    transitions: where((run) => run.transitions, 'larger'),
    usefulAcceptance: where((run) => run.usefulAcceptance, 'larger'),
    essPerEvaluation: over((run) => run.essPerEvaluation, 'larger'),
    essPerSecond: over((run) => run.essPerSecond, 'larger'),
    firstPassage: journeys((run) => run.meanFirstPassage),
    roundTrip: journeys((run) => run.meanRoundTrip),
    errorVsBudget: Array.from({ length: 10 }, (_, tenth) =>
      over((run) => run.errorVsBudget[tenth], 'smaller'),
    ),
    costToTolerance: {
      evaluations: over((run) => run.costToTolerance?.evaluations ?? null, 'smaller'),
      seconds: over((run) => run.costToTolerance?.seconds ?? null, 'smaller'),
    },
    evaluations: over((run) => run.ledger.total, 'smaller'),
    wallSeconds: over((run) => run.wallSeconds.total, 'smaller'),
  };
}

/**
 * The mean of the seeds that state a difference. With several of them the error is that of their scatter,
 * σ/√n; with one, its own.
 */
function meanDifference(runs: readonly MethodRun[]): Figure {
  const stated = runs.flatMap(({ difference }) => (difference.value === null ? [] : [difference]));
  if (stated.length === 0) {
    return (
      runs[0]?.difference ?? {
        value: null,
        withheld: { reason: 'there are no runs', advice: 'give at least one seed' },
      }
    );
  }
  if (stated.length === 1) return stated[0];
  const values = stated.map(({ value }) => listed(value));
  const means = values[0].map((_, i) => average(values.map((own) => own[i])));
  const errors = means.map((mean, i) => {
    const squares = values.reduce((sum, own) => sum + (own[i] - mean) ** 2, 0);
    return Math.sqrt(squares / (values.length - 1) / values.length);
  });
  return { value: collapsed(means), standardError: collapsed(errors) };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The longest journey between two different cores; null where one was never finished. */
function slowest(times: readonly (readonly (number | null)[])[] | null): number | null {
  if (times === null) return null;
  let longest = 0;
  for (let i = 0; i < times.length; i++) {
    for (let j = 0; j < times.length; j++) {
      if (i === j) continue;
      const time = times[i][j];
      if (time === null) return null;
      longest = Math.max(longest, time);
    }
  }
  return longest;
}
