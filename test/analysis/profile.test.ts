import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binOf, histogram, uniformEdges } from '../../src/analysis/histogram.ts';
import {
  chainProfile,
  type Profile,
  profileRows,
  reweightedProfile,
} from '../../src/analysis/profile.ts';
import { at, fold, normal, rootKey } from '../../src/core/rng.ts';
import { autoregressive, meanOf, replicas, varianceBound, varianceOf } from './series.ts';

const key = fold(rootKey(10), 'profile');

describe('histogram', () => {
  it('counts what is between the edges, the last edge included', () => {
    const found = histogram([0, 0.5, 1, 1.5, 2, 2.1, -0.1, Number.NaN], [0, 1, 2]);
    expect(Array.from(found.counts)).toEqual([2, 3]);
    expect(found.outside).toBe(3);
  });

  it('loses no weight, whatever the values and edges', () => {
    const edges = fc
      .uniqueArray(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 2, maxLength: 9 })
      .map((e) => e.map((x) => x + 0).sort((a, b) => a - b));
    const values = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { maxLength: 50 });
    fc.assert(
      fc.property(edges, values, (e, x) => {
        fc.pre(e.every((edge, i) => i === 0 || edge > e[i - 1]));
        const { counts, outside } = histogram(x, e);
        expect(counts.reduce((a, b) => a + b, 0) + outside).toBe(x.length);
        binOf(x, e).forEach((bin, i) => {
          if (bin < 0) return;
          expect(x[i]).toBeGreaterThanOrEqual(e[bin]);
          expect(x[i]).toBeLessThanOrEqual(e[bin + 1]);
        });
      }),
    );
  });

  it('has edges that end exactly where they were told to', () => {
    const edges = uniformEdges(-0.1, 0.3, 7);
    expect(edges.length).toBe(8);
    expect([edges[0], edges[7]]).toEqual([-0.1, 0.3]);
  });

  it('refuses edges that do not ascend and weights that do not fit', () => {
    expect(() => binOf([0], [0, 0])).toThrow(/ascend/);
    expect(() => binOf([0], [0])).toThrow(/two numbers/);
    expect(() => histogram([0], [0, 1], [])).toThrow(/0 weights for 1 values/);
    expect(() => uniformEdges(1, 0, 5)).toThrow(RangeError);
  });
});

describe('free-energy profile', () => {
  const edges = uniformEdges(-2, 2, 8);
  // Bins without end on both sides, so that all masses add up to 1 and the shift can be undone.
  const all = Float64Array.of(-1e3, ...edges, 1e3);
  // Φ at −2, −1.5 … 2, from tables; bin masses of a standard normal.
  const phi = [
    0, 0.0227501319481792, 0.0668072012688581, 0.158655253931457, 0.308537538725987, 0.5,
    0.691462461274013, 0.841344746068543, 0.933192798731142, 0.977249868051821, 1,
  ];
  const exact = phi.slice(1).map((p, k) => -Math.log(p - phi[k]));

  /** z-scores of −ln Pₖ, one row a replica. */
  function scores(count: number, make: (own: Parameters<typeof at>[0]) => Profile): number[][] {
    return replicas(fold(key, 'scores'), count).map((own) => {
      const { freeEnergy, standardError } = make(own);
      const masses = freeEnergy.map((f, k) => Math.exp(-f) * (all[k + 1] - all[k]));
      const total = masses.reduce((a, b) => a + b, 0);
      return Array.from(masses, (m, k) => (-Math.log(m / total) - exact[k]) / standardError[k]!);
    });
  }

  function expectUnitVariance(rows: readonly number[][]): void {
    for (const k of [0, 2, 4, 9]) {
      const own = rows.map((z) => z[k]);
      expect(Math.abs(meanOf(own))).toBeLessThan(0.15 + 4 / Math.sqrt(own.length));
      // −ln of a mean of n counts is skewed: its variance exceeds the delta method's by a share of 1/n.
      expect(Math.abs(varianceOf(own) - 1)).toBeLessThan(0.1 + varianceBound(own.length, 4));
    }
  }

  it('of weighted draws has the exact shape, with errors that fit its scatter', () => {
    expectUnitVariance(
      scores(300, (own) => {
        const x = normal(own, 3000).map((z) => 1.3 * z);
        const logWeights = x.map((v) => -0.5 * v * v + (0.5 * v * v) / 1.69);
        return reweightedProfile(x, logWeights, all);
      }),
    );
  });

  it('of chains has errors that know the correlation', () => {
    expectUnitVariance(
      scores(120, (own) =>
        chainProfile(
          [0, 1].map((c) => ({ values: autoregressive(at(own, c), 4000, 0.8) })),
          all,
        ),
      ),
    );
  });

  it('has its minimum at 0 and +∞ in bins that nothing fell into', () => {
    const values = Float64Array.from({ length: 100 }, (_, i) => (i % 4 === 0 ? -1.8 : 0.2));
    const profile = chainProfile([{ values }], edges);
    expect(Math.min(...profile.freeEnergy)).toBe(0);
    expect(profile.freeEnergy[0]).toBeCloseTo(Math.log(3), 12);
    expect(profile.freeEnergy[7]).toBe(Infinity);
    expect(profile.standardError[7]).toBeUndefined();
    expect(profile.effectiveCount[7]).toBe(0);
  });

  it('divides by the width of unequal bins', () => {
    const values = Float64Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? 0.5 : 2));
    const profile = chainProfile([{ values }], [0, 1, 3]);
    expect(Array.from(profile.freeEnergy)).toEqual([0, 0]);
  });

  it('leaves draws of weight 0 out of every bin', () => {
    const values = Float64Array.of(0.1, 0.1, 1.1, 1.1);
    const logWeights = Float64Array.of(0, -Infinity, 0, 0);
    const { freeEnergy } = reweightedProfile(values, logWeights, [0, 1, 2]);
    expect(freeEnergy[0]).toBeCloseTo(Math.log(2), 12);
  });

  it('turns into rows without infinities', () => {
    const profile = reweightedProfile(Float64Array.of(0.5, 0.6), new Float64Array(2), [0, 1, 2]);
    expect(profileRows(profile)).toEqual([
      { from: 0, to: 1, center: 0.5, freeEnergy: 0, standardError: undefined, effectiveCount: 0 },
      {
        from: 1,
        to: 2,
        center: 1.5,
        freeEnergy: undefined,
        standardError: undefined,
        effectiveCount: 0,
      },
    ]);
  });

  it('does not change with a constant in the log-weights', () => {
    const x = normal(fold(key, 'constant'), 500);
    const plain = reweightedProfile(x, x, edges);
    const moved = reweightedProfile(
      x,
      x.map((w) => w - 700),
      edges,
    );
    moved.freeEnergy.forEach((f, k) => {
      expect(f).toBeCloseTo(plain.freeEnergy[k], 9);
    });
  });
});
