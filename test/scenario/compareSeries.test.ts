import { describe, expect, it } from 'vitest';
import { reweightedFreeEnergies } from '../../src/analysis/freeEnergy.ts';
import { chainFigures } from '../../src/scenario/compare/chainFigures.ts';
import { chainRunning } from '../../src/scenario/compare/chainRunning.ts';
import { costToTolerance } from '../../src/scenario/compare/costToTolerance.ts';
import { errorVsBudget } from '../../src/scenario/compare/errorVsBudget.ts';
import { noEstimate, type RunningEstimate } from '../../src/scenario/compare/runningEstimate.ts';
import type { ChainSamples, WeightedSamples } from '../../src/scenario/compare/samples.ts';
import { spread } from '../../src/scenario/compare/spread.ts';
import { indicatorEss, weightedFigures } from '../../src/scenario/compare/weightedFigures.ts';
import { weightedRunning } from '../../src/scenario/compare/weightedRunning.ts';

/** Points at 10, 20, 30 … evaluations and a tenth of that in seconds. */
function running(errors: readonly number[], withheld: readonly number[] = []): RunningEstimate {
  return {
    evaluations: Float64Array.from(errors, (_, n) => 10 * (n + 1)),
    seconds: Float64Array.from(errors, (_, n) => n + 1),
    error: Float64Array.from(errors),
    withheld: Uint8Array.from(errors, (_, n) => withheld[n] ?? 0),
  };
}

describe('the cost to a tolerance', () => {
  it('is that of the first record from which on the error stays within it', () => {
    expect(costToTolerance(running([3, 0.2, 0.1, 0.05, 0.09]), 0.1)).toEqual({
      evaluations: 30,
      seconds: 3,
    });
  });

  it('is not paid by an estimate that only passes the right value', () => {
    expect(costToTolerance(running([0.01, 0.3, 0.02, 0.02]), 0.1)?.evaluations).toBe(30);
  });

  it('is null where the last error is too large, however small the others were', () => {
    expect(costToTolerance(running([0.01, 0.01, 0.11]), 0.1)).toBeNull();
  });

  it('is null where the end would have been withheld, and later where the beginning would', () => {
    expect(costToTolerance(running([0.01, 0.01, 0.01], [0, 0, 1]), 0.1)).toBeNull();
    expect(costToTolerance(running([0.01, 0.01, 0.01], [1, 1, 0]), 0.1)?.evaluations).toBe(30);
  });

  it('is null for an error that is not known, and for a run without records', () => {
    expect(costToTolerance(running([Number.NaN, Number.NaN]), 0.1)).toBeNull();
    expect(costToTolerance(noEstimate(), 0.1)).toBeNull();
  });

  it('is that of the first record where all of them are within', () => {
    expect(costToTolerance(running([0.1, 0]), 0.1)?.evaluations).toBe(10);
  });
});

describe('the error against the budget', () => {
  it('is that of the last record which each tenth has paid for', () => {
    const { errors } = errorVsBudget(running([5, 4, 3, 2, 1]), {
      unit: 'evaluations',
      amount: 50,
    });
    expect(errors).toEqual([null, 5, 5, 4, 4, 3, 3, 2, 2, 1]);
  });

  it('is null, and withheld, while nothing is recorded yet', () => {
    const training: RunningEstimate = {
      ...running([0.3, 0.2]),
      evaluations: Float64Array.of(65, 90),
    };
    const { errors, withheld } = errorVsBudget(training, { unit: 'evaluations', amount: 100 });
    expect(errors).toEqual([null, null, null, null, null, null, 0.3, 0.3, 0.2, 0.2]);
    expect(withheld).toEqual([true, true, true, true, true, true, false, false, false, false]);
  });

  it('keeps the error of an estimate that would be withheld, and says that it would', () => {
    const { errors, withheld } = errorVsBudget(running([3, 2], [1, 0]), {
      unit: 'evaluations',
      amount: 20,
    });
    expect(errors.slice(4)).toEqual([3, 3, 3, 3, 3, 2]);
    expect(withheld.slice(4)).toEqual([true, true, true, true, true, false]);
  });

  it('reads seconds where the budget is in seconds, and counts the sweep that ended after it', () => {
    const { errors } = errorVsBudget(running([5, 4, 3]), { unit: 'seconds', amount: 2.5 });
    expect(errors).toEqual([null, null, null, 5, 5, 5, 5, 4, 4, 3]);
  });

  it('has ten nulls for a run that never came to sampling', () => {
    const { errors } = errorVsBudget(noEstimate(), { unit: 'evaluations', amount: 1 });
    expect(errors).toEqual(new Array(10).fill(null));
  });
});

