import { type Batch, batch, row } from '../../core/batch.ts';
import { energyAndGradientBuffer, type Potential } from '../../core/potential.ts';
import { type Finding, type FindingName, finding, shown } from './finding.ts';
import { called } from './guarded.ts';

/** Differences this small, relative, are another order of summation and no dependence. */
const rounding = 1e-12;

/**
 * How a potential behaves as a function: argument, results, repetition, history, rows.
 *
 * `x` and `others` are configurations with finite energies; each finding is about one fault alone, as
 * far as faults can be told apart.
 */
export function callContract(potential: Potential, x: Batch, others: Batch): Finding[] {
  const repeatable = repeats(potential, x);
  const isRepeatable = repeatable.status === 'passed';
  const memory = isRepeatable
    ? withoutMemory(potential, x, others)
    : untested('without memory', 'the answers differ even at once');
  // What differs from call to call differs from row to row as well, and says nothing about rows.
  const reason = isRepeatable
    ? 'the answers depend on earlier calls'
    : 'the answers differ at once';
  const isPure = isRepeatable && memory.status === 'passed';
  return [
    argumentUntouched(potential, x),
    resultsNotShared(potential, x, others),
    repeatable,
    memory,
    isPure ? rowsIndependent(potential, x) : untested('rows independent', reason),
    isPure ? oneEnergy(potential, x) : untested('one energy', reason),
  ];
}

function untested(name: FindingName, reason: string): Finding {
  return finding(name, 'warned', `not tested: ${reason}`);
}

/** U and ∂U/∂x in arrays of one's own, from a copy of `x`. */
export function answers(potential: Potential, x: Batch): Answers {
  const given = fresh(x);
  const { energy, gradient } = called(potential.name, given, () =>
    potential.energyAndGradient(given),
  );
  return { energy: energy.slice(), gradient: gradient.slice() };
}

/** What a potential says of some configurations. */
export interface Answers {
  /** `[B]` */
  readonly energy: Float64Array;
  /** `[B, D]` */
  readonly gradient: Float64Array;
}

/** The largest relative difference of two answers; 0 where they are the same to the bit. */
export function difference(left: Answers, right: Answers): number {
  return Math.max(largest(left.energy, right.energy), largest(left.gradient, right.gradient));
}

function argumentUntouched(potential: Potential, x: Batch): Finding {
  const touched = (['energy', 'energyAndGradient'] as const).flatMap((method) => {
    const given = fresh(x);
    called(potential.name, given, () => {
      potential[method](given);
    });
    const at = given.data.findIndex((value, i) => !Object.is(value, x.data[i]));
    return at < 0 ? [] : [{ method, at, from: x.data[at], to: given.data[at] }];
  });
  const [first] = touched;
  return first === undefined
    ? finding('argument untouched', 'passed', 'x is the same after a call as before')
    : finding(
        'argument untouched',
        'failed',
        `${touched.map(({ method }) => `${method}(x)`).join(' and ')} wrote to x: coordinate ` +
          `${first.at % x.dim} of row ${Math.floor(first.at / x.dim)} was ${shown(first.from, 6)} and ` +
          `became ${shown(first.to, 6)}. The chain would go on from a place it never moved to`,
        { coordinate: first.at % x.dim },
      );
}

function resultsNotShared(potential: Potential, x: Batch, others: Batch): Finding {
  const problems: string[] = [];
  const given = fresh(x);
  const energy = potential.energy(given);
  const first = potential.energyAndGradient(given);
  const before = [energy, first.energy, first.gradient].map((array) => array.slice());
  if ([energy, first.energy, first.gradient].some((array) => array.buffer === given.data.buffer)) {
    problems.push('a result is stored in the memory of x');
  }
  const other = fresh(others);
  potential.energy(other);
  potential.energyAndGradient(other);
  // As many rows as before: a buffer that is kept is most likely kept for a number of rows.
  const again = batch(x.data.slice().reverse(), x.dim);
  potential.energy(again);
  potential.energyAndGradient(again);
  [energy, first.energy, first.gradient].forEach((array, i) => {
    if (!same(array, before[i])) {
      const name = ['the result of energy(x)', '"energy"', '"gradient"'][i];
      problems.push(`${name} of one call was overwritten by the next`);
    }
  });
  problems.push(...givenArrayProblems(potential, x));
  return problems.length === 0
    ? finding('results not shared', 'passed', 'every call has result arrays of its own')
    : finding(
        'results not shared',
        'failed',
        `${problems.join('; ')}. A chain keeps these arrays as its current energy and gradient`,
      );
}

