import { describe, expect, it } from 'vitest';
import { combineChainAndFlow } from '../../src/analysis/combineChainAndFlow.ts';
import { chainFreeEnergies, reweightedFreeEnergies } from '../../src/analysis/freeEnergy.ts';
import { mbar } from '../../src/analysis/mbar.ts';
import { at, fold, type Key, normal, rootKey, uniform } from '../../src/core/rng.ts';
import { autoregressive, meanOf, replicas, varianceBound, varianceOf } from './series.ts';

const key = fold(rootKey(16), 'combine');

// The target e^(−x²/2) on all of ℝ, Z = √(2π); states x < 0.5, x ≥ 0.5; the flow N(0.9, 1.1²), which favours the right.
const right = 0.3085375387259869;
const truth = Math.log((1 - right) / right);
const logZ = 0.5 * Math.log(2 * Math.PI);
const logWeight = (x: number): number =>
  -0.5 * x * x + 0.5 * ((x - 0.9) / 1.1) ** 2 + Math.log(1.1) + logZ;
const labelled = (x: Float64Array) => ({
  labels: Int32Array.from(x, (v) => (v < 0.5 ? 0 : 1)),
  logWeights: x.map(logWeight),
});

function samples(own: Key, chains: number, records: number, draws: number) {
  return {
    chains: Array.from({ length: chains }, (_, c) =>
      labelled(autoregressive(at(fold(own, 'chain'), c), records, 0.8)),
    ),
    flow: labelled(normal(fold(own, 'flow'), draws).map((z) => 0.9 + 1.1 * z)),
  };
}

