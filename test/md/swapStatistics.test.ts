import { describe, expect, it } from 'vitest';
import { type MoveInfo, noRefusals } from '../../src/core/kernel.ts';
import { swapStatistics } from '../../src/md/swapStatistics.ts';

/** Swaps of even pairs and of odd pairs by turns. */
const cycle = { ladder: [1, 2, 3], swaps: [[0], [1]] };

function info(accepted: readonly number[]): MoveInfo {
  return {
    attempts: 1,
    accepted: Float64Array.from(accepted),
    logRatio: new Float64Array(accepted.length),
    refused: noRefusals(),
  };
}

describe('swap statistics', () => {
  it('give the share of accepted swaps of every pair', () => {
    const statistics = swapStatistics(cycle, 2);
    // Rows: rung 0 of both ladders, rung 1, rung 2.
    statistics.observe(0, info([1, 0, 1, 0, 0, 0]));
    statistics.observe(1, info([0, 0, 0, 0, 0, 0]));
    statistics.observe(2, info([1, 1, 1, 1, 0, 0]));
    expect(statistics.figures().acceptance).toEqual([3 / 4, 0]);
  });

  it('count a round trip when a replica is back at the first rung after the last one', () => {
    const statistics = swapStatistics(cycle, 1);
    const trips = (): number[] => Array.from(statistics.figures().roundTrips);
    // Replica 0 climbs to the top …
    statistics.observe(0, info([1, 1, 0]));
    statistics.observe(1, info([0, 1, 1]));
    expect(trips()).toEqual([0, 0, 0]);
    // … and comes down again, which replica 1 did not do when it came from the middle.
    statistics.observe(3, info([0, 1, 1]));
    statistics.observe(4, info([1, 1, 0]));
    expect(trips()).toEqual([1, 0, 0]);
  });

  it('do not count a replica that turned around before the last rung', () => {
    const statistics = swapStatistics(cycle, 1);
    for (let turn = 0; turn < 4; turn++) statistics.observe(0, info([1, 1, 0]));
    expect(Array.from(statistics.figures().roundTrips)).toEqual([0, 0, 0]);
  });

  it('do not count a first descent from the last rung, which is half a trip', () => {
    const statistics = swapStatistics(cycle, 1);
    statistics.observe(1, info([0, 1, 1]));
    statistics.observe(2, info([1, 1, 0]));
    expect(Array.from(statistics.figures().roundTrips)).toEqual([0, 0, 0]);
  });

  it('ignore local moves and have no pairs with a single rung', () => {
    const single = swapStatistics({ ladder: [1], swaps: [[]] }, 2);
    single.observe(0, info([1, 1]));
    expect(single.figures().acceptance).toEqual([]);
    expect(Array.from(single.figures().roundTrips)).toEqual([0, 0]);
  });
});
