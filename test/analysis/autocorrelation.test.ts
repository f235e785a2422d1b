import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  autocovariance,
  chainEffectiveSampleSize,
  chainMean,
  integratedAutocorrelationTime,
} from '../../src/analysis/autocorrelation.ts';
import { splitRhat } from '../../src/analysis/splitRhat.ts';
import { uncorrelatedIndices } from '../../src/analysis/uncorrelatedIndices.ts';
import { at, fold, normal, rootKey } from '../../src/core/rng.ts';
import {
  autoregressive,
  autoregressiveTime,
  congruential,
  meanOf,
  replicas,
  varianceBound,
  varianceOf,
} from './series.ts';

const key = fold(rootKey(6), 'autocorrelation');

/** x_t = ρ x_{t−1} + u_t − ½ from the congruential generator, for figures of other packages. */
function published(seed: number, n: number, rho: number): Float64Array {
  const x = congruential(seed, n).map((u) => u - 0.5);
  for (let t = 1; t < n; t++) x[t] += rho * x[t - 1];
  return x;
}

const four = [1, 2, 3, 4].map((seed) => published(seed, 500, 0.8));

describe('autocovariance', () => {
  it('is the sum of lagged products, to rounding, for any length', () => {
    for (const n of [1, 2, 3, 17, 64, 100]) {
      const x = normal(at(key, n), n);
      const mean = meanOf(x);
      const found = autocovariance(x);
      for (let t = 0; t < n; t++) {
        let sum = 0;
        for (let i = 0; i + t < n; i++) sum += (x[i] - mean) * (x[i + t] - mean);
        expect(found[t]).toBeCloseTo(sum / n, 12);
      }
    }
  });
});

describe('integrated autocorrelation time', () => {
  it.each([0, 0.5, 0.9, -0.5])('of an AR(1) series with ρ = %f is (1 + ρ)/(1 − ρ)', (rho) => {
    const count = 60;
    const n = 4096;
    const taus = replicas(fold(key, `tau ${rho}`), count).map(
      (own) => integratedAutocorrelationTime([autoregressive(own, n, rho)])!,
    );
    const exact = autoregressiveTime(rho);
    const error = Math.sqrt(varianceOf(taus) / count);
    // The bias of a truncated sum is of the order of τ/n times the window, here below 3 %.
    expect(Math.abs(meanOf(taus) - exact)).toBeLessThan(0.03 * exact + 4 * error);
  });

  it('gives means whose z-scores have unit variance', () => {
    const count = 400;
    const z = replicas(fold(key, 'z'), count).map((own) => {
      const chains = [0, 1, 2, 3].map((c) => autoregressive(at(own, c), 1000, 0.9));
      const { value, standardError } = chainMean(chains)!;
      return value / standardError;
    });
    expect(Math.abs(meanOf(z))).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(varianceOf(z) - 1)).toBeLessThan(varianceBound(count, 4));
  });

  it('would give z-scores ten times too large if the records were taken as independent', () => {
    const z = replicas(fold(key, 'naive'), 100).map((own) => {
      const x = autoregressive(own, 1000, 0.9);
      return meanOf(x) / Math.sqrt(varianceOf(x) / x.length);
    });
    expect(varianceOf(z)).toBeGreaterThan(10);
  });

  // arviz-stats (commit ef043f4), ess(method="mean"), on the same numbers.
  it('repeats the published implementation', () => {
    expect(chainEffectiveSampleSize(four)).toBeCloseTo(191.57415330574668, 8);
    expect(chainEffectiveSampleSize([published(5, 401, 0.5)])).toBeCloseTo(121.87882573422706, 8);
    const shifted = [...four.slice(0, 3), four[3].map((x) => x + 1)];
    expect(chainEffectiveSampleSize(shifted)).toBeCloseTo(9.683268348556684, 8);
    const indicator = four.map((chain) => chain.map((x) => (x > 0 ? 1 : 0)));
    expect(chainEffectiveSampleSize(indicator)).toBeCloseTo(374.7206715861289, 8);
    const antithetic = [1, 2, 3, 4].map((seed) => published(seed, 500, -0.5));
    expect(chainEffectiveSampleSize(antithetic)).toBeCloseTo(6455.23495784676, 6);
  });

  it('is undefined, not NaN, for constant and for very short chains', () => {
    expect(integratedAutocorrelationTime([new Float64Array(50).fill(3)])).toBeUndefined();
    expect(chainMean([new Float64Array(50), new Float64Array(50)])).toBeUndefined();
    expect(chainEffectiveSampleSize([Float64Array.of(1, 2, 3, 1, 2, 3)])).toBeUndefined();
    expect(chainEffectiveSampleSize([])).toBeUndefined();
  });

  it('sees chains stuck in different states as hardly more than one draw each', () => {
    const stuck = [0, 0, 1, 1].map((state) => new Float64Array(1000).fill(state));
    const ess = chainEffectiveSampleSize(stuck)!;
    expect(ess).toBeGreaterThan(1);
    expect(ess).toBeLessThan(20);
    expect(splitRhat(stuck)).toBe(Infinity);
  });

  it('does not change when a series is shifted or scaled, nor with the order of the chains', () => {
    const affine = fc.record({
      shift: fc.double({ min: -100, max: 100, noNaN: true }),
      scale: fc.double({ min: 0.01, max: 100, noNaN: true }),
    });
    const plain = chainEffectiveSampleSize(four)!;
    fc.assert(
      fc.property(affine, ({ shift, scale }) => {
        const moved = four.map((chain) => chain.map((x) => scale * x + shift)).reverse();
        expect(chainEffectiveSampleSize(moved)! / plain).toBeCloseTo(1, 6);
      }),
      { numRuns: 20 },
    );
  });

  it('refuses chains of different lengths', () => {
    expect(() => chainMean([new Float64Array(5), new Float64Array(6)])).toThrow(/5 and of 6/);
  });
});

