import type { WindowSeries } from './umbrellaProfile.ts';

/** Records pooled along s: how often each chain has been in each narrow cell. */
export interface CellCounts {
  /** Mean of s over the records of each occupied cell, ascending, `[G]`. */
  readonly positions: Float64Array;
  /** Records of all windows, `[G]`. */
  readonly total: Float64Array;
  /** The same for every chain, `[W][C][G]`. */
  readonly chains: readonly (readonly Float64Array[])[];
}

/** Cells in the standard deviation of the narrowest window: their width then costs 10⁻³ of a weight. */
const CELLS = 25;

/**
 * Counts the records of every chain in cells no wider than a twenty-fifth of √(kT/κ), κ the largest
 * stiffness, so laid that each bin of `width`, counted from `min`, is a whole number of them.
 */
export function cellCounts(
  { windows, values }: WindowSeries,
  { kT, min, width }: { readonly kT: number; readonly min: number; readonly width: number },
): CellCounts {
  const stiffest = Math.max(...windows.map(({ stiffness }) => stiffness));
  const spread = stiffest > 0 ? Math.sqrt(kT / stiffest) : width;
  const cell = width / Math.ceil((CELLS * width) / spread);
  const cellOf = (s: number): number => Math.floor((s - min) / cell);

  const sums = new Map<number, { count: number; sum: number }>();
  for (const chains of values) {
    for (const chain of chains) {
      for (const s of chain) {
        const own = sums.get(cellOf(s)) ?? { count: 0, sum: 0 };
        own.count++;
        own.sum += s;
        sums.set(cellOf(s), own);
      }
    }
  }
  const occupied = [...sums].sort(([a], [b]) => a - b);
  const place = new Map(occupied.map(([index], g) => [index, g]));
  return {
    positions: Float64Array.from(occupied, ([, { count, sum }]) => sum / count),
    total: Float64Array.from(occupied, ([, { count }]) => count),
    chains: values.map((chains) =>
      chains.map((chain) => {
        const counts = new Float64Array(occupied.length);
        for (const s of chain) counts[place.get(cellOf(s)) ?? 0]++;
        return counts;
      }),
    ),
  };
}

/** ½ κ_w (s − c_w)² / kT at every position, `[W][G]`. */
export function reducedBiases(
  windows: WindowSeries['windows'],
  positions: Float64Array,
  kT: number,
): Float64Array[] {
  return windows.map(({ center, stiffness }) =>
    positions.map((s) => (0.5 * stiffness * (s - center) ** 2) / kT),
  );
}
