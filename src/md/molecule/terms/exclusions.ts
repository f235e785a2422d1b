/**
 * Which pairs of a nonbonded term are exceptions, for loops that take atom after atom: while atom i is
 * marked, `mark[j] === i` for its exceptions j > i.
 */
export interface Exclusions {
  readonly mark: Int32Array;
  /** Marks the exceptions of atom `i`. */
  markPartners(i: number): void;
}

/** @param pairs numbers of the atoms of each exception, `[2K]`. */
export function exclusions(atoms: number, pairs: Int32Array): Exclusions {
  const starts = new Int32Array(atoms + 1);
  for (let k = 0; k < pairs.length; k += 2) starts[Math.min(pairs[k], pairs[k + 1]) + 1]++;
  for (let i = 0; i < atoms; i++) starts[i + 1] += starts[i];
  const filled = starts.slice();
  const partners = new Int32Array(pairs.length / 2);
  for (let k = 0; k < pairs.length; k += 2) {
    const lower = Math.min(pairs[k], pairs[k + 1]);
    partners[filled[lower]++] = Math.max(pairs[k], pairs[k + 1]);
  }
  const mark = new Int32Array(atoms).fill(-1);
  return {
    mark,
    markPartners(i) {
      for (let p = starts[i]; p < starts[i + 1]; p++) mark[partners[p]] = i;
    },
  };
}
