import { describe, expect, it } from 'vitest';
import { clipHeaviest } from '../../src/analysis/clipHeaviest.ts';
import { essConsistency } from '../../src/analysis/essConsistency.ts';
import { fold, normal, rootKey, uniform } from '../../src/core/rng.ts';

const key = rootKey(2);

/** Nearly equal weights over two states, from both sides of the same ratio. */
function sides(heavyShare: number, heavy: number) {
  const flow = normal(fold(key, 'flow'), 20_000).map((x) => 0.2 * x);
  const coin = uniform(fold(key, 'coin'), 20_000);
  const target = normal(fold(key, 'target'), 20_000).map((x, n) =>
    coin[n] < heavyShare ? heavy : 0.2 * x + 0.04,
  );
  const labels = Int32Array.from({ length: 20_000 }, (_, n) => n % 2);
  const chains = [0, 1, 2, 3].map((c) => ({
    labels: labels.slice(c * 5000, (c + 1) * 5000),
    logWeights: target.slice(c * 5000, (c + 1) * 5000),
  }));
  return { flow: { labels, logWeights: flow }, chains };
}

describe('clipHeaviest', () => {
  it('leaves out a corner that is too small to matter, which alone would decide the forward ESS', () => {
    const { flow, chains } = sides(5e-4, 40);
    const raw = essConsistency(
      flow.logWeights,
      chains.map((chain) => chain.logWeights),
    );
    expect(raw.isConsistent).toBe(false);
    const clipped = clipHeaviest(flow, chains, 2, 0.005);
    expect(essConsistency(clipped.flow, clipped.target).isConsistent).toBe(true);
  });

  it('keeps a contradiction that matters', () => {
    const { flow, chains } = sides(0.1, 10);
    const clipped = clipHeaviest(flow, chains, 2, 0.005);
    expect(essConsistency(clipped.flow, clipped.target).isConsistent).toBe(false);
  });

  it('clips each state at its own level, and nothing where the share is less than one sample', () => {
    const flow = { labels: [0, 1, -1], logWeights: Float64Array.of(9, 9, 9) };
    const chain = {
      labels: [0, 0, 0, 0, 1, 1, 1, 1],
      logWeights: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    };
    const { flow: draws, target } = clipHeaviest(flow, [chain], 2, 0.25);
    expect(Array.from(target[0])).toEqual([1, 2, 3, 3, 5, 6, 7, 7]);
    expect(Array.from(draws)).toEqual([3, 7, 9]);
    expect(Array.from(clipHeaviest(flow, [chain], 2, 0.2).target[0])).toEqual(
      Array.from(chain.logWeights),
    );
  });

  it('clips samples in none of the states as a state of their own', () => {
    const flow = { labels: [0, -1], logWeights: Float64Array.of(99, 99) };
    const chain = {
      labels: [0, 0, 0, 0, -1, -1, -1, -1],
      logWeights: Float64Array.of(1, 2, 3, 4, 15, 16, 17, 18),
    };
    const clipped = clipHeaviest(flow, [chain], 1, 0.25);
    expect(Array.from(clipped.target[0])).toEqual([1, 2, 3, 3, 15, 16, 17, 17]);
    expect(Array.from(clipped.flow)).toEqual([3, 17]);
  });
});
