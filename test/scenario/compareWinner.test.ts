import { describe, expect, it } from 'vitest';
import { comparisonTable } from '../../src/cli/comparisonTable.ts';
import { emptyLedger } from '../../src/core/ledger.ts';
import { comparisonNotes } from '../../src/scenario/compare/comparisonNotes.ts';
import { methodSummary } from '../../src/scenario/compare/methodSummary.ts';
import { winner } from '../../src/scenario/compare/winner.ts';
import type {
  Budget,
  Comparison,
  MethodComparison,
  MethodRun,
} from '../../src/scenario/comparison.ts';

const budget: Budget = { unit: 'evaluations', amount: 1e6, rule: 'as asked for' };

interface Shape {
  readonly evaluations?: number;
  readonly seconds?: number;
  /** Errors after each tenth; those before the last `errors.length` tenths are null. */
  readonly errors?: readonly number[];
  readonly withheld?: boolean;
  readonly seed?: number;
}

function run({
  evaluations,
  seconds,
  errors = [0.05],
  withheld = false,
  seed = 1,
}: Shape): MethodRun {
  const none = new Array<null>(10 - errors.length).fill(null);
  return {
    seed,
    difference: withheld
      ? { value: null, withheld: { reason: 'too few transitions', advice: 'run longer' } }
      : { value: 3.4 + 0.01 * seed, standardError: 0.02 },
    error: withheld ? null : (errors.at(-1) ?? null),
    transitions: withheld ? 0 : 1200,
    usefulAcceptance: null,
    ess: withheld ? null : 5000,
    essPerEvaluation: withheld ? null : 0.005,
    essPerSecond: withheld ? null : 100,
    meanFirstPassage: [
      [null, withheld ? null : 900],
      [500, null],
    ],
    meanRoundTrip: [
      [null, withheld ? null : 1400],
      [withheld ? null : 1400, null],
    ],
    errorVsBudget: [...none, ...errors],
    withheldVsBudget: [...none, ...errors].map((error) => error === null || withheld),
    costToTolerance:
      evaluations === undefined || seconds === undefined ? null : { evaluations, seconds },
    ledger: { ...emptyLedger(), localMoves: 1e6, total: 1e6 },
    wallSeconds: { preparing: 0, sampling: 50, total: 50 },
    ladder: null,
    warnings: [],
  };
}

function method(...shapes: readonly Shape[]): MethodComparison {
  const runs = shapes.map((shape, i) => run({ seed: i + 1, ...shape }));
  return { description: 'as it is', runs, mean: methodSummary(runs) };
}

const never = method({ withheld: true, errors: [3.4, 3.4, 3.4] });

describe('the winner of a comparison', () => {
  it('is the first within the tolerance, with factors in evaluations and in seconds', () => {
    const {
      method: first,
      factors,
      from,
      sentence,
    } = winner(
      {
        tempering: method({ evaluations: 9e5, seconds: 30 }),
        hybrid: method({ evaluations: 3e5, seconds: 60 }),
      },
      budget,
      0.1,
      true,
    );
    expect(first).toBe('hybrid');
    expect(from).toBe(3e5);
    expect(factors).toEqual({ tempering: { evaluations: 3, seconds: 0.5 } });
    expect(sentence).toContain('The hybrid wins: it holds 0.1 kT from 300000 evaluations on');
    expect(sentence).toContain('needs 3 times as many evaluations and 0.5 times as many seconds');
    expect(sentence).toContain('In wall-clock seconds parallel tempering is first.');
  });

  it('is plain tempering where that is so, and then it says that the flow was not worth it', () => {
    const { method: first, sentence } = winner(
      { tempering: method({ evaluations: 1e5, seconds: 1 }), hybrid: never, md: never },
      budget,
      0.1,
      true,
    );
    expect(first).toBe('tempering');
    expect(sentence).toContain(
      'Plain tempering wins, and a flow is not worth its training for this: it holds 0.1 kT from 100000 evaluations on',
    );
    expect(sentence).toContain('The hybrid does not get there within the budget.');
    expect(sentence).not.toContain('In wall-clock seconds');
  });

  it('says nothing of flows where none was compared', () => {
    const { sentence } = winner(
      { md: never, tempering: method({ evaluations: 1e5, seconds: 1 }) },
      budget,
      0.1,
      true,
    );
    expect(sentence).toContain('Parallel tempering wins: it holds');
  });

  it('is decided by the median over the seeds, and a seed that never arrives counts as late', () => {
    const { method: first, factors } = winner(
      {
        tempering: method(
          { evaluations: 1e5, seconds: 1 },
          { evaluations: 8e5, seconds: 8 },
          { errors: [1] },
        ),
        hybrid: method(
          { evaluations: 4e5, seconds: 4 },
          { evaluations: 4e5, seconds: 4 },
          { evaluations: 9e5, seconds: 9 },
        ),
      },
      budget,
      0.1,
      true,
    );
    expect(first).toBe('hybrid');
    expect(factors.tempering).toEqual({ evaluations: 2, seconds: 2 });
  });

  it('is nobody where no method arrives in most of the seeds', () => {
    const {
      method: first,
      from,
      sentence,
    } = winner(
      { md: never, hybrid: method({ evaluations: 1e5, seconds: 1 }, { errors: [1] }) },
      budget,
      0.1,
      true,
    );
    expect(first).toBeNull();
    expect(from).toBeNull();
    expect(sentence).toBe(
      'No method holds 0.1 kT to the end of the budget of 1 million evaluations in most of the seeds.',
    );
  });

  it('cannot be named without a reference', () => {
    const { method: first, sentence } = winner({ md: never }, budget, 0.1, false);
    expect(first).toBeNull();
    expect(sentence).toContain('give the scenario a reference');
  });

  it('is decided by seconds where the budget is in seconds', () => {
    const { method: first, from } = winner(
      {
        tempering: method({ evaluations: 9e5, seconds: 3 }),
        hybrid: method({ evaluations: 3e5, seconds: 6 }),
      },
      { unit: 'seconds', amount: 10, rule: 'as asked for' },
      0.1,
      true,
    );
    expect(first).toBe('tempering');
    expect(from).toBe(3);
  });

  it('names who is ahead before, unless that estimate would be withheld', () => {
    const hybrid = method({ evaluations: 7.5e5, seconds: 60, errors: [0.2, 0.05, 0.01] });
    const slow = { errors: [2, 1.5, 1, 0.8, 0.6, 0.5, 0.45, 0.4, 0.3, 0.2] };
    const sentenceOf = (tempering: MethodComparison): string =>
      winner({ tempering, hybrid }, budget, 0.1, true).sentence;
    expect(sentenceOf(method({ errors: [...slow.errors] }))).toContain(
      'Below that parallel tempering is ahead: at 700000 evaluations its error is 0.45 kT.',
    );
    expect(sentenceOf(method({ ...slow, withheld: true }))).not.toContain('ahead');
  });

  it('names who is nearer from which budget on, if that is another one', () => {
    const { sentence } = winner(
      {
        tempering: method({
          evaluations: 1e5,
          seconds: 1,
          errors: [0.09, 0.08, 0.07, 0.06, 0.06, 0.06, 0.06, 0.05, 0.05, 0.05],
        }),
        hybrid: method({ evaluations: 7.5e5, seconds: 60, errors: [0.2, 0.02, 0.004] }),
      },
      budget,
      0.1,
      true,
    );
    expect(sentence).toContain(
      'From 900000 evaluations on the hybrid has the smaller error: at the end 0.004 kT, against 0.05 kT.',
    );
  });
});

