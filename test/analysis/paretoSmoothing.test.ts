import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kishEss } from '../../src/analysis/effectiveSampleSize.ts';
import {
  generalizedParetoFit,
  generalizedParetoQuantile,
} from '../../src/analysis/generalizedPareto.ts';
import { paretoK, paretoLimit, paretoSmooth } from '../../src/analysis/paretoSmoothing.ts';
import { logSumExp } from '../../src/core/logSumExp.ts';
import { fold, rootKey, uniform } from '../../src/core/rng.ts';
import { congruential, meanOf, replicas } from './series.ts';

const key = fold(rootKey(5), 'pareto');

/** The negative log-likelihood per value, minimised on a grid by golden sections in ξ given σ/ξ. */
function maximumLikelihood(x: Float64Array): { shape: number; scale: number } {
  // Profile likelihood in θ = ξ/σ: ξ(θ) = ⟨log(1 + θx)⟩, so that one dimension is left.
  const shapeAt = (theta: number): number => meanOf(x.map((v) => Math.log1p(theta * v)));
  const cost = (theta: number): number => {
    const shape = shapeAt(theta);
    return Math.log(shape / theta) + 1 + shape;
  };
  let [low, high] = [1e-6, 20];
  for (let i = 0; i < 200; i++) {
    const a = low + 0.382 * (high - low);
    const b = low + 0.618 * (high - low);
    if (cost(a) < cost(b)) high = b;
    else low = a;
  }
  const theta = (low + high) / 2;
  return { shape: shapeAt(theta), scale: shapeAt(theta) / theta };
}

describe('generalised Pareto fit', () => {
  it.each([-0.3, 0, 0.3, 0.7, 1.2])('recovers the shape %f over replicas', (shape) => {
    const count = 100;
    const n = 1000;
    const fits = replicas(fold(key, `shape ${shape}`), count).map((own) => {
      const x = uniform(own, n).map((p) => generalizedParetoQuantile({ shape, scale: 2 }, p));
      return generalizedParetoFit(x.sort())!;
    });
    // The asymptotic standard error of maximum likelihood, which the estimator nearly attains.
    const error = (1 + Math.max(shape, -0.4)) / Math.sqrt(n);
    const bias = meanOf(fits.map((fit) => fit.shape)) - shape;
    // Zhang & Stephens report a bias of a tenth of the error; it would show over many replicas.
    expect(Math.abs(bias)).toBeLessThan(0.25 * error + (4 * error) / Math.sqrt(count));
    expect(Math.abs(meanOf(fits.map((fit) => fit.scale)) / 2 - 1)).toBeLessThan(0.03);
  });

  it('agrees with plain maximum likelihood to a fraction of its standard error', () => {
    const n = 2000;
    const x = uniform(fold(key, 'ml'), n)
      .map((p) => generalizedParetoQuantile({ shape: 0.5, scale: 1 }, p))
      .sort();
    const fit = generalizedParetoFit(x)!;
    const ml = maximumLikelihood(x);
    expect(Math.abs(fit.shape - ml.shape)).toBeLessThan((0.2 * 1.5) / Math.sqrt(n));
    expect(Math.abs(fit.scale - ml.scale)).toBeLessThan((0.2 * 1.5) / Math.sqrt(n));
  });

  // arviz-stats (commit ef043f4) on the same numbers, its prior of ten draws at ½ taken out again.
  it('repeats the published implementation', () => {
    const heavy = congruential(11, 500)
      .map((u) => (u ** -0.3 - 1) / 0.3)
      .sort();
    const fit = generalizedParetoFit(heavy)!;
    expect(fit.shape).toBeCloseTo(0.3322223613890049, 10);
    expect(fit.scale).toBeCloseTo(0.9731641217342056, 10);
    const exponential = congruential(12, 500)
      .map((u) => -Math.log(u))
      .sort();
    const flat = generalizedParetoFit(exponential)!;
    expect(flat.shape).toBeCloseTo(0.0446829546266386, 10);
    expect(flat.scale).toBeCloseTo(0.9909924892999165, 10);
  });

  it('scales with its data', () => {
    const x = congruential(13, 300)
      .map((u) => (u ** -0.6 - 1) / 0.6)
      .sort();
    const fit = generalizedParetoFit(x)!;
    const scaled = generalizedParetoFit(x.map((v) => 1e-80 * v))!;
    expect(scaled.shape).toBeCloseTo(fit.shape, 10);
    expect(scaled.scale / fit.scale).toBeCloseTo(1e-80, 90);
  });

  it('is undefined for what is no Pareto tail', () => {
    expect(generalizedParetoFit([1, 2, 3, 4])).toBeUndefined();
    expect(generalizedParetoFit(new Float64Array(100).fill(5))).toBeUndefined();
    const ties = Float64Array.from({ length: 100 }, (_, i) => (i < 30 ? 1 : i));
    expect(generalizedParetoFit(ties)).toBeUndefined();
  });
});

