import { type Batch, batch } from '../../core/batch.ts';
import type { Potential } from '../../core/potential.ts';
import { type RecordReader, recordBlocks } from '../../hybrid/records.ts';
import { type Landscape, MAX_HEIGHT, type Point } from '../reportData.ts';
import { quantile } from './quantile.ts';
import { rounded } from './rounded.ts';

const SIDE = 96;

/**
 * U/kT of a potential of two coordinates on a grid over the region that `samples` cover, with a margin;
 * null for any other potential.
 */
export function landscapeGrid(
  potential: Potential,
  kT: number,
  samples: readonly (Batch | RecordReader)[],
): Landscape | null {
  if (potential.dim !== 2) return null;
  const x = range(samples, 0);
  const y = range(samples, 1);
  const grid = new Float64Array(SIDE * SIDE * 2);
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      const i = 2 * (row * SIDE + column);
      grid[i] = x[0] + ((x[1] - x[0]) * column) / (SIDE - 1);
      grid[i + 1] = y[0] + ((y[1] - y[0]) * row) / (SIDE - 1);
    }
  }
  const energies = potential.energy(batch(grid, 2));
  const lowest = energies.filter(Number.isFinite).reduce((a, b) => Math.min(a, b), Infinity);
  const heights = Array.from(energies, (u) => {
    const height = (u - lowest) / kT;
    return height < MAX_HEIGHT ? rounded(height, 4) : MAX_HEIGHT;
  });
  return { x, y, columns: SIDE, rows: SIDE, heights };
}

/** Where all but the outermost thousandths of any batch lie, and a quarter of that more on each side. */
function range(samples: readonly (Batch | RecordReader)[], coordinate: number): Point {
  let low = Infinity;
  let high = -Infinity;
  for (const sample of samples) {
    if (sample.count === 0) continue;
    const sorted = column(sample, coordinate).sort();
    low = Math.min(low, quantile(sorted, 0.001));
    high = Math.max(high, quantile(sorted, 0.999));
  }
  const margin = (high - low) / 4;
  return [rounded(low - margin), rounded(high + margin)];
}

/** One coordinate of every row, `[B]`. */
function column(sample: Batch | RecordReader, coordinate: number): Float64Array {
  const out = new Float64Array(sample.count);
  let at = 0;
  for (const { data, dim } of 'data' in sample ? [sample] : recordBlocks(sample)) {
    for (let i = coordinate; i < data.length; i += dim) out[at++] = data[i];
  }
  return out;
}
