import { emptyLedger } from '../../src/core/ledger.ts';
import type {
  Comparison,
  MethodComparison,
  MethodRun,
  Spread,
} from '../../src/scenario/comparison.ts';

const seeds = [1, 2, 3];
const amount = 2_000_000;

/** How a method of a made-up comparison fares: ΔF errors after each tenth by seed, and its costs. */
interface Course {
  readonly errors: readonly (readonly (number | null)[])[];
  readonly cost: readonly (number | null)[];
  readonly secondsPerEvaluation: number;
  readonly ess: readonly (number | null)[];
}

/** √n convergence from `first` kT, after `training` tenths without a value. */
function converging(first: number, training: number): (number | null)[] {
  return Array.from({ length: 10 }, (_, i) =>
    i < training ? null : first / Math.sqrt(i - training + 1),
  );
}

const courses = {
  md: {
    errors: seeds.map((seed) => converging(3.4, 0).map((e) => (e ?? 0) ** 0.2 + 0.1 * seed)),
    cost: [null, null, null],
    secondsPerEvaluation: 2e-6,
    ess: [null, 3, null],
  },
  tempering: {
    errors: [converging(0.9, 1), converging(0.5, 1), converging(0.7, 1)],
    cost: [null, 1_800_000, 1_600_000],
    secondsPerEvaluation: 2e-6,
    ess: [120, 150, 140],
  },
  reweighting: {
    errors: [converging(0.09, 6), converging(0.2, 6), converging(0, 6)],
    cost: [1_400_000, 1_900_000, 1_400_000],
    secondsPerEvaluation: 4e-5,
    ess: [30_000, 31_000, null],
  },
  hybrid: {
    errors: [converging(0.05, 6), converging(0.08, 6), converging(0.03, 6)],
    cost: [1_400_000, 1_400_000, 1_400_000],
    secondsPerEvaluation: 4e-5,
    ess: [20_000, 21_000, 19_000],
  },
} satisfies Record<string, Course>;

/** Four methods, three seeds: the hybrid wins in evaluations, tempering in seconds, plain MD never. */
export function syntheticComparison(): Comparison {
  return {
    schema: 'ergoflow.compare/1',
    scenario: 'double-well',
    about: 'Two unequal wells behind a 10.8 kT barrier.',
    temperature: 1,
    states: [
      { name: 'left', definition: 'x < 0', core: 'x < -1' },
      { name: 'right', definition: 'x >= 0', core: 'x >= 1' },
    ],
    reference: { value: 3.3799, standardError: 0, source: 'quadrature' },
    tolerance: 0.1,
    budget: { unit: 'evaluations', amount, rule: 'what a full hybrid run spends' },
    seeds,
    methods: {
      md: method('Langevin dynamics', courses.md),
      tempering: method('Five temperatures, MALA', courses.tempering),
      reweighting: method('The flow alone', courses.reweighting),
      hybrid: method('Flow moves and MALA', courses.hybrid),
    },
    winner: {
      method: 'hybrid',
      methodInSeconds: 'tempering',
      factors: {
        md: { evaluations: null, seconds: null },
        tempering: { evaluations: 1.29, seconds: 0.064 },
        reweighting: { evaluations: 1, seconds: 1 },
      },
      from: 1_400_000,
      sentence:
        'hybrid reaches 0.1 kT first, after 1.4e6 evaluations; tempering is 16 times faster.',
    },
    notes: ['All methods start from the same configurations.'],
    backend: { name: 'wasm', library: '4.22.0' },
  };
}

function method(description: string, course: Course): MethodComparison {
  const runs = seeds.map((_, s) => run(course, s));
  const costs = runs.map(({ costToTolerance }) => costToTolerance);
  return {
    description,
    runs,
    mean: {
      difference: { value: 3.38, standardError: 0.01 },
      withheld: 0,
      error: spread(runs.map(({ error }) => error)),
      transitions: { low: 3, median: 4, high: 9 },
      usefulAcceptance: null,
      essPerEvaluation: spread(runs.map(({ essPerEvaluation }) => essPerEvaluation)),
      essPerSecond: spread(runs.map(({ essPerSecond }) => essPerSecond)),
      firstPassage: { low: 1e5, median: 2e5, high: null },
      roundTrip: null,
      errorVsBudget: Array.from({ length: 10 }, (_, i) =>
        spread(runs.map(({ errorVsBudget }) => errorVsBudget[i])),
      ),
      costToTolerance: {
        evaluations: spread(costs.map((cost) => cost?.evaluations ?? null)),
        seconds: spread(costs.map((cost) => cost?.seconds ?? null)),
      },
      evaluations: { low: amount, median: amount, high: amount },
      wallSeconds: { low: 80, median: 81, high: 90 },
    },
  };
}

function run(course: Course, s: number): MethodRun {
  const errors = course.errors[s];
  const error = errors[9];
  const cost = course.cost[s];
  const ess = course.ess[s];
  const seconds = amount * course.secondsPerEvaluation;
  return {
    seed: seeds[s],
    difference:
      ess === null
        ? { value: null, withheld: { reason: 'too few transitions', advice: 'run longer' } }
        : { value: 3.3799 + (error ?? 0), standardError: 0.01 },
    error,
    transitions: 4,
    usefulAcceptance: null,
    ess,
    essPerEvaluation: ess === null ? null : ess / amount,
    essPerSecond: ess === null ? null : ess / seconds,
    meanFirstPassage: null,
    meanRoundTrip: null,
    errorVsBudget: errors,
    withheldVsBudget: errors.map((_, i) => ess === null || i < 3),
    costToTolerance:
      cost === null ? null : { evaluations: cost, seconds: cost * course.secondsPerEvaluation },
    ledger: { ...emptyLedger(), localMoves: amount, total: amount },
    wallSeconds: { preparing: 1, sampling: seconds, total: seconds + 1 },
    ladder: null,
    warnings: [],
  };
}

/** Seeds without a value are worse than any other. */
function spread(values: readonly (number | null)[]): Spread {
  const sorted = values
    .map((value) => value ?? Infinity)
    .sort((a, b) => a - b)
    .map((value) => (value === Infinity ? null : value));
  return { low: sorted[0], median: sorted[1], high: sorted[2] };
}
