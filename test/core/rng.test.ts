import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { philox, philoxPair } from '../../src/core/philox.ts';
import {
  at,
  fold,
  integers,
  keyName,
  normal,
  permutation,
  rootKey,
  uniform,
} from '../../src/core/rng.ts';

const hex = (words: ArrayLike<number>): string[] =>
  Array.from(words, (word) => (word >>> 0).toString(16).padStart(8, '0'));

describe('philox', () => {
  // Random123 1.14, tests/kat_vectors, rows "philox4x32 10".
  it.each([
    { counter: [0, 0, 0, 0], key: [0, 0], expected: '6627e8d5 e169c58d bc57ac4c 9b00dbd8' },
    {
      counter: [-1, -1, -1, -1],
      key: [-1, -1],
      expected: '408f276d 41c83b0e a20bc7c6 6d5451fd',
    },
    {
      counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      key: [0xa4093822, 0x299f31d0],
      expected: 'd16cfe09 94fdcceb 5001e420 24126ea1',
    },
  ])('gives the known answer $expected', ({ counter: [c0, c1, c2, c3], key, expected }) => {
    const out = new Uint32Array(4);
    philox(c0, c1, c2, c3, key[0], key[1], out);
    expect(hex(out).join(' ')).toBe(expected);
  });

  it('makes the same two blocks in a pair as one at a time', () => {
    const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(word, word, word, word, word, (c0, c1, c3, k0, k1) => {
        const pair = new Int32Array(8);
        const first = new Int32Array(4);
        const second = new Int32Array(4);
        const even = c0 & ~1;
        philoxPair(even, c1, c3, k0, k1, pair);
        philox(even, c1, 0, c3, k0, k1, first);
        philox(even + 1, c1, 0, c3, k0, k1, second);
        expect([...pair]).toEqual([...first, ...second]);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});

describe('keys', () => {
  it('leave their numbers alone when they are drawn from', () => {
    const key = rootKey(7);
    expect(normal(key, 10)).toEqual(normal(key, 10));
  });

  it('take 0 as a seed like any other', () => {
    expect(normal(rootKey(0), 4)).not.toEqual(normal(rootKey(1), 4));
  });

  it.each([-1, 0.5, 2 ** 32, Number.NaN])('refuse the seed %s', (seed) => {
    expect(() => rootKey(seed)).toThrow(/"seed" expected an integer in \[0, 2\^32\)/);
  });

  it('differ by name, by index, and from a draw of the same number', () => {
    const key = rootKey(3);
    const names = [
      keyName(key),
      keyName(fold(key, 'a')),
      keyName(fold(key, 'b')),
      keyName(fold(fold(key, 'a'), 'b')),
      keyName(fold(fold(key, 'b'), 'a')),
      keyName(at(key, 0)),
      keyName(at(key, 1)),
      keyName(at(key, 2 ** 32)),
      keyName(at(key, 2 ** 52)),
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  it('never hold the bits of a draw, nor an index the key of a name', () => {
    const key = rootKey(3);
    for (let index = 0; index < 20; index++) {
      const { hi, lo } = at(key, index);
      // Number 2·index is made of the first two words of block `index`; so would the key be.
      const fromKey = ((lo >>> 5) * 2 ** 26 + (hi >>> 6)) * 2 ** -53;
      expect(uniform(key, 1, 2 * index)[0]).not.toBe(fromKey);
    }
    // The 32-bit FNV-1a hash of "a", from its published table of test vectors.
    expect(keyName(fold(key, 'a'))).not.toBe(keyName(at(key, 0xe40c292c)));
  });

  it('give uncorrelated streams to neighbouring names and indices', () => {
    const count = 20_000;
    const key = rootKey(11);
    const streams = [
      normal(fold(key, 'noise'), count),
      normal(fold(key, 'noisf'), count),
      normal(at(key, 0), count),
      normal(at(key, 1), count),
      normal(key, count),
    ];
    for (let a = 0; a < streams.length; a++) {
      for (let b = 0; b < a; b++) {
        const product = streams[a].reduce((sum, value, i) => sum + value * streams[b][i], 0);
        expect(Math.abs(product) / Math.sqrt(count), `streams ${a} and ${b}`).toBeLessThan(4);
      }
    }
  });
});

describe.each([
  { name: 'uniform', draw: uniform },
  { name: 'normal', draw: normal },
])('$name', ({ draw }) => {
  it('draws any part of a stream as that part of the whole', () => {
    const key = rootKey(5);
    const whole = draw(key, 64);
    fc.assert(
      fc.property(fc.nat(40), fc.nat(24), (first, length) => {
        expect(draw(key, length, first)).toEqual(whole.slice(first, first + length));
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it('goes on past 2³² numbers without repeating itself', () => {
    const key = rootKey(5);
    const far = draw(key, 9, 2 ** 34 + 3);
    expect(far.slice(2)).toEqual(draw(key, 7, 2 ** 34 + 5));
    expect(far).not.toEqual(draw(key, 9, 3));
    expect(far).not.toEqual(draw(key, 9, 2 ** 33 + 3));
  });

  it('fills the array it is given, and no more', () => {
    const memory = new Float64Array(12).fill(-9);
    const out = memory.subarray(2, 9);
    expect(draw(rootKey(1), out)).toBe(out);
    expect(out).toEqual(draw(rootKey(1), 7));
    expect([...memory.slice(0, 2), ...memory.slice(9)]).toEqual([-9, -9, -9, -9, -9]);
  });
});

describe('distributions', () => {
  const count = 200_000;
  const normals = normal(fold(rootKey(20_240_607), 'normals'), count);
  const uniforms = uniform(fold(rootKey(20_240_607), 'uniforms'), count);

  it('normals have the first six moments of N(0, 1)', () => {
    // Var(xᵏ) = (2k − 1)!! − [(k − 1)!!]² for even k, (2k − 1)!! for odd k.
    const moments = [
      { power: 1, mean: 0, variance: 1 },
      { power: 2, mean: 1, variance: 3 - 1 },
      { power: 3, mean: 0, variance: 15 },
      { power: 4, mean: 3, variance: 105 - 9 },
      { power: 5, mean: 0, variance: 945 },
      { power: 6, mean: 15, variance: 10_395 - 225 },
    ];
    for (const { power, mean, variance } of moments) {
      const sum = normals.reduce((total, x) => total + x ** power, 0);
      const z = (sum / count - mean) / Math.sqrt(variance / count);
      expect(Math.abs(z), `moment ${power}`).toBeLessThan(4);
    }
  });

  it('uniforms have the first four moments of U(0, 1)', () => {
    for (let power = 1; power <= 4; power++) {
      const mean = 1 / (power + 1);
      const variance = 1 / (2 * power + 1) - mean ** 2;
      const sum = uniforms.reduce((total, x) => total + x ** power, 0);
      const z = (sum / count - mean) / Math.sqrt(variance / count);
      expect(Math.abs(z), `moment ${power}`).toBeLessThan(4);
    }
  });

  it('normals follow the normal distribution function (Kolmogorov–Smirnov)', () => {
    expect(kolmogorovSmirnov(normals, normalDistribution)).toBeLessThan(criticalValue);
  });

  it('uniforms follow the uniform distribution function, and stay below 1', () => {
    expect(kolmogorovSmirnov(uniforms, (x) => x)).toBeLessThan(criticalValue);
    expect(uniforms.every((x) => x >= 0 && x < 1)).toBe(true);
  });

  it('the Kolmogorov–Smirnov test would see a variance that is off by 6 %', () => {
    // The distribution function moves by max x φ(x) = 0.242 times the 3 % of the width: √N 0.0073 = 3.2.
    const wide = normals.map((x) => 1.03 * x);
    expect(kolmogorovSmirnov(wide, normalDistribution)).toBeGreaterThan(criticalValue);
  });

  it('successive normals are uncorrelated, within a pair and across pairs', () => {
    for (const lag of [1, 2, 3, 4]) {
      let sum = 0;
      for (let i = lag; i < count; i++) sum += normals[i] * normals[i - lag];
      expect(Math.abs(sum) / Math.sqrt(count - lag), `lag ${lag}`).toBeLessThan(4);
    }
  });

  it('integers are equally likely', () => {
    const counts = new Float64Array(7);
    for (const value of integers(rootKey(9), 70_000, 7)) counts[value]++;
    const chiSquared = counts.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0);
    // χ² with 6 degrees of freedom exceeds 22.5 once in a thousand.
    expect(chiSquared).toBeLessThan(22.5);
  });

  it('every order of a permutation is equally likely', () => {
    const counts = new Map<string, number>();
    const draws = 24_000;
    for (let i = 0; i < draws; i++) {
      const order = permutation(at(rootKey(4), i), 4).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const chiSquared = [...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
    // χ² with 23 degrees of freedom exceeds 49.7 once in a thousand.
    expect(chiSquared).toBeLessThan(49.7);
  });
});

it('keeps its streams (a snapshot: it says that they have not changed, not that they are right)', () => {
  const key = fold(rootKey(20_240_607), 'snapshot');
  expect([key, at(key, 7), at(key, 2 ** 40 + 3)].map(keyName)).toEqual([
    '4d2801e978a4f364',
    '67e6d75004f45af3',
    '8ccb615254343cdf',
  ]);
  expect([...normal(key, 4)]).toEqual([
    0.2587553775314052, -1.1389224022507443, -1.1216975318843365, -1.0638443644215125,
  ]);
  expect([...uniform(key, 4)]).toEqual([
    0.4944201506532627, 0.7855553637158447, 0.6972915331867052, 0.6207880158313673,
  ]);
});

/** √N sup |F_N − F|; exceeds 1.95 once in a thousand. */
function kolmogorovSmirnov(values: Float64Array, distribution: (x: number) => number): number {
  const sorted = values.toSorted();
  let largest = 0;
  sorted.forEach((x, i) => {
    const expected = distribution(x);
    largest = Math.max(largest, expected - i / sorted.length, (i + 1) / sorted.length - expected);
  });
  return Math.sqrt(sorted.length) * largest;
}

const criticalValue = 1.95;

/** Φ(x) = ½ + φ(x) Σₙ x²ⁿ⁺¹/(2n + 1)!!; beyond ±5, where 6e-7 is left, 0 or 1. */
function normalDistribution(x: number): number {
  if (Math.abs(x) > 5) return x > 0 ? 1 : 0;
  let term = x;
  let sum = x;
  for (let n = 1; n < 120; n++) {
    term *= (x * x) / (2 * n + 1);
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
