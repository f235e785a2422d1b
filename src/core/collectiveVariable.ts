import type { Batch } from './batch.ts';

/** A scalar function s(x) of a configuration: an axis of profiles, a restraint, a reaction coordinate. */
export interface CollectiveVariable {
  readonly name: string;
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
