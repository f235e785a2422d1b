import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batch } from '../../src/core/batch.ts';
import { fold, normal, permutation, rootKey } from '../../src/core/rng.ts';
import { additiveCouplings } from '../../src/flow/additiveCouplings.ts';
import { affineCouplings } from '../../src/flow/affineCouplings.ts';
import { autoregressive } from '../../src/flow/autoregressive.ts';
import type { Architecture, Bijector } from '../../src/flow/bijector.ts';
import { bijectorKinds } from '../../src/flow/bijectorFrom.ts';
import { chain } from '../../src/flow/chain.ts';
import { invert } from '../../src/flow/invert.ts';
import { nicer } from '../../src/flow/nicer.ts';
import { permute } from '../../src/flow/permute.ts';
import { realNVP } from '../../src/flow/realNVP.ts';
import { scaling } from '../../src/flow/scaling.ts';
import { splineCouplings } from '../../src/flow/splineCouplings.ts';
import { whiten } from '../../src/flow/whiten.ts';
import {
  describeBijector,
  largestDifference,
  mapped,
  scatteredWeights,
} from '../contracts/bijector.ts';

/** Correlated points around (1, −2, 3, …), for whitening. */
function cloud(dim: number, count = 400): ReturnType<typeof batch> {
  const data = normal(rootKey(5), count * dim);
  for (let b = 0; b < count; b++) {
    for (let i = dim - 1; i >= 0; i--) {
      const at = b * dim + i;
      data[at] = (1 + i) * (i % 2 === 0 ? 1 : -1) + 0.4 * (1 + i) * data[at];
      if (i > 0) data[at] += 0.3 * data[at - 1];
    }
  }
  return batch(data, dim);
}

const table: Readonly<Record<string, readonly [make: () => Bijector, logDetVaries: boolean]>> = {
  'affine couplings, independent nets, 2D': [
    () => affineCouplings({ dim: 2, blocks: 2, hidden: [24, 24], conditioner: 'independent' }),
    true,
  ],
  'affine couplings, shared trunk, 5D, own split': [
    () =>
      affineCouplings({
        dim: 5,
        blocks: 2,
        hidden: [18],
        conditioner: 'shared',
        split: [
          [4, 0, 1],
          [3, 2],
        ],
      }),
    true,
  ],
  'affine couplings without hidden layers': [
    () => affineCouplings({ dim: 3, blocks: 1, hidden: [], conditioner: 'independent' }),
    true,
  ],
  'additive couplings, 4D': [
    () => additiveCouplings({ dim: 4, blocks: 2, hidden: [16, 16] }),
    false,
  ],
  'spline couplings, 2D': [
    () => splineCouplings({ dim: 2, blocks: 2, hidden: [16, 16], bins: 8, reach: 5 }),
    true,
  ],
  'spline couplings, 5D, own split, beyond a short reach': [
    () =>
      splineCouplings({
        dim: 5,
        blocks: 2,
        hidden: [12],
        bins: 3,
        reach: 1.3,
        split: [
          [4, 0, 1],
          [3, 2],
        ],
      }),
    true,
  ],
  'autoregressive mixture, 4D': [
    () => autoregressive({ dim: 4, hidden: [12, 10], components: 3 }),
    true,
  ],
  'chain: autoregressive mixture, permutation, whitening, 3D': [
    () =>
      chain([
        autoregressive({ dim: 3, hidden: [8], components: 2 }),
        permute([2, 0, 1]),
        whiten(cloud(3)),
      ]),
    true,
  ],
  'scaling, 3D': [() => scaling(3), false],
  'permute, 5D': [() => permute([3, 1, 4, 0, 2]), false],
  'whitening, 3D': [() => whiten(cloud(3)), false],
  'chain: RealNVP, permutation, whitening, 4D': [
    () =>
      chain([
        realNVP({ dim: 4, blocks: 2, hidden: [20, 20] }),
        permute([2, 0, 3, 1]),
        whiten(cloud(4)),
      ]),
    true,
  ],
  'NICER, 2D': [() => nicer({ dim: 2, blocks: 3, hidden: [16] }), false],
  'inverted RealNVP, 2D': [() => invert(realNVP({ dim: 2, blocks: 2, hidden: [24] })), true],
  'inverted chain inside a chain, 3D': [
    () =>
      chain([
        invert(chain([scaling(3), whiten(cloud(3))])),
        realNVP({ dim: 3, blocks: 1, hidden: [16], conditioner: 'shared' }),
      ]),
    true,
  ],
};

for (const [name, [make, logDetVaries]] of Object.entries(table)) {
  describeBijector(name, make, { logDetVaries });
}

describe('the table of bijectors', () => {
  it('has every kind that an architecture can name', () => {
    const kinds = new Set<string>();
    const collect = (architecture: Architecture): void => {
      kinds.add(architecture.kind);
      for (const value of Object.values(architecture)) {
        for (const inner of Array.isArray(value) ? value : [value]) {
          if (typeof inner === 'object' && inner !== null && 'kind' in inner) collect(inner);
        }
      }
    };
    for (const [make] of Object.values(table)) collect(make().architecture);
    expect([...kinds].sort()).toEqual([...bijectorKinds].sort());
  });
});

