import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockLengthFor } from '../../src/analysis/blockBootstrap.ts';
import {
  bootstrapChainFreeEnergies,
  bootstrapReweightedFreeEnergies,
  chainFreeEnergies,
  type LabelledChain,
  reweightedFreeEnergies,
} from '../../src/analysis/freeEnergy.ts';
import { temperatureLogWeights } from '../../src/analysis/temperatureReweighting.ts';
import { at, fold, normal, rootKey, uniform } from '../../src/core/rng.ts';
import { meanOf, replicas, telegraph, varianceBound, varianceOf } from './series.ts';

const key = fold(rootKey(9), 'free energy');

describe('state free energies from chains', () => {
  // Leaves state 0 with probability 0.02 a step, state 1 with 0.06: P₁/P₀ = 1/3.
  const truth = Math.log(3);
  const chains = (own: Parameters<typeof at>[0], records: number): LabelledChain[] =>
    [0, 1, 2, 3].map((c) => ({ labels: telegraph(uniform(at(own, c), records), 0.02, 0.06) }));

  it('have z-scores of unit variance over replicas of a two-state chain', () => {
    const count = 200;
    const z = replicas(fold(key, 'telegraph'), count).map((own) => {
      const [found] = chainFreeEnergies(chains(own, 1500), 2);
      return (found!.value - truth) / found!.standardError;
    });
    expect(Math.abs(meanOf(z))).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(varianceOf(z) - 1)).toBeLessThan(varianceBound(count, 4));
  });

  it('have the same error by the bootstrap as by the delta method', () => {
    const own = chains(fold(key, 'both'), 10_000);
    const [delta] = chainFreeEnergies(own, 2);
    const [boot] = bootstrapChainFreeEnergies(own, 2, key);
    expect(boot!.value).toBeCloseTo(delta!.value, 10);
    // The bootstrap knows its own error to 1/√(2ν), ν some hundred degrees of freedom.
    expect(Math.abs(boot!.standardError / delta!.standardError - 1)).toBeLessThan(0.2);
  });

  it('owe nothing to records of a third state, nor to records in none', () => {
    const own = fold(key, 'third');
    // Two states that change quickly, and absences of some fifty records from both.
    const away = [0, 1, 2, 3].map((c) => {
      const labels = telegraph(uniform(at(own, c), 20_000), 0.3, 0.3);
      const gone = telegraph(uniform(at(fold(own, 'gone'), c), 20_000), 0.02, 0.02);
      return (elsewhere: number): LabelledChain => ({
        labels: Int32Array.from(labels, (label, n) => (gone[n] === 1 ? elsewhere : label)),
      });
    });
    for (const [elsewhere, states] of [
      [2, 3],
      [-1, 2],
    ] as const) {
      const spread = away.map((chain) => chain(elsewhere));
      const [found] = chainFreeEnergies(spread, states);
      const [boot] = bootstrapChainFreeEnergies(spread, states, key);
      expect(Math.abs(found!.value)).toBeLessThan(4 * found!.standardError);
      expect(Math.abs(boot!.standardError / found!.standardError - 1)).toBeLessThan(0.2);
    }
  });

  it('are unknown without records of a state, the first included, and without chains', () => {
    expect(chainFreeEnergies([{ labels: [0, 0, 0] }], 2)).toEqual([undefined]);
    expect(chainFreeEnergies([{ labels: [1, 1, 1] }], 2)).toEqual([undefined]);
    expect(chainFreeEnergies([], 2)).toEqual([undefined]);
    expect(reweightedFreeEnergies([1, 1], new Float64Array(2), 2)).toEqual([undefined]);
  });

  it('are −ln of the count ratio, state by state, unlabelled records left out', () => {
    const labels = Array.from({ length: 60 }, (_, i) => [0, 0, 0, 1, 1, 2, -1, -1, 0, 2][i % 10]);
    const found = chainFreeEnergies([{ labels }], 3);
    expect(found[0]!.value).toBeCloseTo(Math.log(4 / 2), 12);
    expect(found[1]!.value).toBeCloseTo(Math.log(4 / 2), 12);
  });

  it('are undefined for a state that no record is in', () => {
    const labels = telegraph(uniform(fold(key, 'lost'), 500), 0.1, 0.1);
    const found = chainFreeEnergies([{ labels }], 3);
    expect(found[0]).toBeDefined();
    expect(found[1]).toBeUndefined();
    expect(chainFreeEnergies([{ labels: new Int32Array(100) }], 2)).toEqual([undefined]);
    expect(bootstrapChainFreeEnergies([{ labels }], 3, key)[1]).toBeUndefined();
  });

  it('carry a chain to another temperature by weights', () => {
    // A harmonic well: x > 1 has the population Φ(−1/√2) = 0.2398 at kT = 2.
    const count = 200;
    const exact = Math.log((1 - 0.23975006109347669) / 0.23975006109347669);
    const z = replicas(fold(key, 'warmer'), count).map((own) => {
      // Drawn at kT = 1.5, so that the weights towards kT = 2 have a variance.
      const x = normal(own, 2000).map((v) => Math.sqrt(1.5) * v);
      const logWeights = temperatureLogWeights(
        x.map((v) => v * v * 0.5),
        1.5,
        2,
      );
      const labels = Int32Array.from(x, (v) => (v > 1 ? 1 : 0));
      const [found] = chainFreeEnergies([{ labels, logWeights }], 2);
      return (found!.value - exact) / found!.standardError;
    });
    expect(Math.abs(meanOf(z))).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(varianceOf(z) - 1)).toBeLessThan(varianceBound(count, 4));
  });
});

