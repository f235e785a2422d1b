import type { Batch } from './batch.ts';

/** A scalar function s(x) of a configuration: an axis of profiles, a restraint, a reaction coordinate. */
export interface CollectiveVariable {
  readonly name: string;
  /** s and s + period are the same place, and values are in (−period/2, period/2]; not periodic where undefined. */
  readonly period?: number;
  /** s, `[B]`. */
  value(x: Batch): Float64Array;
  /** ∂s/∂x, `[B, D]`. */
  gradient(x: Batch): Float64Array;
}

/** s(x) = Σᵢ cᵢ xᵢ. `linear('x', [1, 0])` is the first of two coordinates. */
export function linear(name: string, coefficients: readonly number[]): CollectiveVariable {
  const dim = coefficients.length;
  return {
    name,
    value(x) {
      const out = new Float64Array(x.count);
      for (let b = 0; b < x.count; b++) {
        for (let i = 0; i < dim; i++) out[b] += coefficients[i] * x.data[b * dim + i];
      }
      return out;
    },
    gradient(x) {
      const out = new Float64Array(x.data.length);
      for (let b = 0; b < x.count; b++) out.set(coefficients, b * dim);
      return out;
    },
  };
}

/**
 * d = |rᵢ − rⱼ|, the distance of two particles; its gradient is the unit vector between them.
 *
 * Where the two coincide the gradient has no direction and is given as 0.
 * @param pair the particles' numbers, from 0. @param space coordinates of one particle, 2 or 3.
 */
export function particleDistance(
  name: string,
  pair: readonly [number, number],
  space: 2 | 3,
): CollectiveVariable {
  const [first, second] = [pair[0] * space, pair[1] * space];

  function distanceAt(x: Float64Array, offset: number): number {
    let square = 0;
    for (let i = offset; i < offset + space; i++) square += (x[i + first] - x[i + second]) ** 2;
    return Math.sqrt(square);
  }

  return {
    name,
    value(x) {
      const out = new Float64Array(x.count);
      for (let b = 0; b < x.count; b++) out[b] = distanceAt(x.data, b * x.dim);
      return out;
    },
    gradient(x) {
      const out = new Float64Array(x.data.length);
      for (let b = 0; b < x.count; b++) {
        const offset = b * x.dim;
        const d = distanceAt(x.data, offset);
        for (let i = offset; i < offset + space; i++) {
          const slope = d > 0 ? (x.data[i + first] - x.data[i + second]) / d : 0;
          out[i + first] = slope;
          out[i + second] = -slope;
        }
      }
      return out;
    },
  };
}
