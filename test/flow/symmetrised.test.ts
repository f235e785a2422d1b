import { describe, expect, it } from 'vitest';
import { gaussLegendre } from '../../src/analysis/gaussLegendre.ts';
import { type Batch, batch } from '../../src/core/batch.ts';
import { emptyLedger } from '../../src/core/ledger.ts';
import { normal, rootKey } from '../../src/core/rng.ts';
import { symmetrised } from '../../src/flow/symmetrised.ts';
import { symmetryGroup } from '../../src/flow/symmetryGroup.ts';
import { bookedDensity } from '../../src/hybrid/bookedDensity.ts';
import { dimerReflections } from '../../src/md/particleDimer/reflections.ts';
import { dimerLattice } from '../../src/md/particleDimer/starts.ts';
import { sinhFlow } from '../hybrid/analyticFlow.ts';
import { quarterTurns } from '../hybrid/quarterTurns.ts';

const flow = sinhFlow([0.9, 0.4], [0.5, 0.7]);
const group = symmetryGroup(quarterTurns, 2);
const mean = symmetrised(flow, group);

/** ∫ q̄ f over x = sinh s, y = sinh t with |s|, |t| ≤ 6, which holds all of it but 10⁻¹⁰. */
function integral(f: (x: number, y: number) => number): number {
  const { nodes, weights } = gaussLegendre(10);
  const cells = Array.from({ length: 24 }, (_, c) => -6 + c / 2);
  const line = cells.flatMap((from) =>
    Array.from(nodes, (node, n) => {
      const t = from + 0.25 * (node + 1);
      return { at: Math.sinh(t), weight: 0.25 * weights[n] * Math.cosh(t) };
    }),
  );
  let sum = 0;
  for (const { at: x, weight } of line) {
    const column = batch(Float64Array.from(line.flatMap(({ at: y }) => [x, y])), 2);
    mean.logProb(column).forEach((log, n) => {
      sum += weight * line[n].weight * Math.exp(log) * f(x, line[n].at);
    });
  }
  return sum;
}

describe('a flow averaged over symmetries', () => {
  it('is a normalised density that every symmetry leaves as it is', () => {
    expect(Math.abs(integral(() => 1) - 1)).toBeLessThan(1e-8);
    const x = batch(normal(rootKey(1), 60), 2);
    const at = mean.logProb(x);
    for (const map of quarterTurns) {
      mean.logProb(map.apply(x)).forEach((log, b) => {
        expect(log).toBeCloseTo(at[b], 12);
      });
    }
    // Not so the flow itself.
    const turned = flow.logProb(quarterTurns[1].apply(x));
    const own = flow.logProb(x);
    expect(turned.some((log, b) => Math.abs(log - own[b]) > 1)).toBe(true);
  });

  it('is what its draws are distributed by, log-densities included', () => {
    const count = 40_000;
    const draws = mean.sample(count, rootKey(2));
    expect(draws.logProb).toEqual(mean.logProb(draws.x));
    for (const [name, f] of [
      ['x', (x: number) => Math.tanh(x)],
      ['x y', (x: number, y: number) => Math.tanh(x * y)],
      ['first quarter', (x: number, y: number) => (x > 0 && y > 0.3 ? 1 : 0)],
      ['near', (x: number, y: number) => Math.exp(-(x * x) - 2 * y * y)],
    ] as const) {
      const values = Float64Array.from({ length: count }, (_, b) =>
        f(draws.x.data[2 * b], draws.x.data[2 * b + 1]),
      );
      const average = values.reduce((sum, v) => sum + v, 0) / count;
      const variance = values.reduce((sum, v) => sum + (v - average) ** 2, 0) / count;
      const truth = name === 'first quarter' ? quarter() : integral(f);
      expect(Math.abs(average - truth) / Math.sqrt(variance / count), name).toBeLessThan(4.5);
    }
  });

  it('costs a pass for every map, and booked passes are those of the flow', () => {
    const ledger = emptyLedger();
    const booked = symmetrised(bookedDensity(flow, ledger), group);
    const { x } = booked.sample(10, rootKey(3));
    expect(ledger.flowPasses).toBe(10);
    booked.logProb(x);
    expect(ledger.flowPasses).toBe(50);
  });

  /** P(x > 0, y > 0.3): the maps are turns, so it is the mean of four rectangles' worth of one flow. */
  function quarter(): number {
    const below = (d: 0 | 1, at: number): number => {
      const z = Math.asinh((at - [0.9, 0.4][d]) / [0.5, 0.7][d]);
      return normalCdf(z);
    };
    const box = (x: [number, number], y: [number, number]): number =>
      (below(0, x[1]) - below(0, x[0])) * (below(1, y[1]) - below(1, y[0]));
    const far = 1e6;
    // The images of the region under the turns, which is what F draws before it is turned.
    return (
      (box([0, far], [0.3, far]) +
        box([0.3, far], [-far, 0]) +
        box([-far, 0], [-far, -0.3]) +
        box([-far, -0.3], [0, far])) /
      4
    );
  }
});

describe('symmetryGroup', () => {
  const scale = (factor: number) => ({
    apply: (x: Batch) => ({ ...x, data: x.data.map((v) => factor * v) }),
  });
  const shift = (by: number) => ({
    name: `shift by ${by}`,
    apply: (x: Batch) => ({ ...x, data: x.data.map((v) => v + by) }),
  });

  it('takes mirrors about any place, and turns gradients as it turns differences', () => {
    const about = { apply: (x: Batch) => ({ ...x, data: x.data.map((v) => 3 - v) }) };
    const two = symmetryGroup([scale(1), about], 2);
    expect(two.identity).toBe(0);
    expect(Array.from(two.turn(1, batch(Float64Array.of(1, -2), 2)).data)).toEqual([-1, 2]);
    expect(symmetryGroup(dimerReflections(dimerLattice(1.5)), 76).maps).toHaveLength(4);
  });

  it.each([
    ['a map that stretches', [scale(1), scale(2)], /"1" is no rigid map/],
    [
      'a map that bends',
      [scale(1), { apply: (x: Batch) => ({ ...x, data: x.data.map((v) => v ** 3) }) }],
      /"1" is no rigid map/,
    ],
    ['no identity', [scale(-1)], /the identity is not among them/],
    ['the same map twice', [scale(1), scale(1)], /"0" and "1" are the same map/],
    [
      'maps that lead further and further',
      [scale(1), shift(1)],
      /"shift by 1" and then "shift by 1" is a map that is not among them/,
    ],
    ['three quarters of a turn', quarterTurns.slice(0, 3), /"180°" and then "90°"/],
  ])('refuses %s', (_, maps, message) => {
    expect(() => symmetryGroup(maps, 2)).toThrow(message);
  });
});

/** Φ(z), by quadrature of the bell. */
function normalCdf(z: number): number {
  const { nodes, weights } = gaussLegendre(60);
  const to = Math.max(-9, Math.min(9, z));
  const half = (to + 9) / 2;
  return nodes.reduce((sum, node, n) => {
    const at = -9 + half * (node + 1);
    return sum + (half * weights[n] * Math.exp(-0.5 * at * at)) / Math.sqrt(2 * Math.PI);
  }, 0);
}