describe('split R-hat', () => {
  // arviz-stats (commit ef043f4), rhat(method="rank"), on the same numbers.
  it('repeats the published implementation, for location, scale and ties', () => {
    expect(splitRhat(four)).toBeCloseTo(1.022516373246489, 10);
    const shifted = [...four.slice(0, 3), four[3].map((x) => x + 1)];
    expect(splitRhat(shifted)).toBeCloseTo(1.319225961018496, 10);
    const wide = [four[0].map((x) => 2 * x), ...four.slice(1)];
    expect(splitRhat(wide)).toBeCloseTo(1.0646992699475764, 10);
    const indicator = four.map((chain) => chain.map((x) => (x > 0 ? 1 : 0)));
    expect(splitRhat(indicator)).toBeCloseTo(1.016530448773128, 10);
  });

  it('sees one chain that drifts', () => {
    const x = normal(fold(key, 'drift'), 2000);
    expect(splitRhat([x])!).toBeLessThan(1.01);
    expect(splitRhat([x.map((v, t) => v + t / 1000)])!).toBeGreaterThan(1.1);
  });

  it('depends on ranks alone: an increasing map changes nothing but the fold', () => {
    const exact = [0, 1].map((c) => normal(at(fold(key, 'ranks'), c), 200));
    const cubed = exact.map((chain) => chain.map((x) => 5 + x ** 3));
    // The fold about the median does change; both figures here come from the bulk.
    const shifted = (chains: Float64Array[]): Float64Array[] => [
      chains[0],
      chains[1].map((x) => x + 100),
    ];
    expect(splitRhat(shifted(exact))).toBeCloseTo(splitRhat(shifted(cubed))!, 10);
  });

  it('is undefined for constant chains', () => {
    expect(splitRhat([new Float64Array(50), new Float64Array(50)])).toBeUndefined();
  });
});

describe('uncorrelatedIndices', () => {
  it('keeps about one record in τ, and all of an independent series', () => {
    const x = autoregressive(fold(key, 'thin'), 20_000, 0.9);
    const kept = uncorrelatedIndices(x);
    expect(Math.abs(kept.length / (x.length / autoregressiveTime(0.9)) - 1)).toBeLessThan(0.2);
    const left = Float64Array.from(kept, (i) => x[i]);
    expect(integratedAutocorrelationTime([left])!).toBeLessThan(1.6);
    expect(uncorrelatedIndices(new Float64Array(10)).length).toBe(10);
  });
});