describe('Pareto smoothing', () => {
  // arviz-stats (commit ef043f4), weights u^−k of the same 4000 numbers, tail of ⌈3√4000⌉ = 190.
  it.each([
    [0.2, 0.24960739098248322, -6.923189064228495, -7.307126692481831, 3761.894762342255],
    [0.5, 0.5234627233908998, -4.990427118258889, -5.97997305970977, 1774.87740372841],
    [0.9, 0.8800494550552836, -2.8671408398606886, -4.701051500240608, 115.26960238961297],
  ])('repeats the published implementation for weights u^−%f', (shape, k, first, tenth, ess) => {
    const raw = congruential(7, 4000).map((u) => -shape * Math.log(u));
    const smooth = paretoSmooth(raw);
    expect(smooth.tailLength).toBe(190);
    expect(smooth.k).toBeCloseTo(k, 9);
    const total = logSumExp(smooth.logWeights);
    const order = Array.from(raw.keys()).sort((a, b) => raw[b] - raw[a]);
    expect(smooth.logWeights[order[0]] - total).toBeCloseTo(first, 9);
    expect(smooth.logWeights[order[9]] - total).toBeCloseTo(tenth, 9);
    expect(kishEss(smooth.logWeights) / ess).toBeCloseTo(1, 9);
  });

  it('finds k of weights u^−k within its standard error', () => {
    const draws = 20_000;
    for (const shape of [0.3, 0.7, 1]) {
      const found = replicas(fold(key, `k ${shape}`), 20).map((own) =>
        paretoK(uniform(own, draws).map((u) => -shape * Math.log1p(-u))),
      );
      const tail = Math.ceil(3 * Math.sqrt(draws));
      const error = (1 + shape) / Math.sqrt(tail);
      const prior = (10 * (0.5 - shape)) / (tail + 10);
      expect(Math.abs(meanOf(found) - shape - prior)).toBeLessThan(
        0.1 * error + (4 * error) / Math.sqrt(found.length),
      );
    }
  });

  it('changes the tail alone, keeps its order and never exceeds the largest weight', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: 0.1, max: 2, noNaN: true }),
        (seed, k) => {
          const raw = congruential(seed, 200).map((u) => -k * Math.log(u));
          const { logWeights, tailLength } = paretoSmooth(raw);
          const order = Array.from(raw.keys()).sort((a, b) => raw[a] - raw[b]);
          const body = order.slice(0, 200 - tailLength);
          const tail = order.slice(200 - tailLength);
          for (const i of body) expect(logWeights[i]).toBe(raw[i]);
          for (const i of tail) expect(logWeights[i]).toBeLessThanOrEqual(raw[order[199]]);
          tail.slice(1).forEach((i, rank) => {
            expect(logWeights[i]).toBeGreaterThanOrEqual(logWeights[tail[rank]]);
          });
        },
      ),
      { numRuns: 50 },
    );
  });

  it('has a k that no constant in the log-weights changes', () => {
    const raw = congruential(8, 1000).map((u) => -0.6 * Math.log(u));
    expect(paretoK(raw.map((w) => w - 5000))).toBeCloseTo(paretoK(raw), 9);
  });

  it('smooths every draw alike, whatever the order and the constant', () => {
    const raw = congruential(10, 80).map((u) => -0.5 * Math.log(u));
    const plain = paretoSmooth(raw);
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...raw.keys()], { minLength: raw.length }),
        fc.double({ min: -1000, max: 1000, noNaN: true }),
        (order, c) => {
          const moved = paretoSmooth(Float64Array.from(order, (i) => raw[i] + c));
          expect(moved.k).toBeCloseTo(plain.k, 8);
          order.forEach((from, to) => {
            expect(moved.logWeights[to] - c).toBeCloseTo(plain.logWeights[from], 8);
          });
        },
      ),
      { seed: 7, numRuns: 30 },
    );
  });

  it('keeps draws of weight 0 in N, where they lengthen the tail', () => {
    const raw = new Float64Array(400).fill(-Infinity);
    raw.set(congruential(9, 100).map((u) => -0.4 * Math.log(u)));
    // ⌈3√400⌉ = 60 of 400, but ⌈0.2 · 100⌉ = 20 of the 100 alone.
    expect(paretoSmooth(raw).tailLength).toBe(60);
    expect(paretoSmooth(raw.subarray(0, 100)).tailLength).toBe(20);
  });

  it('calls equal weights flat, and hopeless ones hopeless', () => {
    expect(paretoK(new Float64Array(1000).fill(3))).toBe(-Infinity);
    expect(paretoK(new Float64Array(1000).fill(-Infinity))).toBe(Infinity);
    expect(paretoK(new Float64Array(10).fill(0))).toBe(Infinity);
    // Five draws of ten thousand have any weight at all.
    const few = new Float64Array(10_000).fill(-Infinity);
    few.set([1, 2, 3, 4, 5]);
    expect(paretoK(few)).toBe(Infinity);
  });

  it('never says k ≤ 0.7 when one draw carries everything', () => {
    const raw = congruential(10, 1000).map((u) => u);
    raw[500] = 400;
    expect(paretoK(raw)).toBeGreaterThan(0.7);
  });
});

describe('paretoLimit', () => {
  it('is 1 − 1/log₁₀ S for few draws and 0.7 for many', () => {
    expect(paretoLimit(100)).toBeCloseTo(0.5, 12);
    expect(paretoLimit(1000)).toBeCloseTo(1 - 1 / 3, 12);
    expect(paretoLimit(100_000)).toBe(0.7);
  });
});
