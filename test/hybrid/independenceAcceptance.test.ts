import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal, rootKey } from '../../src/core/rng.ts';
import { independenceAcceptance } from '../../src/hybrid/independenceAcceptance.ts';

describe('independenceAcceptance', () => {
  it('is one for equal weights, whatever their common size', () => {
    expect(independenceAcceptance(new Float64Array(50).fill(-700))).toBeCloseTo(1, 12);
  });

  it('equals the double sum over all pairs', () => {
    const logWeights = normal(rootKey(3), 40);
    logWeights[7] = -Infinity;
    const w = logWeights.map(Math.exp);
    let pairs = 0;
    for (const wi of w) for (const wj of w) pairs += Math.min(wi, wj);
    const direct = pairs / (w.length * w.reduce((a, b) => a + b));
    expect(independenceAcceptance(logWeights)).toBeCloseTo(direct, 12);
  });

  it('is the closed form 2Φ(−σ/√2) for log-normal weights', () => {
    // w = exp(σξ): under p the log-weight is shifted by σ², so ⟨α⟩ = erfc(σ/2).
    const sigma = 1;
    const logWeights = normal(rootKey(4), 200_000).map((x) => sigma * x);
    expect(independenceAcceptance(logWeights)).toBeCloseTo(0.4795001222, 2);
  });

  it('is zero where no draw has a weight', () => {
    expect(independenceAcceptance(new Float64Array(3).fill(-Infinity))).toBe(0);
  });

  it('lies in (0, 1], and sees neither the order of the draws nor their common constant', () => {
    const logWeights = fc.array(fc.double({ min: -30, max: 30, noNaN: true }), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(logWeights, fc.double({ min: -300, max: 300, noNaN: true }), (w, c) => {
        const plain = independenceAcceptance(Float64Array.from(w));
        expect(plain).toBeGreaterThan(0);
        expect(plain).toBeLessThanOrEqual(1 + 1e-12);
        const moved = independenceAcceptance(Float64Array.from(w.toReversed(), (v) => v + c));
        expect(moved).toBeCloseTo(plain, 10);
      }),
      { seed: 8, numRuns: 100 },
    );
  });
});
