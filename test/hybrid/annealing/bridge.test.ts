import { describe, expect, it } from 'vitest';
import { batch } from '../../../src/core/batch.ts';
import { at, rootKey } from '../../../src/core/rng.ts';
import { bridge } from '../../../src/hybrid/annealing/bridge.ts';
import { bananaTarget } from '../../contracts/exactTarget.ts';
import { sinhFlow, sinhScore } from '../analyticFlow.ts';

const { potential, kT } = bananaTarget();
const shape = [
  [0.1, 0.5],
  [0.9, 0.6],
] as const;
const flow = sinhFlow(...shape);
const options = { kT, timestep: 0.25, steps: 2 };
const start = flow.sample(200, rootKey(1)).x;

describe('a move on the bridge', () => {
  it('leaves energy, log q and both gradients those of the positions, moved or not', () => {
    const path = bridge(potential, flow, sinhScore(...shape), options);
    const point = path.point(start);
    for (const [n, beta] of [0.2, 0.5, 0.9].entries()) path.move(point, beta, at(rootKey(2), n));
    const moved = point.x.data.filter((x, i) => x !== start.data[i]).length / start.data.length;
    expect(moved).toBeGreaterThan(0.3);
    expect(path.point(point.x)).toEqual(point);
  });

  it('rejects every chain where the trajectory loses its gradient, and where U becomes −∞ or NaN', () => {
    for (const bad of [Number.NaN, -Infinity]) {
      const holed = {
        ...potential,
        energyAndGradient(...[x, out]: Parameters<typeof potential.energyAndGradient>) {
          const { energy, gradient } = potential.energyAndGradient(x, out);
          for (let b = 0; b < x.count; b++) if (x.data[2 * b] > 0.5) energy[b] = bad;
          return { energy, gradient };
        },
      };
      const path = bridge(holed, flow, sinhScore(...shape), options);
      const left = batch(
        start.data.map((x, i) => (i % 2 === 0 ? -Math.abs(x) : x)),
        2,
      );
      const point = path.point(left);
      path.move(point, 0.5, rootKey(3));
      expect(point.energy.every(Number.isFinite)).toBe(true);
      for (let b = 0; b < left.count; b++) expect(point.x.data[2 * b]).toBeLessThanOrEqual(0.5);
    }
    const wild = { ...sinhScore(...shape), score: () => new Float64Array(400).fill(Number.NaN) };
    const path = bridge(potential, flow, wild, options);
    const point = path.point(start);
    path.move(point, 0.5, rootKey(3));
    expect(point.x).toEqual(start);
  });
});