describe('a spread over seeds', () => {
  it('is smallest, middle and largest', () => {
    expect(spread([3, 1, 2], 'smaller')).toEqual({ low: 1, median: 2, high: 3 });
    expect(spread([4, 1, 3, 2], 'larger')).toEqual({ low: 1, median: 2.5, high: 4 });
  });

  it('counts a missing cost as larger, and a missing yield as smaller, than any other', () => {
    expect(spread([2, null, 1], 'smaller')).toEqual({ low: 1, median: 2, high: null });
    expect(spread([2, null, 1], 'larger')).toEqual({ low: null, median: 1, high: 2 });
  });

  it('has no median where half of the seeds have no value', () => {
    expect(spread([1, null], 'smaller').median).toBeNull();
    expect(spread([null], 'smaller')).toEqual({ low: null, median: null, high: null });
  });
});

/** Two chains that go from the first state to the second and back `switches` times, in step. */
function chains(records: number, stay: number): ChainSamples {
  const own = Int8Array.from({ length: records }, (_, n) => Math.floor(n / stay) % 2);
  return {
    kind: 'chains',
    logWeights: undefined,
    states: [own, own],
    cores: [own, own],
    flowMoves: Array.from({ length: records }, (_, n) => n % 2 === 1),
    evaluations: Float64Array.from(own, (_, n) => 1000 + 40 * (n + 1)),
    seconds: Float64Array.from(own, (_, n) => n),
    before: 1000,
  };
}

describe('the running estimate of chains', () => {
  const names = ['a', 'b'];

  it('leaves out the first tenth of the records made so far', () => {
    // Records 0–9 in a, then 30 in b: after 20 records the first two are left out.
    const own = Int8Array.from({ length: 40 }, (_, n) => (n < 10 ? 0 : 1));
    const samples = { ...chains(40, 1), states: [own], cores: [own] };
    const { error } = chainRunning(samples, [0], names);
    expect(error[8]).toBeNaN();
    expect(error[10]).toBeCloseTo(-Math.log(1 / 9), 12);
    expect(error[19]).toBeCloseTo(Math.log(10 / 8), 12);
    expect(error[39]).toBeCloseTo(Math.log(30 / 6), 12);
  });

  it('weighs records that were sampled under a bias, as the figures of the whole run do', () => {
    const samples = chains(200, 5);
    // Every record of b counts for e² of a, whatever the constant of the weights.
    const logWeights = samples.states.map((own) => Float64Array.from(own, (s) => 700 + 2 * s));
    const [plain, weighted] = [samples, { ...samples, logWeights }].map(
      (one) => chainRunning(one, [2], names).error[199],
    );
    expect(plain).toBeCloseTo(2, 12);
    expect(weighted).toBeCloseTo(4, 12);
    const { difference } = chainFigures({ ...samples, logWeights }, names, [2]);
    expect(difference.value).toBeCloseTo(-2, 12);
  });

  it('is withheld below ten transitions each way, over all chains', () => {
    const { withheld } = chainRunning(chains(100, 5), [0], names);
    // Two chains switch at 5, 10, 15 …: the tenth return of both is the switch at record 50.
    expect(withheld[49]).toBe(1);
    expect(withheld[50]).toBe(0);
    expect(withheld[99]).toBe(0);
  });

  it('counts no recrossing between the cores', () => {
    const cores = Int8Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? 0 : -1));
    const samples = { ...chains(100, 1), cores: [cores, cores] };
    expect(chainRunning(samples, [0], names).withheld[99]).toBe(1);
  });

  it('counts a journey that takes its time between the cores', () => {
    // A core, no man's land, the other core: a transition every second record, of both chains.
    const cores = Int8Array.from({ length: 100 }, (_, n) => (n % 2 === 1 ? -1 : (n / 2) % 2));
    const samples = { ...chains(100, 1), cores: [cores, cores] };
    const { withheld } = chainRunning(samples, [0], names);
    expect(withheld[19]).toBe(1);
    expect(withheld[20]).toBe(0);
  });

  it('ends where the figures of the whole run are', () => {
    const samples = chains(437, 7);
    const { difference, running: series } = chainFigures(samples, names, [0.25]);
    expect(difference.value).not.toBeNull();
    expect(series.error[436]).toBeCloseTo(Math.abs(Number(difference.value) - 0.25), 12);
  });

  it('has no error without a reference', () => {
    expect(chainRunning(chains(50, 5), undefined, names).error.every(Number.isNaN)).toBe(true);
  });

  it('takes the largest error of several states', () => {
    const own = Int8Array.from({ length: 80 }, (_, n) => [0, 1, 1, 2][n % 4]);
    const samples = { ...chains(80, 1), states: [own], cores: [own] };
    const { error } = chainRunning(samples, [0, 0], ['a', 'b', 'c']);
    expect(error[79]).toBeCloseTo(Math.log(2), 12);
  });
});