describe('state free energies from weighted draws', () => {
  // q = N(0, 1.3²), p = N(0, 1); states x < 0.5 and x ≥ 0.5.
  const right = 0.3085375387259869;
  const truth = Math.log((1 - right) / right);
  const draw = (own: Parameters<typeof at>[0], count: number) => {
    const x = normal(own, count).map((z) => 1.3 * z);
    return {
      labels: Int32Array.from(x, (v) => (v < 0.5 ? 0 : 1)),
      logWeights: x.map((v) => -0.5 * v * v + (0.5 * v * v) / 1.69),
    };
  };

  it('have z-scores of unit variance over replicas', () => {
    const count = 600;
    const z = replicas(fold(key, 'weights'), count).map((own) => {
      const { labels, logWeights } = draw(own, 1000);
      const [found] = reweightedFreeEnergies(labels, logWeights, 2);
      return (found!.value - truth) / found!.standardError;
    });
    expect(Math.abs(meanOf(z))).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(varianceOf(z) - 1)).toBeLessThan(varianceBound(count, 4));
  });

  it('would be far off with the sign of the log-weights flipped', () => {
    const { labels, logWeights } = draw(fold(key, 'sign'), 20_000);
    const [mutant] = reweightedFreeEnergies(
      labels,
      logWeights.map((w) => -w),
      2,
    );
    expect(Math.abs(mutant!.value - truth)).toBeGreaterThan(5 * mutant!.standardError);
  });

  it('have the same error by the bootstrap as by the delta method', () => {
    const { labels, logWeights } = draw(fold(key, 'iid'), 20_000);
    const [delta] = reweightedFreeEnergies(labels, logWeights, 2);
    const [boot] = bootstrapReweightedFreeEnergies(labels, logWeights, 2, key);
    expect(Math.abs(boot!.standardError / delta!.standardError - 1)).toBeLessThan(0.15);
  });

  it("take the bootstrap's options, and their independence as known", () => {
    const { labels, logWeights } = draw(fold(key, 'options'), 5000);
    const boot = (level: number) =>
      bootstrapReweightedFreeEnergies(labels, logWeights, 2, key, { level })[0]!;
    const width = ({ interval: [from, to] }: { interval: readonly [number, number] }) => to - from;
    expect(width(boot(0.5)) / width(boot(0.95))).toBeCloseTo(0.6745 / 1.96, 2);
    expect(boot(0.95).blockLength).toBe(blockLengthFor(5000, 1));
  });

  it('do not change with a constant in the log-weights, nor with draws of weight 0', () => {
    const { labels, logWeights } = draw(fold(key, 'constant'), 200);
    const [plain] = reweightedFreeEnergies(labels, logWeights, 2);
    fc.assert(
      fc.property(fc.double({ min: -1e4, max: 1e4, noNaN: true }), (c) => {
        const [moved] = reweightedFreeEnergies(
          labels,
          logWeights.map((w) => w + c),
          2,
        );
        expect(moved!.value).toBeCloseTo(plain!.value, 8);
        expect(moved!.standardError).toBeCloseTo(plain!.standardError, 8);
      }),
    );
    const [padded] = reweightedFreeEnergies(
      [...labels, 0, 1, 1],
      Float64Array.of(...logWeights, -Infinity, -Infinity, -Infinity),
      2,
    );
    expect(padded!.value).toBeCloseTo(plain!.value, 12);
    expect(padded!.standardError).toBeCloseTo(plain!.standardError, 12);
  });

  it('do not depend on the order of the draws', () => {
    const { labels, logWeights } = draw(fold(key, 'order'), 60);
    const [plain] = reweightedFreeEnergies(labels, logWeights, 2);
    fc.assert(
      fc.property(fc.shuffledSubarray([...logWeights.keys()], { minLength: 60 }), (order) => {
        const [shuffled] = reweightedFreeEnergies(
          order.map((i) => labels[i]),
          Float64Array.from(order, (i) => logWeights[i]),
          2,
        );
        expect(shuffled!.value).toBeCloseTo(plain!.value, 10);
        expect(shuffled!.standardError).toBeCloseTo(plain!.standardError, 10);
      }),
      { seed: 6, numRuns: 50 },
    );
  });

  it('refuse chains of which only some have weights', () => {
    const labels = [0, 1];
    const logWeights = new Float64Array(2);
    expect(() => chainFreeEnergies([{ labels }, { labels, logWeights }], 2)).toThrow(/1 of 2/);
    expect(() => reweightedFreeEnergies([0], logWeights, 2)).toThrow(/2 weights for 1/);
  });
});
