import { describe, expect, it } from 'vitest';
import { blockBootstrap } from '../../src/analysis/blockBootstrap.ts';
import { fold, normal, rootKey } from '../../src/core/rng.ts';
import { arCoverage, weightCoverage } from './coverage.ts';
import { autoregressive, autoregressiveTime, replicas, varianceOf } from './series.ts';

const key = fold(rootKey(7), 'bootstrap');
const mean = ([m]: Float64Array): number => m;

describe('moving-block bootstrap', () => {
  it('covers the mean of an AR(1) chain 95 times in 100 (2000 replicas: the slow suite)', () => {
    const count = 400;
    const { covered } = arCoverage({ key, count, chains: 1, records: 1900, rho: 0.8 });
    expect(Math.abs(covered - 0.95)).toBeLessThan(3 * Math.sqrt((0.95 * 0.05) / count));
  });

  it('covers ln Z of log-normal weights 95 times in 100 (2000 replicas: the slow suite)', () => {
    const count = 400;
    const { covered } = weightCoverage({ key, count, draws: 2000, sigma: 1 });
    expect(Math.abs(covered - 0.95)).toBeLessThan(3 * Math.sqrt((0.95 * 0.05) / count));
  });

  it('has the right variance on average', () => {
    const [n, rho] = [4000, 0.9];
    const exact = autoregressiveTime(rho) / n;
    const variances = replicas(fold(key, 'variance'), 100).map((own) => {
      const chain = [autoregressive(own, n, rho)];
      return blockBootstrap([chain], mean, own, { replicates: 300 })!.standardError ** 2;
    });
    const average = variances.reduce((a, b) => a + b, 0) / variances.length;
    const error = Math.sqrt(varianceOf(variances) / variances.length);
    expect(Math.abs(average - exact)).toBeLessThan(0.03 * exact + 4 * error);
  });

  it('would be half as wide as it must be with blocks of one record', () => {
    const chain = [autoregressive(fold(key, 'single'), 4000, 0.9)];
    const right = blockBootstrap([chain], mean, key)!.standardError;
    const naive = blockBootstrap([chain], mean, key, { blockLength: 1 })!.standardError;
    expect(naive).toBeLessThan(right / 2);
  });

  it('restores the share τ/2b that the block ends cut off', () => {
    const chain = [autoregressive(fold(key, 'ends'), 1000, 0.5)];
    const plan = { blockLength: 50 };
    const found = blockBootstrap([chain], mean, key, { ...plan, autocorrelationTime: 10 })!;
    const cut = blockBootstrap([chain], mean, key, { ...plan, autocorrelationTime: 1 })!;
    expect(cut.standardError ** 2 / found.standardError ** 2).toBeCloseTo(1 - 10 / 100, 10);
  });

  it("has Student's interval with 1.5 N/b degrees of freedom", () => {
    const chain = [normal(fold(key, 'student'), 1000)];
    const found = blockBootstrap([chain], mean, key, { blockLength: 50, autocorrelationTime: 1 })!;
    expect(found.degreesOfFreedom).toBe(30);
    // The table's 2.0423 for 30 degrees of freedom.
    const reach = (found.interval[1] - found.interval[0]) / 2 / found.standardError;
    expect(reach).toBeCloseTo(2.0423, 3);
    expect(found.interval[0] + found.interval[1]).toBeCloseTo(2 * found.value, 12);
  });

  it('resamples whole chains where blocks would be longer than they are', () => {
    const chains = replicas(fold(key, 'whole'), 20).map((own) => [autoregressive(own, 100, 0.5)]);
    const means = chains.map(([x]) => x.reduce((a, b) => a + b, 0) / 100);
    const found = blockBootstrap(chains, mean, key, { blockLength: 1000, replicates: 20_000 })!;
    expect(found.degreesOfFreedom).toBe(19);
    // What resampling M means estimates: s²/M; the replicates leave a relative noise of 1/√40 000.
    expect(found.standardError / Math.sqrt(varianceOf(means) / 20)).toBeCloseTo(1, 1.5);
  });

  it('is the same for the same key, and another for another', () => {
    const chain = [normal(fold(key, 'same'), 500)];
    const one = blockBootstrap([chain], mean, key);
    expect(blockBootstrap([chain], mean, key)).toEqual(one);
    expect(blockBootstrap([chain], mean, fold(key, 'other'))).not.toEqual(one);
  });

  it('takes the correlation between columns into account', () => {
    // The difference of a column and itself plus a constant has no error at all.
    const x = autoregressive(fold(key, 'columns'), 1000, 0.5);
    const twin = [x, x.map((v) => v + 1)];
    const difference = ([a, b]: Float64Array): number => b - a;
    const found = blockBootstrap([twin], difference, key, { autocorrelationTime: 3 });
    expect(found === undefined || found.standardError < 1e-12).toBe(true);
  });

  it('is undefined where nothing varies or the statistic is not finite', () => {
    expect(blockBootstrap([[new Float64Array(100)]], mean, key)).toBeUndefined();
    const x = normal(fold(key, 'log'), 100);
    expect(blockBootstrap([[x]], () => Number.NaN, key)).toBeUndefined();
    expect(blockBootstrap([[x]], mean, key, { blockLength: 100 })).toBeUndefined();
  });

  it('refuses columns of different lengths', () => {
    const ragged = [[new Float64Array(5), new Float64Array(6)]];
    expect(() => blockBootstrap(ragged, mean, key)).toThrow(/2 columns of 5 records/);
    expect(() => blockBootstrap([], mean, key)).toThrow(/no records/);
  });
});