describe('any coupling flow', () => {
  const flows = fc
    .record({
      dim: fc.integer({ min: 2, max: 7 }),
      blocks: fc.integer({ min: 1, max: 3 }),
      hidden: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 2 }),
      conditioner: fc.constantFrom('independent' as const, 'shared' as const),
      seed: fc.integer({ min: 0, max: 2 ** 31 }),
      cut: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ dim, cut, ...rest }) => {
      const order = Array.from(permutation(fold(rootKey(rest.seed), 'split'), dim));
      const first = Math.min(dim - 1, 1 + Math.floor(cut * (dim - 1)));
      return { ...rest, dim, split: [order.slice(0, first), order.slice(first)] as const };
    });

  it('inverts itself, whatever its shape, its channels and its weights', () => {
    fc.assert(
      fc.property(flows, (options) => {
        for (const bijector of [affineCouplings(options), additiveCouplings(options)]) {
          const key = rootKey(options.seed);
          // Moderate weights: an exponential of an exponential loses its digits in any arithmetic.
          const exact = bijector.exact(scatteredWeights(bijector, key, 0.4));
          const x = normal(fold(key, 'points'), 6 * options.dim);
          const z = mapped(exact, 'inverse', x, options.dim);
          const back = mapped(exact, 'forward', z.value, options.dim);
          expect(largestDifference(back.value, x, 1)).toBeLessThan(1e-9);
          expect(
            largestDifference(
              back.logDet,
              z.logDet.map((v) => -v),
              1,
            ),
          ).toBeLessThan(1e-9);
        }
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('starts as a shift: its log-determinant is zero before training', () => {
    fc.assert(
      fc.property(flows, (options) => {
        const bijector = affineCouplings(options);
        const exact = bijector.exact(bijector.initial(rootKey(options.seed)));
        const x = normal(rootKey(options.seed), 4 * options.dim);
        expect(Math.max(...mapped(exact, 'forward', x, options.dim).logDet.map(Math.abs))).toBe(0);
      }),
      { numRuns: 30, seed: 2 },
    );
  });
});

describe('affineCouplings', () => {
  it('follows the equations of the paper, block by block', () => {
    const bijector = affineCouplings({ dim: 2, blocks: 1, hidden: [], conditioner: 'independent' });
    // Without hidden layers S and T are straight lines: coupling 1 is S₁, T₁ (moves x₂), 0 is S₂, T₂.
    const [a0, b0, c0, d0] = [0.3, -0.2, 0.5, 0.1];
    const [a1, b1, c1, d1] = [-0.4, 0.25, 0.7, -0.6];
    const weights = [a0, b0, c0, d0, a1, b1, c1, d1].map((v) => Float32Array.of(v));
    const f = Math.fround;
    const [x1, x2] = [0.9, -1.3];
    const y2 = x2 * Math.exp(f(a1) * x1 + f(b1)) + (f(c1) * x1 + f(d1));
    const z1 = x1 * Math.exp(f(a0) * y2 + f(b0)) + (f(c0) * y2 + f(d0));
    const { value, logDet } = mapped(
      bijector.exact(weights),
      'inverse',
      Float64Array.of(x1, x2),
      2,
    );
    expect(value[0]).toBeCloseTo(z1, 14);
    expect(value[1]).toBeCloseTo(y2, 14);
    expect(logDet[0]).toBeCloseTo(f(a1) * x1 + f(b1) + f(a0) * y2 + f(b0), 14);
  });

  it.each([
    [{ dim: 1 }, '"dim" expected an integer of at least 2, got 1'],
    [{ blocks: 0 }, '"blocks" expected an integer of at least 1, got 0'],
    [{ hidden: [8, 0] }, '"hidden[1]" expected an integer of at least 1, got 0'],
    [
      { split: [[0, 1], [1]] as const },
      '"split" expected each coordinate of 0 … 2 once, got 1 twice',
    ],
    [{ split: [[0], [1]] as const }, '"split" expected every coordinate, got none for 2'],
    [{ split: [[0, 1, 2], []] as const }, '"split" expected coordinates in both channels'],
  ])('refuses %j', (wrong, message) => {
    const options = { dim: 3, blocks: 1, hidden: [8], conditioner: 'shared' as const, ...wrong };
    expect(() => affineCouplings(options)).toThrow(message);
  });
});

describe('chain', () => {
  it('refuses parts that differ in dimension and names both', () => {
    expect(() => chain([scaling(2), permute([1, 0, 2])])).toThrow(
      'chain: permute(dim=3) maps 3 coordinates, scaling(dim=2) maps 2',
    );
  });
});

describe('permute', () => {
  it.each([[[0, 0]], [[0, 2]], [[]], [[0.5, 1]]])('refuses %j', (order) => {
    expect(() => permute(order)).toThrow('"order" expected each of');
  });
});
