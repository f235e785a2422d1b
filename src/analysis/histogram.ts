import { ShapeError } from '../core/errors.ts';

/** Weighted counts of values between edges. */
export interface Histogram {
  /** Bin edges, ascending, `[K + 1]`. Bin k is [edges[k], edges[k + 1]); the last one includes its upper edge. */
  readonly edges: Float64Array;
  /** Σ w of the values in each bin, `[K]`. */
  readonly counts: Float64Array;
  /** Σ w of the values below the first edge, above the last one, or not a number. */
  readonly outside: number;
}

/**
 * The histogram of `values` between `edges`.
 * @param weights One non-negative weight per value, `[N]`; 1 each by default.
 * @throws {ShapeError} where the lengths differ. @throws {RangeError} where the edges do not ascend.
 */
export function histogram(
  values: ArrayLike<number>,
  edges: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Histogram {
  if (weights !== undefined && weights.length !== values.length) {
    throw new ShapeError(`${weights.length} weights for ${values.length} values`);
  }
  const bins = binOf(values, edges);
  const counts = new Float64Array(edges.length - 1);
  let outside = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weights === undefined ? 1 : weights[i];
    if (bins[i] < 0) outside += weight;
    else counts[bins[i]] += weight;
  }
  return { edges: Float64Array.from(edges), counts, outside };
}

/**
 * The bin of each value, `[N]`; −1 outside the edges and for NaN.
 * @throws {RangeError} where the edges do not ascend.
 */
export function binOf(values: ArrayLike<number>, edges: ArrayLike<number>): Int32Array {
  const last = edges.length - 1;
  if (last < 1) throw new RangeError(`"edges" expected at least two numbers, got ${edges.length}`);
  for (let k = 0; k < last; k++) {
    if (!(edges[k] < edges[k + 1])) {
      throw new RangeError(`"edges" expected to ascend, got ${edges[k]} before ${edges[k + 1]}`);
    }
  }
  const bins = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const x = values[i];
    if (!(x >= edges[0] && x <= edges[last])) {
      bins[i] = -1;
      continue;
    }
    let low = 0;
    let high = last;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (x >= edges[middle]) low = middle;
      else high = middle;
    }
    bins[i] = low;
  }
  return bins;
}

/** The edges of `bins` equal bins from `from` to `to`, `[bins + 1]`. */
export function uniformEdges(from: number, to: number, bins: number): Float64Array {
  if (!(from < to) || !Number.isInteger(bins) || bins < 1) {
    throw new RangeError(`expected at least one bin and from < to, got ${bins}, ${from}, ${to}`);
  }
  // Both ends exactly as given: from + (to − from) may miss `to` by a rounding.
  return Float64Array.from({ length: bins + 1 }, (_, k) =>
    k === bins ? to : from + ((to - from) * k) / bins,
  );
}
