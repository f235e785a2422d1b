import { ShapeError } from '../../core/errors.ts';

/** Who gets what, and a proof that nothing is cheaper. */
export interface Assignment {
  /** Column of each row, `[n]`. */
  readonly columns: Int32Array;
  /** Σᵢ c(i, columns[i]). */
  readonly cost: number;
  /**
   * u and v, `[n]` each, with uᵢ + vⱼ ≤ cᵢⱼ everywhere and equality on the assignment: any assignment
   * costs at least Σu + Σv, and this one costs no more.
   */
  readonly rowPrices: Float64Array;
  readonly columnPrices: Float64Array;
}

/**
 * The cheapest one-to-one assignment of n rows to n columns, by shortest augmenting paths.
 *
 *     min over permutations σ of Σᵢ c(i, σ(i))
 *
 * Columns first take the row that is cheapest for them; each row left over then finds a shortest path
 * through reduced costs, and the prices along it are lowered. O(n³), exact up to rounding.
 * Jonker & Volgenant, Computing 38, 325, 1987. doi:10.1007/BF02278710
 * @param cost cᵢⱼ, `[n, n]`, row by row; finite.
 * @throws {ShapeError} where `cost` is not n × n. @throws {RangeError} where a cost is not finite.
 */
export function linearAssignment(cost: Float64Array, n: number): Assignment {
  if (cost.length !== n * n) {
    throw new ShapeError(`linearAssignment: expected ${n} × ${n} costs, got ${cost.length}`);
  }
  const bad = cost.findIndex((c) => !Number.isFinite(c));
  if (bad >= 0) {
    throw new RangeError(
      `linearAssignment: cost of row ${Math.floor(bad / n)}, column ${bad % n} is ${cost[bad]}`,
    );
  }
  const columns = new Int32Array(n).fill(-1);
  const rows = new Int32Array(n).fill(-1);
  const columnPrices = new Float64Array(n);
  reduceColumns(cost, n, columns, rows, columnPrices);

  const distance = new Float64Array(n);
  const previous = new Int32Array(n);
  const scanned = new Uint8Array(n);
  for (let row = 0; row < n; row++) {
    if (columns[row] >= 0) continue;
    let column = shortestPath(row);
    // Along the path every row gives its column to the one before it.
    for (let from = -1; from !== row; ) {
      from = previous[column];
      rows[column] = from;
      [columns[from], column] = [column, columns[from]];
    }
  }
  const rowPrices = Float64Array.from(columns, (j, i) => cost[i * n + j] - columnPrices[j]);
  return {
    columns,
    cost: columns.reduce((sum, j, i) => sum + cost[i * n + j], 0),
    rowPrices,
    columnPrices,
  };

  /** Dijkstra from a free row to the nearest free column, which is returned. */
  function shortestPath(start: number): number {
    for (let j = 0; j < n; j++) {
      distance[j] = cost[start * n + j] - columnPrices[j];
      previous[j] = start;
      scanned[j] = 0;
    }
    for (;;) {
      let nearest = -1;
      for (let j = 0; j < n; j++) {
        if (scanned[j] === 0 && (nearest < 0 || distance[j] < distance[nearest])) nearest = j;
      }
      const reached = distance[nearest];
      if (rows[nearest] < 0) {
        for (let j = 0; j < n; j++) {
          if (scanned[j] === 1) columnPrices[j] += distance[j] - reached;
        }
        return nearest;
      }
      scanned[nearest] = 1;
      const via = rows[nearest];
      const base = cost[via * n + nearest] - columnPrices[nearest] - reached;
      for (let j = 0; j < n; j++) {
        if (scanned[j] === 1) continue;
        const through = cost[via * n + j] - columnPrices[j] - base;
        if (through < distance[j]) {
          distance[j] = through;
          previous[j] = via;
        }
      }
    }
  }
}

/** Every column takes its cheapest row at that price, the last columns first; the row goes to one of them. */
function reduceColumns(
  cost: Float64Array,
  n: number,
  columns: Int32Array,
  rows: Int32Array,
  columnPrices: Float64Array,
): void {
  for (let j = n - 1; j >= 0; j--) {
    let cheapest = 0;
    for (let i = 1; i < n; i++) {
      if (cost[i * n + j] < cost[cheapest * n + j]) cheapest = i;
    }
    columnPrices[j] = cost[cheapest * n + j];
    if (columns[cheapest] < 0) {
      columns[cheapest] = j;
      rows[j] = cheapest;
    }
  }
}