describe('the summary of a method', () => {
  it('is the mean of the seeds that state a difference, with the error of their scatter', () => {
    const { mean } = method({ seed: 1 }, { seed: 3 }, { withheld: true });
    expect(mean.withheld).toBe(1);
    expect(mean.difference.value).toBeCloseTo(3.42, 12);
    expect(mean.difference).toMatchObject({ standardError: expect.closeTo(0.01, 12) });
  });

  it('withholds a difference that no seed states, with the reason', () => {
    expect(never.mean.difference).toMatchObject({ withheld: { reason: 'too few transitions' } });
    expect(never.mean.error.median).toBeNull();
  });

  it('takes the slowest journey, and has none that was never finished', () => {
    expect(method({}).mean.firstPassage?.median).toBe(900);
    expect(never.mean.firstPassage).toEqual({ low: null, median: null, high: null });
  });
});

describe('the table of a comparison', () => {
  const methods = {
    md: never,
    tempering: method({ evaluations: 1e5, seconds: 1.5 }, { evaluations: 2e5, seconds: 2 }),
  };
  const comparison: Comparison = {
    schema: 'ergoflow.compare/1',
    scenario: 'double-well',
    about: 'A test.',
    temperature: 1,
    states: [
      { name: 'left', definition: 'x < 0', core: 'x < -1' },
      { name: 'right', definition: 'x >= 0', core: 'x > 1' },
    ],
    reference: { value: 3.3799, standardError: 0, source: 'quadrature' },
    tolerance: 0.1,
    budget,
    seeds: [1, 2],
    methods,
    winner: winner(methods, budget, 0.1, true),
    notes: comparisonNotes(['md', 'tempering'], budget),
    backend: { name: 'cpu', library: '4.22.0' },
  };
  const text = comparisonTable(comparison);

  it('shows who wins, what was expected and found, and what it costs in both units', () => {
    expect(text).toContain('Parallel tempering wins');
    expect(text).toMatch(/expected\s*│\s*3\.380/);
    expect(text).toContain('3.415 ± 0.005');
    expect(text).toMatch(/evaluations to 0\.1 kT\s*│\s*never\s*│\s*150 k/);
    expect(text).toMatch(/seconds to 0\.1 kT\s*│\s*never\s*│\s*1\.75/);
  });

  it('says why a difference is withheld', () => {
    expect(text).toContain('seed 1: withheld: too few transitions; run longer');
  });

  it('speaks of no method that was not compared', () => {
    expect(text).not.toMatch(/hybrid|flow/i);
  });

  it('fits a hundred columns and holds no escape codes', () => {
    const table = text.split('\n').filter((line) => /[│─]/.test(line));
    expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(text).not.toContain('\u001b');
  });
});