describe('the estimate from chain and flow together', () => {
  const count = 300;
  const found = replicas(fold(key, 'replicas'), count).map((own) => {
    const { chains, flow } = samples(own, 2, 1500, 400);
    return {
      combined: combineChainAndFlow(chains, flow, 2)!,
      chain: chainFreeEnergies(chains, 2)[0]!,
      weighted: reweightedFreeEnergies(flow.labels, flow.logWeights, 2)[0]!,
    };
  });

  it('has z-scores of unit variance, for the difference and for ln Z', () => {
    for (const z of [
      found.map(({ combined }) => {
        const { value, standardError } = combined.differences[0]!;
        return (value - truth) / standardError;
      }),
      found.map(({ combined }) => (combined.logZ.value - logZ) / combined.logZ.standardError),
    ]) {
      expect(Math.abs(meanOf(z))).toBeLessThan(0.1 + 4 / Math.sqrt(count));
      expect(Math.abs(varianceOf(z) - 1)).toBeLessThan(0.05 + varianceBound(count, 4));
    }
  });

  it('scatters less than either alone, nearly as the best average of the two would', () => {
    const spread = (pick: (own: (typeof found)[number]) => number): number =>
      varianceOf(found.map(pick));
    const combined = spread((own) => own.combined.differences[0]!.value);
    const chain = spread((own) => own.chain.value);
    const weighted = spread((own) => own.weighted.value);
    expect(combined).toBeLessThan(Math.min(chain, weighted));
    expect(combined).toBeLessThan(1.15 / (1 / chain + 1 / weighted));
  });

  // The flow N(2.5, 0.7²) draws in x > 1.5, which the chain hardly visits: their link is ln Z.
  const linked = (x: Float64Array) => ({
    labels: Int32Array.from(x, (v) => (v < 1.5 ? 0 : 1)),
    logWeights: x.map((v) => -0.5 * v * v + 0.5 * ((v - 2.5) / 0.7) ** 2),
  });

  it('carries the uncertainty of ln Z where the flow knows one state and the chain the other', () => {
    const rare = 0.0668072012688581;
    const z = replicas(fold(key, 'link'), 250).map((own) => {
      const chain = linked(autoregressive(fold(own, 'chain'), 1000, 0.5));
      const flow = linked(normal(fold(own, 'flow'), 2000).map((v) => 2.5 + 0.7 * v));
      const { value, standardError } = combineChainAndFlow([chain], flow, 2)!.differences[0]!;
      return (value - Math.log((1 - rare) / rare)) / standardError;
    });
    expect(Math.abs(meanOf(z))).toBeLessThan(0.15 + 4 / Math.sqrt(z.length));
    expect(Math.abs(varianceOf(z) - 1)).toBeLessThan(0.1 + varianceBound(z.length, 4));
  });

  it.each([
    [2000, 8000],
    [8000, 500],
  ])(
    'is MBAR for %i independent records and %i draws, its two states as states without samples',
    (records, draws) => {
      const x = normal(fold(key, `mbar ${records}`), records + draws).map((z, n) =>
        n < records ? z : 2.5 + 0.7 * z,
      );
      const { labels, logWeights } = linked(x);
      // u₁ − u₀ is all that counts; a state's own potential is u₀ within it and +∞ outside.
      const target = new Float64Array(x.length);
      const within = (s: number): Float64Array =>
        target.map((u, n) => (labels[n] === s ? u : Infinity));
      const solved = mbar([target, logWeights, within(0), within(1)], [records, draws, 0, 0]);
      const found = combineChainAndFlow(
        [linked(x.subarray(0, records))],
        linked(x.subarray(records)),
        2,
      )!;
      const expected = solved.difference(2, 3);
      expect(Math.abs(found.differences[0]!.value - expected.value)).toBeLessThan(
        0.1 * expected.standardError,
      );
      // Two estimates of one variance, and of τ = 1.
      expect(
        Math.abs(found.differences[0]!.standardError / expected.standardError - 1),
      ).toBeLessThan(0.06);
      const logZ = solved.difference(0, 1);
      expect(Math.abs(found.logZ.value - logZ.value)).toBeLessThan(0.1 * logZ.standardError);
      expect(Math.abs(found.logZ.standardError / logZ.standardError - 1)).toBeLessThan(0.06);
    },
  );

  it('would state errors too small if every chain record counted as independent', () => {
    const tau = meanOf(found.map(({ combined }) => combined.autocorrelationTime));
    expect(tau).toBeGreaterThan(3);
    const { chains, flow } = samples(fold(key, 'shuffled'), 1, 20_000, 1000);
    const order = Array.from(chains[0].labels.keys());
    const coins = uniform(key, order.length);
    order.sort((a, b) => coins[a] - coins[b]);
    const shuffled = {
      labels: Int32Array.from(order, (i) => chains[0].labels[i]),
      logWeights: Float64Array.from(order, (i) => chains[0].logWeights[i]),
    };
    const honest = combineChainAndFlow(chains, flow, 2)!.differences[0]!.standardError;
    const naive = combineChainAndFlow([shuffled], flow, 2)!.differences[0]!.standardError;
    expect(naive).toBeLessThan(0.8 * honest);
  });

  it('keeps draws of weight 0 in N: without them ln Z is off by their share', () => {
    // The flow puts 30 % of its draws where the target is not.
    const { chains, flow } = samples(fold(key, 'outside'), 2, 4000, 4000);
    const coins = uniform(fold(key, 'leak'), 4000);
    const shift = -Math.log(0.7);
    const leaking = {
      labels: flow.labels.map((s, i) => (coins[i] < 0.3 ? -1 : s)),
      logWeights: flow.logWeights.map((w, i) => (coins[i] < 0.3 ? -Infinity : w + shift)),
    };
    const shifted = chains.map((chain) => ({
      labels: chain.labels,
      logWeights: chain.logWeights.map((w) => w + shift),
    }));
    const right = combineChainAndFlow(shifted, leaking, 2)!;
    expect(Math.abs(right.logZ.value - logZ)).toBeLessThan(4 * right.logZ.standardError);
    const kept = Array.from(coins.keys()).filter((i) => coins[i] >= 0.3);
    const mutant = combineChainAndFlow(
      shifted,
      {
        labels: kept.map((i) => leaking.labels[i]),
        logWeights: Float64Array.from(kept, (i) => leaking.logWeights[i]),
      },
      2,
    )!;
    expect(Math.abs(mutant.logZ.value - logZ)).toBeGreaterThan(5 * mutant.logZ.standardError);
  });

  it('takes chain records that the flow cannot propose', () => {
    const { chains, flow } = samples(fold(key, 'not proposable'), 2, 4000, 4000);
    // The flow covers x < 1.5 only; what it would put beyond is refused.
    const bounded = (own: ReturnType<typeof labelled>, x: (w: number) => number) => ({
      labels: own.labels,
      logWeights: own.logWeights.map(x),
    });
    const beyond = logWeight(1.5);
    // log w is a parabola with its top at −4.3, so that x > 1.5 and x < −10 are beyond.
    const isBeyond = (w: number): boolean => w < beyond;
    const found = combineChainAndFlow(
      chains.map((own) => bounded(own, (w) => (isBeyond(w) ? Infinity : w))),
      bounded(flow, (w) => (isBeyond(w) ? -Infinity : w)),
      2,
    )!;
    const [difference] = found.differences;
    expect(Math.abs(difference!.value - truth)).toBeLessThan(4 * difference!.standardError);
    expect(Math.abs(found.logZ.value - logZ)).toBeLessThan(4 * found.logZ.standardError);
  });

  it('is undefined without overlap, for chains that never change and for states without weight', () => {
    const { chains, flow } = samples(fold(key, 'undefined'), 1, 500, 100);
    const nowhere = { labels: flow.labels, logWeights: flow.logWeights.map(() => -Infinity) };
    expect(combineChainAndFlow(chains, nowhere, 2)).toBeUndefined();
    const stuck = [{ labels: new Int32Array(500), logWeights: chains[0].logWeights }];
    expect(combineChainAndFlow(stuck, flow, 2)).toBeUndefined();
    expect(combineChainAndFlow(chains, flow, 3)!.differences[1]).toBeUndefined();
  });

  it('refuses labels that are not one a sample', () => {
    const { chains, flow } = samples(fold(key, 'ragged'), 1, 100, 10);
    expect(() => combineChainAndFlow(chains, { ...flow, labels: [0] }, 2)).toThrow(/1 labels/);
  });
});
