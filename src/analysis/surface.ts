import { ShapeError } from '../core/errors.ts';
import { binOf } from './histogram.ts';
import { relativeWeights } from './relativeWeights.ts';

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
  /** log-weight of each record, `[n]`, with one constant for all chains; equal weights where left out. */
  readonly logWeights?: Float64Array;
}

/**
 * The free energy of each cell of a grid from M equally long chains of one distribution,
 *
 *     F = −ln(p/area),   SE(F) = SE(p)/p,   SE(p)² = M/(M − 1) Σₘ (sₘ − p wₘ)² / (Σₘ wₘ)²
 *
 * with wₘ the weight of chain m, sₘ what of it is in the cell, and p = Σₘ sₘ / Σₘ wₘ: the chains are
 * independent, whatever the correlation within one. With M chains the error is itself known to
 * 1/√(2 (M − 1)). Records outside the edges are in no cell, and count in wₘ.
 * @throws {ShapeError} where the chains, or the coordinates or weights of one, differ in length.
 */
export function chainSurface(
  chains: readonly SurfaceSeries[],
  edges: { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> },
): FreeEnergySurface {
  const columns = edges.x.length - 1;
  const cells = columns * (edges.y.length - 1);
  const records = chains[0]?.x.length ?? 0;
  const weights = relativeWeights(
    chains.map(({ x }) => x.length),
    chains.map(({ logWeights }) => logWeights),
  );
  const parts = chains.map(({ x, y }, c) => {
    if (x.length !== records || y.length !== records) {
      throw new ShapeError(
        `chainSurface: chains of ${records} and of ${x.length} by ${y.length} records`,
      );
    }
    const own = new Float64Array(cells);
    const [i, j] = [binOf(x, edges.x), binOf(y, edges.y)];
    let whole = 0;
    weights[c].forEach((weight, n) => {
      whole += weight;
      if (i[n] >= 0 && j[n] >= 0) own[j[n] * columns + i[n]] += weight;
    });
    return { own, whole };
  });
  const m = chains.length;
  const total = parts.reduce((sum, { whole }) => sum + whole, 0);
  const shares = new Float64Array(cells).map(
    (_, cell) => parts.reduce((sum, { own }) => sum + own[cell], 0) / total,
  );
  const freeEnergy = shares.map((share, cell) => {
    const width = edges.x[(cell % columns) + 1] - edges.x[cell % columns];
    const row = Math.floor(cell / columns);
    return -Math.log(share / (width * (edges.y[row + 1] - edges.y[row])));
  });
  const lowest = freeEnergy.reduce((a, b) => Math.min(a, b), Infinity);
  return {
    freeEnergy: freeEnergy.map((f) => (f < Infinity ? f - lowest : Infinity)),
    standardError: shares.map((share, cell) => {
      const squares = parts.reduce(
        (sum, { own, whole }) => sum + (own[cell] - share * whole) ** 2,
        0,
      );
      return Math.sqrt((squares * m) / (m - 1)) / total / share;
    }),
  };
}