describe('the figures of chains', () => {
  it('give passage times in evaluations of one chain', () => {
    // 40 evaluations a record of both chains, so 20 of one; it stays seven records in each core.
    const { meanFirstPassage, meanRoundTrip } = chainFigures(chains(700, 7), ['a', 'b'], [0]);
    expect(meanFirstPassage?.[0][1]).toBeCloseTo(7 * 20, 8);
    expect(meanFirstPassage?.[0][0]).toBeNull();
    // The last journey back is cut off after six records, under way and not finished.
    expect(meanRoundTrip?.[0][1]).toBeCloseTo((7 + (49 * 7 + 6) / 49) * 20, 8);
  });

  it('withhold the difference, and say why, where the chains never switch', () => {
    const still = new Int8Array(100);
    const other = new Int8Array(100).fill(1);
    const samples = { ...chains(100, 1), states: [still, other], cores: [still, other] };
    const { difference, meanFirstPassage } = chainFigures(samples, ['a', 'b'], [0]);
    expect(difference).toMatchObject({ value: null, withheld: { reason: /entered "a" 0 times/ } });
    expect(meanFirstPassage?.[0][1]).toBeNull();
  });
});

/** Draws by turns in two states, weights 1 and `weight`, in blocks of a tenth. */
function draws(count: number, weight: number): WeightedSamples {
  return {
    kind: 'weights',
    labels: Int8Array.from({ length: count }, (_, i) => i % 2),
    logWeights: Float64Array.from({ length: count }, (_, i) => (i % 2) * Math.log(weight)),
    draws: Float64Array.from({ length: 10 }, (_, p) => ((p + 1) * count) / 10),
    evaluations: Float64Array.from({ length: 10 }, (_, p) => 500 + ((p + 1) * count) / 10),
    seconds: Float64Array.from({ length: 10 }, (_, p) => p + 1),
  };
}

describe('the running estimate of weighted draws', () => {
  it('is −ln of the weight ratio after each block', () => {
    const { error, withheld } = weightedRunning(draws(1000, 0.2), [1], ['a', 'b']);
    for (const one of error) expect(one).toBeCloseTo(Math.abs(-Math.log(0.2) - 1), 12);
    expect(Array.from(withheld)).toEqual(new Array(10).fill(0));
  });

  it('is withheld as long as a known state has no draws', () => {
    const samples = draws(1000, 0.2);
    const late = samples.labels.map((label, i) => (i < 500 ? 0 : label));
    const { error, withheld } = weightedRunning({ ...samples, labels: late }, [1], ['a', 'b']);
    expect(error[4]).toBeNaN();
    expect(withheld[4]).toBe(1);
    expect(withheld[9]).toBe(0);
  });

  it('is withheld where a few draws carry the weight', () => {
    const samples = draws(1000, 1);
    const logWeights = samples.logWeights.map((_, i) => -2 * Math.log(1 - (i + 0.5) / 1000));
    const { withheld } = weightedRunning({ ...samples, logWeights }, [0], ['a', 'b']);
    expect(withheld[9]).toBe(1);
  });

  it('looks at the weights once more at the end, however few have come since the last look', () => {
    const count = 1000;
    const samples: WeightedSamples = {
      ...draws(count, 1),
      logWeights: Float64Array.from({ length: count }, (_, i) => (i < 950 ? 0 : 20 + (i - 950))),
      draws: Float64Array.from({ length: 20 }, (_, p) => 50 * (p + 1)),
      evaluations: new Float64Array(20),
      seconds: new Float64Array(20),
    };
    const { withheld } = weightedRunning(samples, [0], ['a', 'b']);
    expect(withheld[18]).toBe(0);
    expect(withheld[19]).toBe(1);
  });

  it('ends where the figures of all draws are, draws of weight 0 included', () => {
    const samples = draws(2000, 0.3);
    const logWeights = samples.logWeights.map((w, i) => (i % 7 === 0 ? -Infinity : w));
    const { difference, running: series } = weightedFigures(
      { ...samples, logWeights },
      ['a', 'b'],
      [0],
    );
    const [expected] = reweightedFreeEnergies(samples.labels, logWeights, 2);
    expect(difference.value).toBeCloseTo(expected?.value ?? Number.NaN, 12);
    expect(series.error[9]).toBeCloseTo(Math.abs(Number(difference.value)), 12);
  });
});

describe('the effective size of weighted draws for a state', () => {
  it('is their number where all weigh the same', () => {
    const { labels, logWeights } = draws(500, 1);
    expect(indicatorEss(labels, logWeights, 0)).toBeCloseTo(500, 8);
  });

  it('is 1/(4p(1 − p)) of their number where both states have half of the draws', () => {
    // p̂ = w₁/(w₁ + w₀) with equal numbers: Var(p̂) = 4 p²(1 − p)²/N.
    const { labels, logWeights } = draws(500, 1 / 9);
    expect(indicatorEss(labels, logWeights, 1)).toBeCloseTo(500 / (4 * 0.1 * 0.9), 6);
  });

  it('is 0 where no draw, or every one, is in the state', () => {
    expect(indicatorEss([0, 0, 0], new Float64Array(3), 0)).toBe(0);
    expect(indicatorEss([0, 0, 0], new Float64Array(3), 1)).toBe(0);
  });
});
