/** Rows `from` … `from + rows − 1` of a batch, evaluated by a graph made for `size ≥ rows` of them. */
export interface BatchPiece {
  readonly from: number;
  readonly rows: number;
  readonly size: number;
}

/** Numbers of rows that graphs are made for. */
const SIZES = [1, 2, 4, 16, 64, 256, 1024, 4096] as const;
const LARGEST = 4096;

/**
 * Cuts a batch of any size into pieces of few sizes, since every size is a graph to be compiled.
 *
 * A remainder that fills three quarters of a size or more is one piece of it, padded; a smaller one
 * begins with the next smaller size. Pieces begin at even rows.
 */
export function batchPieces(count: number): BatchPiece[] {
  const pieces: BatchPiece[] = [];
  for (let from = 0; from < count; ) {
    const left = count - from;
    const above = SIZES.find((size) => size >= left) ?? LARGEST;
    const below = SIZES.findLast((size) => size <= left) ?? 1;
    const size = left >= 0.75 * above ? above : below;
    const rows = Math.min(size, left);
    pieces.push({ from, rows, size });
    from += rows;
  }
  return pieces;
}
