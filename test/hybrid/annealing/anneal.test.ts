import { describe, expect, it } from 'vitest';
import { batch } from '../../../src/core/batch.ts';
import { rootKey } from '../../../src/core/rng.ts';
import { anneal } from '../../../src/hybrid/annealing/anneal.ts';
import type { Bridge, BridgePoint } from '../../../src/hybrid/annealing/flowBridge.ts';

/** A bridge on which every gain is x² times the step in β, and a move at β shifts x by 10 β: the way back shifts it back. */
function shiftingBridge(sign: 1 | -1): { readonly bridge: Bridge; readonly betas: number[] } {
  const betas: number[] = [];
  const bridge: Bridge = {
    point: (x) => ({
      x,
      energy: new Float64Array(x.count),
      gradient: new Float64Array(x.count),
      logProb: new Float64Array(x.count),
      score: new Float64Array(x.count),
      images: [],
    }),
    gain: (point, from, to) => point.x.data.map((x) => x * x * (to - from)),
    settle(point) {
      point.score.fill(7);
    },
    move(point, beta) {
      betas.push(beta);
      point.x.data.forEach((x, b) => {
        point.x.data[b] = x + sign * 10 * beta;
      });
    },
  };
  return { bridge, betas };
}

const at = (bridge: Bridge, x: number): BridgePoint => bridge.point(batch(Float64Array.of(x), 1));

describe('anneal', () => {
  it('visits the levels between, upwards from the flow and downwards from the target', () => {
    for (const [way, levels] of [
      ['up', [0.25, 0.5, 0.75]],
      ['down', [0.75, 0.5, 0.25]],
    ] as const) {
      const { bridge, betas } = shiftingBridge(1);
      const point = at(bridge, 0);
      anneal(bridge, point, 4, way, rootKey(1));
      expect(betas).toEqual(levels);
      // Settled at the target's end alone.
      expect(point.score[0]).toBe(way === 'up' ? 7 : 0);
    }
  });

  it('gives a path the same weight both ways, that of the slopes before each move', () => {
    const forwards = shiftingBridge(1).bridge;
    const there = at(forwards, 1);
    const [up] = anneal(forwards, there, 4, 'up', rootKey(1));
    // 1, then 3.5, 8.5 and 16.
    expect(up).toBeCloseTo((1 + 3.5 ** 2 + 8.5 ** 2 + 16 ** 2) / 4, 12);
    expect(there.x.data[0]).toBeCloseTo(16, 12);
    const backwards = shiftingBridge(-1).bridge;
    const [down] = anneal(backwards, at(backwards, 16), 4, 'down', rootKey(1));
    expect(down).toBeCloseTo(up, 12);
  });

  it('is plain reweighting with one level: no move, and the whole slope', () => {
    const { bridge, betas } = shiftingBridge(1);
    expect(anneal(bridge, at(bridge, 3), 1, 'up', rootKey(1))[0]).toBe(9);
    expect(betas).toEqual([]);
  });
});
