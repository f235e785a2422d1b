import { type Batch, batch, row, rows } from '../../core/batch.ts';
import { at, type Key, normal, uniform } from '../../core/rng.ts';
import type { FoundMinimum } from './distinctMinima.ts';
import type { Exploration } from './explore.ts';
import type { Symmetries } from './symmetry.ts';

/**
 * Lines to look for discontinuities on, each through a reached configuration: across everything that was
 * reached; along the line between two particles, where cutoffs lie; and from minimum to minimum.
 */
export function scanLines(
  exploration: Exploration,
  found: { readonly minima: readonly FoundMinimum[]; readonly symmetries: Symmetries },
  count: number,
  key: Key,
): { readonly origins: Batch; readonly directions: Batch } {
  const { reached, hot } = exploration;
  const { dim } = reached;
  const origins = rows(reached, 0, Math.min(count, reached.count));
  const directions = normal(key, origins.data.length);
  const widths = deviations(hot);
  const { layout } = found.symmetries;
  const [lowest, next] = found.minima;
  for (let l = 0; l < origins.count; l++) {
    const direction = directions.subarray(l * dim, (l + 1) * dim);
    for (let i = 0; i < dim; i++) direction[i] *= 2 * widths[i];
    if (l % 4 === 1 && next !== undefined) {
      for (let i = 0; i < dim; i++) direction[i] = next.x[i] - lowest.x[i];
    } else if (l % 2 === 0 && layout !== undefined) {
      alongPair(row(origins, l), direction, layout.dimensions, at(key, l));
    }
  }
  return { origins, directions: batch(directions, dim) };
}

/** Moves one particle towards another one and away from it, by up to their distance. */
function alongPair(x: Float64Array, direction: Float64Array, dimensions: number, key: Key): void {
  const n = x.length / dimensions;
  const [u, v] = uniform(key, 2);
  const p = Math.floor(u * n);
  const q = (p + 1 + Math.floor(v * (n - 1))) % n;
  direction.fill(0);
  for (let i = 0; i < dimensions; i++) {
    direction[p * dimensions + i] = x[p * dimensions + i] - x[q * dimensions + i];
  }
}

/** Standard deviation of every coordinate, `[D]`. */
export function deviations({ data, count, dim }: Batch): Float64Array {
  const widths = new Float64Array(dim);
  for (let i = 0; i < dim; i++) {
    let sum = 0;
    let squares = 0;
    for (let b = 0; b < count; b++) sum += data[b * dim + i];
    for (let b = 0; b < count; b++) squares += (data[b * dim + i] - sum / count) ** 2;
    widths[i] = Math.sqrt(squares / count);
  }
  return widths;
}