/** Result arrays that were passed in must be filled, returned, and then left alone. */
function givenArrayProblems(potential: Potential, x: Batch): string[] {
  const expected = answers(potential, x);
  const out = energyAndGradientBuffer(x.count, x.dim);
  out.energy.fill(Number.NaN);
  out.gradient.fill(Number.NaN);
  const returned = potential.energyAndGradient(fresh(x), out);
  if (returned.energy !== out.energy || returned.gradient !== out.gradient) {
    return ['result arrays that were passed in are not the ones returned'];
  }
  if (out.gradient.some((value, i) => Number.isNaN(value) && !Number.isNaN(expected.gradient[i]))) {
    return ['result arrays that were passed in are not filled'];
  }
  const filled = out.gradient.slice();
  potential.energyAndGradient(batch(x.data.slice().reverse(), x.dim));
  return same(out.gradient, filled)
    ? []
    : ['result arrays that were passed in are kept, and were written to by a later call'];
}

function repeats(potential: Potential, x: Batch): Finding {
  // The first call follows on other configurations; whether that matters is the next question.
  answers(potential, x);
  const second = answers(potential, x);
  let worst = 0;
  for (let repeat = 0; repeat < 3; repeat++) {
    worst = Math.max(worst, difference(second, answers(potential, x)));
  }
  return worst === 0
    ? finding('repeatable', 'passed', 'the same configuration gives the same bytes again')
    : finding(
        'repeatable',
        'failed',
        `the same configurations gave other values when asked again at once (relative difference ` +
          `${shown(worst)}): the potential draws random numbers, counts its calls or sums in threads. ` +
          'No run could be repeated, and Metropolis rules would not hold',
        { relativeDifference: worst },
      );
}

function withoutMemory(potential: Potential, x: Batch, others: Batch): Finding {
  answers(potential, x);
  const afterItself = answers(potential, x);
  let worst = 0;
  for (let b = 0; b < others.count; b++) {
    answers(potential, batch(row(others, b).slice(), others.dim));
    worst = Math.max(worst, difference(afterItself, answers(potential, x)));
  }
  return worst === 0
    ? finding('without memory', 'passed', 'what was evaluated before makes no difference')
    : finding(
        'without memory',
        'failed',
        `U depends on which configurations were evaluated before (relative difference ${shown(worst)}): ` +
          'something is kept from call to call, such as a neighbour list or a cache that is not renewed',
        { relativeDifference: worst },
      );
}

function rowsIndependent(potential: Potential, x: Batch): Finding {
  const together = answers(potential, x);
  const { dim, count } = x;
  let worst = 0;
  let worstRow = 0;
  for (let b = 0; b < count; b++) {
    const alone = answers(potential, batch(row(x, b).slice(), dim));
    const part = {
      energy: together.energy.slice(b, b + 1),
      gradient: together.gradient.slice(b * dim, (b + 1) * dim),
    };
    const apart = difference(alone, part);
    if (apart > worst) {
      worst = apart;
      worstRow = b;
    }
  }
  const figures = { relativeDifference: worst };
  if (worst === 0) {
    return finding(
      'rows independent',
      'passed',
      'a row alone gives what it gives in a batch',
      figures,
    );
  }
  if (worst < rounding) {
    return finding(
      'rows independent',
      'warned',
      `a row in a batch differs by rounding (${shown(worst)}) from the row alone: runs with other ` +
        'numbers of chains are not the same to the byte',
      figures,
    );
  }
  return finding(
    'rows independent',
    'failed',
    `row ${worstRow} of a batch of ${count} gives other values than alone (relative difference ` +
      `${shown(worst)}): chains would feel each other`,
    figures,
  );
}

function oneEnergy(potential: Potential, x: Batch): Finding {
  const given = fresh(x);
  const alone = potential.energy(given).slice();
  const worst = largest(alone, answers(potential, x).energy);
  const figures = { relativeDifference: worst };
  if (worst === 0) {
    return finding('one energy', 'passed', 'U is the same with its gradient as without', figures);
  }
  return finding(
    'one energy',
    worst < rounding ? 'warned' : 'failed',
    `energy(x) and energyAndGradient(x).energy differ (relative difference ${shown(worst)})` +
      (worst < rounding ? ', by rounding' : ': two surfaces would be mixed in one chain'),
    figures,
  );
}

function fresh(x: Batch): Batch {
  return batch(x.data.slice(), x.dim);
}

function same(left: Float64Array, right: Float64Array): boolean {
  return left.length === right.length && left.every((value, i) => Object.is(value, right[i]));
}

function largest(left: Float64Array, right: Float64Array): number {
  if (left.length !== right.length) return Infinity;
  let worst = 0;
  for (let i = 0; i < left.length; i++) {
    // Object.is: two NaN are the same answer, and so are two infinities.
    if (Object.is(left[i], right[i]) || left[i] === right[i]) continue;
    const size = Math.max(Math.abs(left[i]), Math.abs(right[i]));
    const apart = Math.abs(left[i] - right[i]) / size;
    worst = Math.max(worst, Number.isNaN(apart) ? Infinity : apart);
  }
  return worst;
}
