import { describe, expect, it } from 'vitest';
import { batch } from '../../src/core/batch.ts';
import { normal, rootKey } from '../../src/core/rng.ts';
import { standardise } from '../../src/flow/standardise.ts';
import { whiten } from '../../src/flow/whiten.ts';
import { whitening } from '../../src/flow/whitening.ts';
import { mapped } from '../contracts/bijector.ts';

/** x = (1, 10) + (3 u, 4 u + 0.5 v)/…: an ellipse with known axes (0.6, 0.8) and (−0.8, 0.6). */
function ellipse(count: number) {
  const data = normal(rootKey(1), 2 * count);
  for (let b = 0; b < count; b++) {
    const [u, v] = [5 * data[2 * b], 0.1 * data[2 * b + 1]];
    data[2 * b] = 1 + 0.6 * u - 0.8 * v;
    data[2 * b + 1] = 10 + 0.8 * u + 0.6 * v;
  }
  return batch(data, 2);
}

describe('whiten', () => {
  const count = 5_000;
  const data = ellipse(count);
  const bijector = whiten(data);

  it('makes the data uncorrelated, with mean 0 and variance 1 over N − 1', () => {
    const z = mapped(bijector.exact([]), 'inverse', data.data, 2).value;
    const sums = { mean: [0, 0], square: [0, 0], product: 0 };
    for (let b = 0; b < count; b++) {
      for (const i of [0, 1]) {
        sums.mean[i] += z[2 * b + i] / count;
        sums.square[i] += z[2 * b + i] ** 2 / (count - 1);
      }
      sums.product += (z[2 * b] * z[2 * b + 1]) / (count - 1);
    }
    for (const i of [0, 1]) {
      expect(Math.abs(sums.mean[i])).toBeLessThan(1e-11);
      expect(Math.abs(sums.square[i] - 1)).toBeLessThan(1e-11);
    }
    expect(Math.abs(sums.product)).toBeLessThan(1e-11);
  });

  it('finds the axes of an ellipse, the longest first, their largest component positive', () => {
    const { axes, scales } = bijector.architecture as unknown as {
      axes: number[][];
      scales: number[];
    };
    // The direction of an axis is known to the ratio of the widths over √N.
    const bound = (5 * (0.1 / 5)) / Math.sqrt(count);
    expect(Math.abs(axes[0][0] - 0.6)).toBeLessThan(bound);
    expect(Math.abs(axes[1][0] - 0.8)).toBeLessThan(bound);
    expect(axes[1][1]).toBeLessThan(0);
    // A standard deviation is known to σ/√(2N).
    expect(Math.abs(scales[0] / 5 - 1)).toBeLessThan(5 / Math.sqrt(2 * count));
    expect(Math.abs(scales[1] / 0.1 - 1)).toBeLessThan(5 / Math.sqrt(2 * count));
  });

  it('refuses data without spread in some direction', () => {
    const flat = batch(
      normal(rootKey(2), 300).map((v, i) => (i % 3 === 2 ? 1.5 : v)),
      3,
    );
    expect(() => whiten(flat)).toThrow('expected spread in every direction');
  });

  it('refuses fewer configurations than it has coordinates', () => {
    expect(() => whiten(batch(normal(rootKey(2), 9), 3))).toThrow(
      'expected more than 3 configurations of 3 coordinates, got 3',
    );
  });
});

describe('whitening', () => {
  const good = {
    mean: [0, 0],
    axes: [
      [0.6, 0.8],
      [-0.8, 0.6],
    ],
    scales: [1, 2],
  };

  it.each([
    [
      {
        ...good,
        axes: [
          [0.6, 0.8],
          [0.8, 0.6],
        ],
      },
      'orthonormal',
    ],
    [
      {
        ...good,
        axes: [
          [0.6, 0.8],
          [-0.8, 0.6000001],
        ],
      },
      'orthonormal',
    ],
    [{ ...good, scales: [1, 0] }, '"scales[1]" expected a positive number, got 0'],
    [{ ...good, scales: [1] }, 'expected 2 entries as in "mean", got 2 and 1'],
    [{ ...good, axes: [[1, 0], [0]] }, '"axes[1]" expected 2 numbers, got 1'],
    [{ mean: [], axes: [], scales: [] }, 'entries'],
  ])('refuses %j', (options, message) => {
    expect(() => whitening(options)).toThrow(message);
  });
});

describe('standardise', () => {
  const count = 2_000;
  const data = ellipse(count);

  function moments(z: Float64Array): { readonly mean: number[]; readonly square: number[] } {
    const mean = [0, 1].map(
      (i) => z.reduce((sum, v, at) => sum + (at % 2 === i ? v : 0), 0) / count,
    );
    const square = [0, 1].map(
      (i) => z.reduce((sum, v, at) => sum + (at % 2 === i ? v * v : 0), 0) / (count - 1),
    );
    return { mean, square };
  }

  it.each([
    ['coordinate', undefined],
    [
      'direction given',
      [
        [-0.8, 0.6],
        [0.6, 0.8],
      ],
    ],
  ])('gives every %s mean 0 and variance 1 over N − 1, in the order given', (_, axes) => {
    const z = mapped(standardise(data, axes).exact([]), 'inverse', data.data, 2).value;
    const { mean, square } = moments(z);
    for (const i of [0, 1]) {
      expect(Math.abs(mean[i])).toBeLessThan(1e-11);
      expect(Math.abs(square[i] - 1)).toBeLessThan(1e-11);
    }
    const along = axes?.[0] ?? [1, 0];
    // The first latent coordinate rises along the first direction alone.
    const moved = data.data.map((v, at) => v + along[at % 2]);
    const shifted = mapped(standardise(data, axes).exact([]), 'inverse', moved, 2).value;
    expect(shifted[0] - z[0]).toBeGreaterThan(0.1);
    expect(Math.abs(shifted[1] - z[1])).toBeLessThan(1e-12);
  });

  it('refuses a coordinate that never changes, by its number', () => {
    const flat = batch(Float64Array.of(1, 5, 2, 5, 3, 5), 2);
    expect(() => standardise(flat)).toThrow(
      'expected spread along direction 1, got a variance of 0',
    );
  });
});
