import { describe, expect, it } from 'vitest';
import {
  countTransitions,
  idealUsefulAcceptance,
  totalTransitions,
  usefulAcceptance,
} from '../../src/analysis/transitions.ts';
import { fold, rootKey, uniform } from '../../src/core/rng.ts';
import { telegraph } from './series.ts';

describe('transitions from core to core', () => {
  it('count by the core last visited: recrossings of the gap count for nothing', () => {
    const chain = [0, -1, 0, -1, -1, 1, -1, 1, 1, 0, -1];
    expect(countTransitions([chain], 2).counts).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });

  it('do not join one chain to the next', () => {
    expect(
      totalTransitions(
        countTransitions(
          [
            [0, 0],
            [1, 1],
          ],
          2,
        ).counts,
      ),
    ).toBe(0);
  });

  it('take the time from entering a core to reaching the other, cut-off journeys included', () => {
    // 0 → 1: from record 1 to 4, then from 6 to the end at 9 unfinished: (3 + 3) / 1.
    // 1 → 0: from 4 to 6.
    const chain = [-1, 0, 0, -1, 1, -1, 0, -1, -1, -1];
    const { meanFirstPassage, meanRoundTrip } = countTransitions([chain], 2);
    expect(meanFirstPassage).toEqual([
      [undefined, 6],
      [2, undefined],
    ]);
    expect(meanRoundTrip[0][1]).toBe(8);
  });

  it('with three states pass through others on the way', () => {
    const { counts, meanFirstPassage } = countTransitions([[0, 2, 1, 1, 2, 0]], 3);
    expect(counts[0]).toEqual([0, 0, 1]);
    expect(counts[2]).toEqual([1, 1, 0]);
    expect(meanFirstPassage[0][1]).toBe(2);
    // From core 2 at record 1 to core 0 at record 5: the visit of core 1 does not restart the clock.
    expect(meanFirstPassage[2][0]).toBe(4);
  });

  it('have the mean first-passage times 1/a and 1/b of a two-state chain', () => {
    const [a, b, records] = [0.02, 0.05, 200_000];
    const chain = telegraph(uniform(fold(rootKey(11), 'passage'), records), a, b);
    const { meanFirstPassage, counts } = countTransitions([chain], 2);
    // Geometric times: the mean of n of them has the relative error 1/√n.
    for (const [found, rate, n] of [
      [meanFirstPassage[0][1]!, a, counts[0][1]],
      [meanFirstPassage[1][0]!, b, counts[1][0]],
    ]) {
      expect(Math.abs(found * rate - 1)).toBeLessThan(4 / Math.sqrt(n));
    }
  });

  it('stay unbiased where chains end before most journeys do, as a mean of finished ones would not', () => {
    const rate = 0.01;
    const chains = Array.from({ length: 2000 }, (_, c) => {
      const coins = uniform(fold(rootKey(12), `short ${c}`), 50);
      const reached = coins.findIndex((u, t) => t > 0 && u < rate);
      return Int32Array.from(coins, (_, t) => (reached >= 0 && t >= reached ? 1 : 0));
    });
    const { meanFirstPassage, counts } = countTransitions(chains, 2);
    const error = 1 / Math.sqrt(counts[0][1]);
    expect(Math.abs(meanFirstPassage[0][1]! * rate - 1)).toBeLessThan(4 * error);
  });

  it('belong to the move that entered the new core', () => {
    const chain = [0, 1, 1, 0, 1];
    const schedule = [false, true, false, false, true];
    const found = countTransitions([chain, chain], 2, schedule);
    expect(found.byFlow).toEqual([
      [0, 4],
      [0, 0],
    ]);
    expect(found.flowMoves).toBe(4);
    expect(usefulAcceptance(found)).toBe(1);
    expect(usefulAcceptance(found, 40)).toBe(0.1);
    expect(totalTransitions(found.counts)).toBe(6);
  });

  it('of independent draws reach the ideal useful acceptance 2p(1 − p)', () => {
    const p = 0.2;
    const records = 100_000;
    const chain = Int32Array.from(uniform(fold(rootKey(13), 'ideal'), records), (u) =>
      u < p ? 1 : 0,
    );
    const found = countTransitions([chain], 2, new Array(records).fill(true));
    const ideal = idealUsefulAcceptance([1 - p, p]);
    expect(ideal).toBeCloseTo(2 * p * (1 - p), 12);
    // Successive changes are correlated by at most a factor of two in variance.
    const error = Math.sqrt((2 * ideal * (1 - ideal)) / records);
    expect(Math.abs(usefulAcceptance(found)! - ideal)).toBeLessThan(4 * error);
  });

  it('have no useful acceptance without flow moves', () => {
    expect(usefulAcceptance(countTransitions([[0, 1]], 2))).toBeUndefined();
  });

  it('refuse a schedule of another length', () => {
    expect(() => countTransitions([[0, 1]], 2, [true])).toThrow(/schedule of 1 for 2/);
  });
});
