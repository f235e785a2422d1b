import { describe, expect, it } from 'vitest';
import { essFraction } from '../../src/analysis/effectiveSampleSize.ts';
import { essConsistency } from '../../src/analysis/essConsistency.ts';
import { forwardEssFraction, unreachedShare } from '../../src/analysis/forwardEss.ts';
import { fold, normal, rootKey, uniform } from '../../src/core/rng.ts';
import { autoregressive, replicas, varianceBound, varianceOf } from './series.ts';

// p = N(0, 1) and q = N(0, s²): ∫ p²/q = s²/√(2s² − 1), so both fractions are √(2s² − 1)/s².
const s = 1.3;
const exact = Math.sqrt(2 * s * s - 1) / (s * s);
const logWeight = (x: number): number => -0.5 * x * x + (0.5 * x * x) / (s * s) + 123;
const key = fold(rootKey(4), 'forward ess');

describe('forward ESS', () => {
  const flow = normal(fold(key, 'q'), 50_000).map((z) => logWeight(s * z));
  const data = autoregressive(fold(key, 'p'), 50_000, 0.5).map(logWeight);

  it('estimates from the target what the reverse ESS estimates from the flow', () => {
    // Both integrands are bounded here: 1 % is more than five standard errors.
    expect(Math.abs(forwardEssFraction(data) / exact - 1)).toBeLessThan(0.01);
    expect(Math.abs(essFraction(flow) / exact - 1)).toBeLessThan(0.01);
    expect(essConsistency(flow, [data]).isConsistent).toBe(true);
  });

  it('would be wrong if the sign of the log-weights were flipped for the flow', () => {
    const mutant = essFraction(flow.map((w) => -w));
    expect(Math.abs(mutant / exact - 1)).toBeGreaterThan(0.1);
  });

  it('corrects for flow mass outside the domain', () => {
    // Half of the flow's draws fall where the target is not: q inside is half as large, w twice.
    const u = uniform(fold(key, 'outside'), flow.length);
    const leaking = flow.map((w, i) => (u[i] < 0.5 ? w + Math.log(2) : -Infinity));
    const shifted = data.map((w) => w + Math.log(2));
    expect(Math.abs(forwardEssFraction(shifted, 0.5) / (exact / 2) - 1)).toBeLessThan(0.01);
    expect(essConsistency(leaking, [shifted]).isConsistent).toBe(true);
  });

  it('is 0 where the flow cannot propose a sample of the target', () => {
    expect(forwardEssFraction([0, Infinity])).toBe(0);
  });
});

describe('forward and reverse ESS together', () => {
  // The target has two equal modes at ±8; the flow knows the right one only.
  const twoModes = (x: number): number =>
    Math.log(Math.exp(-0.5 * (x - 8) ** 2) + Math.exp(-0.5 * (x + 8) ** 2));
  const weight = (x: number): number => twoModes(x) + 0.5 * (x - 8) ** 2;
  const flow = normal(fold(key, 'one mode'), 20_000).map((z) => weight(z + 8));
  const side = uniform(fold(key, 'side'), 20_000);
  const data = normal(fold(key, 'both modes'), 20_000).map((z, i) =>
    weight(z + (side[i] < 0.5 ? 8 : -8)),
  );

  it('contradict each other where the flow has forgotten a mode', () => {
    const found = essConsistency(flow, [data]);
    expect(found.reverse).toBeGreaterThan(0.99);
    expect(found.forward).toBeLessThan(1e-20);
    expect(found.unreached).toBeCloseTo(0.5, 1);
    expect(found.isConsistent).toBe(false);
  });

  it('agree where the data are from the known mode alone: forgetting cannot be seen from there', () => {
    const known = [data.filter((_, i) => side[i] < 0.5)];
    expect(essConsistency(flow, known).isConsistent).toBe(true);
  });

  it('agree for the heavy but sound weights of a flow that is too narrow by 15 %', () => {
    // Pareto shape of the weights 1 − s² = 0.28: a variance exists, extremes creep.
    const narrow = 0.85;
    const w = (x: number): number => -0.5 * x * x + (0.5 * x * x) / narrow ** 2;
    const draws = normal(fold(key, 'narrow'), 20_000).map((z) => w(narrow * z));
    const target = autoregressive(fold(key, 'target'), 20_000, 0.8).map(w);
    expect(essConsistency(draws, [target]).isConsistent).toBe(true);
  });

  it('know how far apart they may be: the gap has z-scores of unit variance', () => {
    const z = replicas(fold(key, 'gap'), 300).map((own) => {
      const flow = normal(fold(own, 'q'), 500).map((x) => logWeight(s * x));
      const data = autoregressive(fold(own, 'p'), 2000, 0.5).map(logWeight);
      const { reverse, forward, allowedGap } = essConsistency(flow, [data]);
      return (4 * Math.log(reverse / forward)) / (allowedGap - Math.log(2));
    });
    expect(Math.abs(varianceOf(z) - 1)).toBeLessThan(0.05 + varianceBound(z.length, 4));
  });

  it('contradict each other where a fifth of the target is out of reach, however mild the weights', () => {
    const data = Float64Array.from({ length: 2000 }, (_, i) => (i % 5 === 0 ? Math.log(3) : 0));
    const found = essConsistency(new Float64Array(1000), [data]);
    expect(Math.log(found.reverse / found.forward)).toBeLessThan(found.allowedGap);
    expect(found.unreached).toBeCloseTo(0.2, 10);
    expect(found.isConsistent).toBe(false);
  });

  it('contradict each other where one flow draw outweighs all and the target knows nothing of it', () => {
    const draws = new Float64Array(100_000);
    draws[500] = 100;
    const found = essConsistency(draws, [normal(fold(key, 'calm'), 2000).map((x) => 0.1 * x)]);
    expect(found.unreached).toBe(0);
    expect(found.isConsistent).toBe(false);
  });

  it('counts the share of the target that outweighs every draw', () => {
    expect(unreachedShare([0, 1, 2, 3], [1.5, -Infinity])).toBe(0.5);
    expect(unreachedShare([], [0])).toBe(0);
  });
});
