import { cellSearch } from './cellSearch.ts';

/** Finds the pairs of atoms that a term has to look at. */
export interface PairSearch {
  /** Takes in the configuration at `x[offset] …`; before `partners`. */
  place(x: Float64Array, offset: number): void;
  /**
   * Writes the atoms j > i that are within the cutoff of atom `i`, in ascending order, to `into`, `[N]`,
   * and returns their number. Some that are further away may be among them.
   */
  partners(i: number, into: Int32Array): number;
}

/** How far, and in which box, a term looks. */
export interface PairRange {
  /** nm; +∞ without a cutoff. */
  readonly cutoff: number;
  /** Edges of the periodic box, nm; undefined in free space. */
  readonly box: readonly [number, number, number] | undefined;
}

/** All pairs of `atoms` atoms, or cells: the results are the same to the last bit. */
export type PairSearchMethod = 'all-pairs' | 'cells';

/**
 * A search over all pairs, or, with a cutoff and so many atoms that cells cost less, over cells.
 *
 * Both hand out the pairs in the same order, so that sums over them do not depend on the choice.
 */
export function pairSearch(
  atoms: number,
  range: PairRange,
  method: PairSearchMethod = prefersCells(atoms, range) ? 'cells' : 'all-pairs',
): PairSearch {
  return method === 'cells' ? cellSearch(atoms, range) : allPairs(atoms);
}

function allPairs(atoms: number): PairSearch {
  return {
    place() {},
    partners(i, into) {
      for (let j = i + 1; j < atoms; j++) into[j - i - 1] = j;
      return atoms - i - 1;
    },
  };
}

/** With fewer cells than 5 × 5 × 5 the 27 around an atom hold a fifth of all atoms or more. */
function prefersCells(atoms: number, { cutoff, box }: PairRange): boolean {
  if (!Number.isFinite(cutoff) || atoms < 500) return false;
  if (box === undefined) return atoms >= 2000;
  return box.reduce((cells, edge) => cells * Math.max(1, Math.floor(edge / cutoff)), 1) >= 64;
}
