import { ShapeError } from '../core/errors.ts';
import { binOf } from './histogram.ts';

/** A free-energy surface over two coordinates, cell by cell, row after row from the lowest y. */
export interface FreeEnergySurface {
  /** F in kT above the lowest cell, `[rows × columns]`; +∞ in an empty cell. */
  readonly freeEnergy: Float64Array;
  /** `[rows × columns]`, kT; NaN in an empty cell, and everywhere for fewer than two chains. */
  readonly standardError: Float64Array;
}

/** Values of one chain along both axes, `[n]` each. */
export interface SurfaceSeries {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

/**
 * The free energy of each cell of a grid from M equally long chains of one distribution,
 *
 *     F = −ln(p/area),   SE(F) = SE(p)/p,   SE(p)² = Σₘ (pₘ − p)² / (M (M − 1))
 *
 * with p the share of all records that is in the cell and pₘ that of chain m: the chains are independent,
 * whatever the correlation within one. With M chains the error is itself known to 1/√(2 (M − 1)).
 * Records outside the edges count in no cell.
 * @throws {ShapeError} where the chains, or the two coordinates of one, differ in length.
 */
export function chainSurface(
  chains: readonly SurfaceSeries[],
  edges: { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> },
): FreeEnergySurface {
  const columns = edges.x.length - 1;
  const rows = edges.y.length - 1;
  const records = chains[0]?.x.length ?? 0;
  const sums = new Float64Array(rows * columns);
  const squares = new Float64Array(rows * columns);
  for (const { x, y } of chains) {
    if (x.length !== records || y.length !== records) {
      throw new ShapeError(
        `chainSurface: chains of ${records} and of ${x.length} by ${y.length} records`,
      );
    }
    const own = new Float64Array(rows * columns);
    const [i, j] = [binOf(x, edges.x), binOf(y, edges.y)];
    for (let n = 0; n < records; n++) {
      if (i[n] >= 0 && j[n] >= 0) own[j[n] * columns + i[n]] += 1 / records;
    }
    own.forEach((share, cell) => {
      sums[cell] += share;
      squares[cell] += share * share;
    });
  }
  const m = chains.length;
  const freeEnergy = sums.map((sum, cell) => {
    const width = edges.x[(cell % columns) + 1] - edges.x[cell % columns];
    const row = Math.floor(cell / columns);
    return -Math.log(sum / m / (width * (edges.y[row + 1] - edges.y[row])));
  });
  const lowest = freeEnergy.reduce((a, b) => Math.min(a, b), Infinity);
  return {
    freeEnergy: freeEnergy.map((f) => (f < Infinity ? f - lowest : Infinity)),
    standardError: sums.map((sum, cell) => {
      const mean = sum / m;
      const variance = Math.max(0, squares[cell] / m - mean * mean) / (m - 1);
      return Math.sqrt(variance) / mean;
    }),
  };
}
