import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  essFraction,
  essPerState,
  kishEss,
  largestWeightShare,
} from '../../src/analysis/effectiveSampleSize.ts';
import { logPartition } from '../../src/analysis/logPartition.ts';
import { fold, normal, rootKey, uniform } from '../../src/core/rng.ts';
import { meanOf, replicas, varianceBound, varianceOf } from './series.ts';

const logWeights = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), {
  minLength: 1,
  maxLength: 40,
});

describe('Kish effective sample size', () => {
  it('is (1 + 2 + 3)² / (1 + 4 + 9) for weights 1, 2, 3', () => {
    expect(kishEss([0, Math.log(2), Math.log(3)])).toBeCloseTo(36 / 14, 13);
  });

  it('is N for equal weights, 1 for a single heavy one and 0 for none', () => {
    expect(kishEss(new Float64Array(7).fill(-800))).toBeCloseTo(7, 12);
    expect(kishEss([0, -900, -Infinity])).toBeCloseTo(1, 12);
    expect(kishEss([-Infinity, -Infinity])).toBe(0);
    expect(essFraction([])).toBe(0);
    expect(largestWeightShare([-Infinity, -Infinity])).toBe(0);
  });

  it('approaches e^(−σ²) N for log-normal weights', () => {
    const sigma = 0.8;
    const w = normal(fold(rootKey(1), 'kish'), 200_000).map((z) => sigma * z);
    // Delta method: the variance of ln ESS/N is that of 2w/⟨w⟩ − w²/⟨w²⟩, by log-normal moments.
    const e = Math.exp(sigma ** 2);
    const variance = 4 * (e - 1) - 4 * (e ** 2 - 1) + (e ** 4 - 1);
    const error = Math.sqrt(variance / w.length);
    expect(Math.abs(Math.log(essFraction(w)) + sigma ** 2)).toBeLessThan(4 * error);
  });

  it('does not change when a constant is added to all log-weights', () => {
    fc.assert(
      fc.property(logWeights, fc.double({ min: -300, max: 300, noNaN: true }), (w, c) => {
        expect(kishEss(w.map((x) => x + c))).toBeCloseTo(kishEss(w), 8);
        expect(largestWeightShare(w.map((x) => x + c))).toBeCloseTo(largestWeightShare(w), 8);
      }),
    );
  });

  it('does not depend on the order of the draws', () => {
    fc.assert(
      fc.property(logWeights, (w) => {
        expect(kishEss([...w].reverse())).toBeCloseTo(kishEss(w), 8);
      }),
    );
  });

  it('lies between 1 and N, and the largest share between 1/N and 1', () => {
    fc.assert(
      fc.property(logWeights, (w) => {
        expect(kishEss(w)).toBeGreaterThanOrEqual(1 - 1e-12);
        expect(kishEss(w)).toBeLessThanOrEqual(w.length * (1 + 1e-12));
        expect(largestWeightShare(w)).toBeGreaterThanOrEqual((1 - 1e-12) / w.length);
        expect(largestWeightShare(w)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('keeps draws of weight 0 in N', () => {
    expect(essFraction([0, 0, -Infinity, -Infinity])).toBe(0.5);
  });
});

describe('essPerState', () => {
  it('is blind to a wrong balance between states and sees a state without draws', () => {
    const w = new Float64Array(1000).fill(0);
    const labels = Int32Array.from(w, (_, i) => (i < 900 ? 0 : 1));
    w.fill(5, 900);
    const [left, right, lost] = essPerState(w, labels, 3);
    expect(left.fraction).toBeCloseTo(1, 12);
    expect(right).toEqual({
      draws: 100,
      ess: expect.closeTo(100, 9),
      fraction: expect.closeTo(1, 12),
    });
    expect(lost).toEqual({ draws: 0, ess: 0, fraction: 0 });
    expect(essFraction(w)).toBeLessThan(0.2);
  });

  it('counts no draw of weight 0 for its state', () => {
    expect(essPerState([0, -Infinity], [0, 0], 1)[0].draws).toBe(1);
  });

  it('refuses labels that are not one a draw', () => {
    expect(() => essPerState([0, 0], [0], 1)).toThrow(/1 labels for 2 weights/);
  });
});

describe('ln Z', () => {
  // A uniform q on [0, 1) and a target that forbids x > 0.3: Z = 0.3 exactly.
  const truth = Math.log(0.3);
  const forbidden = (u: Float64Array): Float64Array => u.map((x) => (x < 0.3 ? 0 : -Infinity));

  it('has z-scores of unit variance over replicas, draws of weight 0 counted in N', () => {
    const count = 1000;
    const z = replicas(fold(rootKey(2), 'lnZ'), count).map((key) => {
      const estimate = logPartition(forbidden(uniform(key, 400)))!;
      return (estimate.value - truth) / estimate.standardError;
    });
    expect(Math.abs(meanOf(z))).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(varianceOf(z) - 1)).toBeLessThan(varianceBound(count, 4));
  });

  it('would be wrong by ln 0.3 if the draws of weight 0 were dropped', () => {
    const kept = forbidden(uniform(fold(rootKey(3), 'lnZ'), 4000)).filter((w) => w > -Infinity);
    const mutant = logPartition(kept)!;
    expect(Math.abs(mutant.value - truth)).toBeGreaterThan(1);
  });

  it('moves with a constant in the log-weights, its error does not, and neither sees their order', () => {
    const shift = fc.double({ min: -300, max: 300, noNaN: true });
    fc.assert(
      fc.property(logWeights, shift, fc.infiniteStream(fc.nat()), (w, c, ranks) => {
        const order = w.map((value) => ({ value, rank: ranks.next().value }));
        order.sort((a, b) => a.rank - b.rank);
        const plain = logPartition(w)!;
        const moved = logPartition(order.map(({ value }) => value + c))!;
        expect(Math.abs(moved.value - plain.value - c)).toBeLessThan(1e-9);
        expect(Math.abs(moved.standardError - plain.standardError)).toBeLessThan(1e-6);
      }),
      { seed: 5, numRuns: 100 },
    );
  });

  it('is undefined without any weight', () => {
    expect(logPartition([-Infinity])).toBeUndefined();
  });
});
