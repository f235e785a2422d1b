import { describe, expect, it } from 'vitest';
import { batch } from '../../../src/core/batch.ts';
import { fold, normal, rootKey } from '../../../src/core/rng.ts';
import {
  principalDirection,
  slowestDirection,
} from '../../../src/scenario/automatic/directions.ts';
import type { BasinSample } from '../../../src/scenario/automatic/sampleBasin.ts';

const frames = 50;
const chains = 20;
// Orthogonal: the columns are the slow, the broad and the narrow direction.
const axes = [
  [0.36, 0.48, -0.8],
  [-0.8, 0.6, 0],
  [0.48, 0.64, 0.6],
];

/** White noise of widths 0.3, 3 and 0.1 along the axes, shifted by ±1 along the first. */
function sample(shift: number): BasinSample {
  const noise = normal(fold(rootKey(3), String(shift)), chains * frames * 3);
  const data = new Float64Array(noise.length);
  for (let b = 0; b < noise.length; b += 3) {
    const along = [shift + 0.3 * noise[b], 3 * noise[b + 1], 0.1 * noise[b + 2]];
    for (let i = 0; i < 3; i++) {
      for (let k = 0; k < 3; k++) data[b + i] += axes[i][k] * along[k];
    }
  }
  return { frames, x: batch(data, 3) };
}

describe('directions of two basins', () => {
  const samples = [sample(-1), sample(1)];

  it('are widest where the noise is', () => {
    const direction = principalDirection(samples);
    // 2000 frames: the angle between axes of variance 9 and 1.1 is known to some 0.01.
    for (let i = 0; i < 3; i++) expect(Math.abs(direction[i])).toBeCloseTo(Math.abs(axes[i][1]), 1);
  });

  it('are slowest from basin to basin, however narrow that is', () => {
    const direction = slowestDirection(samples);
    expect(Math.hypot(...direction)).toBeCloseTo(1, 12);
    // What may be wrong is a share of the narrow axis, which hardly shows in the variable itself: noise of
    // 1/√2000 in the lagged covariance leaves a correlation of 1 − 10⁻³.
    const slow = axes.map((row) => row[0]);
    expect(correlation([...direction], slow)).toBeGreaterThan(0.995);
    expect(correlation([...principalDirection(samples)], slow)).toBeLessThan(0.2);
  });

  it('point to where their largest component is positive', () => {
    for (const direction of [principalDirection(samples), slowestDirection(samples)]) {
      const size = Math.max(...direction.map(Math.abs));
      expect(Math.max(...direction)).toBe(size);
    }
  });

  /** Of two linear variables over all samples, in absolute value. */
  function correlation(left: readonly number[], right: readonly number[]): number {
    let [both, first, second] = [0, 0, 0];
    for (const { x } of samples) {
      for (let b = 0; b < x.data.length; b += 3) {
        const [u, v] = [left, right].map((c) =>
          c.reduce((sum, value, i) => sum + value * x.data[b + i], 0),
        );
        both += u * v;
        first += u * u;
        second += v * v;
      }
    }
    return Math.abs(both) / Math.sqrt(first * second);
  }
});
