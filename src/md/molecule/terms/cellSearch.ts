import { periodicEdges } from './minimumImage.ts';
import type { PairRange, PairSearch } from './pairSearch.ts';

/**
 * Pairs by a linked-cell list: atoms are sorted into cells no smaller than the cutoff, and partners come
 * from a cell and those around it. The work is proportional to the number of atoms.
 *
 * In free space the cells divide the bounding box of the atoms.
 * Allen & Tildesley, Computer Simulation of Liquids, 2nd ed., 2017, §5.3.2.
 */
export function cellSearch(atoms: number, { cutoff, box }: PairRange): PairSearch {
  const { edge, inverse } = periodicEdges(box);
  const square = cutoff * cutoff;
  // More cells than atoms would only cost time, however far the atoms are apart.
  const most = Math.max(1, Math.ceil(Math.cbrt(atoms)));
  const cells = new Int32Array(3);
  const low = new Float64Array(3);
  const span = new Float64Array(3);
  const first = new Int32Array(most ** 3);
  const next = new Int32Array(atoms);
  const cellOf = new Int32Array(3 * atoms);
  let configuration: Float64Array = new Float64Array(0);
  let start = 0;
  let allFinite = true;

  function place(x: Float64Array, offset: number): void {
    configuration = x;
    start = offset;
    allFinite = true;
    for (let i = offset; i < offset + 3 * atoms; i++) allFinite &&= Number.isFinite(x[i]);
    if (!allFinite) return;
    layCells(x, offset);
    first.fill(-1);
    // From the last atom on, so that each cell lists its atoms in ascending order.
    for (let i = atoms - 1; i >= 0; i--) {
      for (let k = 0; k < 3; k++) {
        const along = (x[offset + 3 * i + k] - low[k]) / span[k];
        const within = box === undefined ? along : along - Math.floor(along);
        // Rounding may put an atom of the upper face just outside.
        cellOf[3 * i + k] = Math.min(cells[k] - 1, Math.floor(within * cells[k]));
      }
      const cell = indexOf(cellOf[3 * i], cellOf[3 * i + 1], cellOf[3 * i + 2]);
      next[i] = first[cell];
      first[cell] = i;
    }
  }

  /** Sets `low`, `span` and `cells` for the configuration. */
  function layCells(x: Float64Array, offset: number): void {
    for (let k = 0; k < 3; k++) {
      if (box !== undefined) {
        span[k] = box[k];
      } else {
        let [lowest, highest] = [Infinity, -Infinity];
        for (let i = offset + k; i < offset + 3 * atoms; i += 3) {
          lowest = Math.min(lowest, x[i]);
          highest = Math.max(highest, x[i]);
        }
        low[k] = lowest;
        // A plane of atoms still needs a cell of some thickness.
        span[k] = Math.max(cutoff, highest - lowest);
      }
      cells[k] = Math.max(1, Math.min(most, Math.floor(span[k] / cutoff)));
    }
  }

  function indexOf(a: number, b: number, c: number): number {
    return (c * cells[1] + b) * cells[0] + a;
  }

  /** The lowest cell to look at along axis `k` from cell `c`; wrapped by `wrapped`. */
  function lowestCell(k: number, c: number): number {
    if (box !== undefined) return cells[k] < 3 ? 0 : c - 1;
    return Math.max(0, c - 1);
  }

  function highestCell(k: number, c: number): number {
    if (box !== undefined) return cells[k] < 3 ? cells[k] - 1 : c + 1;
    return Math.min(cells[k] - 1, c + 1);
  }

  function partners(i: number, into: Int32Array): number {
    let count = 0;
    // Where an atom is nowhere, every pair is looked at, and the energy says so.
    if (!allFinite) {
      for (let j = i + 1; j < atoms; j++) into[count++] = j;
      return count;
    }
    const x = configuration;
    const at = start + 3 * i;
    const [a, b, c] = [cellOf[3 * i], cellOf[3 * i + 1], cellOf[3 * i + 2]];
    for (let w = lowestCell(2, c); w <= highestCell(2, c); w++) {
      for (let v = lowestCell(1, b); v <= highestCell(1, b); v++) {
        for (let u = lowestCell(0, a); u <= highestCell(0, a); u++) {
          const cell = indexOf(wrapped(u, cells[0]), wrapped(v, cells[1]), wrapped(w, cells[2]));
          for (let j = first[cell]; j >= 0; j = next[j]) {
            if (j <= i) continue;
            const to = start + 3 * j;
            let distance = 0;
            for (let k = 0; k < 3; k++) {
              let d = x[at + k] - x[to + k];
              d -= edge[k] * Math.round(d * inverse[k]);
              distance += d * d;
            }
            if (distance <= square) into[count++] = j;
          }
        }
      }
    }
    into.subarray(0, count).sort();
    return count;
  }

  return { place, partners };
}

function wrapped(cell: number, cells: number): number {
  return cell < 0 ? cells - 1 : cell >= cells ? 0 : cell;
}
