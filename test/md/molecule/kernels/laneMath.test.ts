import { describe, expect, it } from 'vitest';
import { at, fold, normal, rootKey, uniform } from '../../../../src/core/rng.ts';
import { laneNormal } from '../../../../src/md/molecule/kernels/laneNormal.ts';
import {
  type MoleculeArena,
  type MoleculeModule,
  moleculeArena,
} from '../../../../src/md/molecule/kernels/moleculeModule.ts';

const arena = requiredArena();
const key = rootKey(11);

function requiredArena(): MoleculeArena {
  const found = moleculeArena();
  if (found === undefined) throw new Error('this machine has no WebAssembly SIMD');
  return found;
}

type RowFunction = Exclude<keyof MoleculeModule & `${string}Row${64 | 32}`, never>;

function mapped64(name: RowFunction, x: Float64Array): Float64Array {
  const address = arena.doubles(x);
  arena.module[name](address, 8 * x.length);
  return new Float64Array(arena.module.memory.buffer, address, x.length).slice();
}

function mapped32(name: RowFunction, x: Float32Array): Float32Array {
  const address = arena.floats(x);
  arena.module[name](address, 4 * x.length);
  return new Float32Array(arena.module.memory.buffer, address, x.length).slice();
}

/** The gap between neighbouring doubles, or floats, at `x`. */
function ulp(x: number, digits: 52 | 23): number {
  const least = digits === 52 ? -1022 : -126;
  return 2 ** (Math.max(Math.floor(Math.log2(Math.abs(x))), least) - digits);
}

/** The largest distance of `found` from `wanted`, in units of the last place of `wanted`. */
function worst(found: ArrayLike<number>, wanted: readonly number[], digits: 52 | 23): number {
  return wanted.reduce((most, value, i) => {
    const distance = Math.abs(found[i] - value) / (value === 0 ? 2 ** -1074 : ulp(value, digits));
    return Number.isNaN(distance) ? Infinity : Math.max(most, distance);
  }, 0);
}

const spread = (low: number, high: number, count: number, purpose: string): Float64Array =>
  uniform(fold(key, purpose), count).map((u) => low + u * (high - low));

/** Positive numbers of all sizes, and near one. */
const positive = Float64Array.of(
  ...spread(-1000, 1000, 4000, 'sizes').map((power) => 2 ** power),
  ...spread(0.5, 2, 4000, 'near one'),
  ...spread(1 - 1e-6, 1 + 1e-6, 500, 'at one'),
  1,
  Math.SQRT1_2,
  Math.SQRT2,
  2 ** -53,
  2 ** -1022,
  Number.MAX_VALUE,
);
const cosines = Float64Array.of(
  ...spread(-1, 1, 6000, 'cosines'),
  ...spread(-14, 0, 500, 'near its ends').map((power) => 1 - 10 ** power),
  ...spread(-14, 0, 500, 'near its other end').map((power) => 10 ** power - 1),
  0.5,
  -0.5,
  0,
  -1,
  1,
  -0,
);
const angles = Float64Array.of(
  ...spread(-10, 10, 6000, 'angles'),
  ...spread(-1e5, 1e5, 4000, 'large angles'),
  ...Float64Array.from({ length: 200 }, (_, n) => ((n - 100) * Math.PI) / 4),
);

describe('the lane functions', () => {
  // `Math` is within one unit of the truth, so that one unit between the two is at most two from it.
  it.each([
    ['exp', 'expRow64', Math.exp, spread(-708, 709, 8000, 'exponents')],
    ['exp near zero', 'expRow64', Math.exp, spread(-1, 1, 4000, 'small')],
    ['ln', 'logRow64', Math.log, positive],
    ['acos', 'acosRow64', Math.acos, cosines],
    ['sin', 'sinRow64', Math.sin, angles],
    ['cos', 'cosRow64', Math.cos, angles],
  ] as const)('of doubles: %s is within two units of the last place', (_, name, exact, x) => {
    expect(worst(mapped64(name, x), Array.from(x, exact), 52)).toBeLessThanOrEqual(1);
  });

  it.each([
    ['exp', 'expRow32', Math.exp, Float32Array.from(spread(-87, 88, 8000, 'exponents'))],
    [
      'ln',
      'logRow32',
      Math.log,
      Float32Array.of(
        ...spread(-126, 127, 4000, 'sizes').map((power) => 2 ** power),
        ...spread(0.5, 2, 4000, 'near one'),
      ),
    ],
    ['acos', 'acosRow32', Math.acos, Float32Array.from(cosines.subarray(0, 6000))],
  ] as const)('of floats: %s is within two units of the last place', (_, name, exact, x) => {
    expect(worst(mapped32(name, x), Array.from(x, exact), 23)).toBeLessThanOrEqual(2);
  });

  it('keep not-a-number in exp, and hold its argument at -708 and 709', () => {
    const [lost, low, high] = mapped64('expRow64', Float64Array.of(NaN, -1e4, 1e4, 0));
    expect(lost).toBeNaN();
    expect(low).toBeCloseTo(Math.exp(-708), 320);
    expect(high / Math.exp(709)).toBeCloseTo(1, 12);
  });
});

describe('the noise of the kernels', () => {
  /** Chains 2k and 2k + 1 by the compiled noise, `[2, D]`. */
  function compiled(chain: number, dim: number, step: number): number[][] {
    const { lo, hi } = at(key, step);
    const out = arena.allot(16 * dim + 64) + 16;
    arena.module.noise(lo, hi, BigInt(chain), dim, out);
    const lanes = new Float64Array(arena.module.memory.buffer, out, 2 * dim);
    return [0, 1].map((lane) => Array.from({ length: dim }, (_, d) => lanes[2 * d + lane]));
  }

  it.each([66, 63, 3, 2, 1])(
    'is that of its TypeScript twin, bit by bit, in %i dimensions',
    (dim) => {
      for (const chain of [0, 2, 7, 2 ** 31, 2 ** 40 + 2]) {
        const twin = laneNormal(at(key, 3), new Float64Array(2 * dim), chain * dim);
        expect(compiled(chain, dim, 3).flat()).toEqual([...twin]);
      }
    },
  );

  it('is that of `normal` under the same key, but for rounding', () => {
    const count = 20_000;
    const ours = laneNormal(key, new Float64Array(count));
    const theirs = normal(key, count);
    const distance = ours.map((value, i) => Math.abs(value - theirs[i]));
    expect(Math.max(...distance)).toBeLessThan(4e-15);
  });

  it('has the same numbers wherever a part of it begins', () => {
    const whole = laneNormal(key, new Float64Array(40));
    for (const [first, length] of [
      [1, 1],
      [3, 8],
      [4, 7],
      [5, 30],
    ]) {
      const part = laneNormal(key, new Float64Array(length), first);
      expect([...part]).toEqual([...whole.subarray(first, first + length)]);
    }
  });
});
