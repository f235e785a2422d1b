/** Rows `from` … `from + rows − 1` of a batch, evaluated by a graph made for `size ≥ rows` of them. */
export interface BatchPiece {
  readonly from: number;
  readonly rows: number;
  readonly size: number;
}

/** Numbers of rows that graphs are made for. */
const SIZES = [4, 16, 64, 256, 1024] as const;

/**
 * Cuts a batch of any size into pieces of few sizes, since every size is a graph to be compiled.
 *
 * A remainder that fills three quarters of a size or more is one piece of it, padded; a smaller one
 * begins with the next smaller size. Pieces begin at multiples of four.
 *
 * @param largest the size that no piece exceeds.
 * @param smallest the size that every piece has at least.
 */
export function batchPieces(
  count: number,
  largest: number,
  smallest: number = SIZES[0],
): BatchPiece[] {
  const sizes = SIZES.filter((size) => size >= smallest && size <= Math.max(largest, smallest));
  const pieces: BatchPiece[] = [];
  for (let from = 0; from < count; ) {
    const left = count - from;
    const above = sizes.find((size) => size >= left) ?? sizes[sizes.length - 1];
    const below = sizes.findLast((size) => size <= left) ?? sizes[0];
    const size = left >= 0.75 * above ? above : below;
    const rows = Math.min(size, left);
    pieces.push({ from, rows, size });
    from += rows;
  }
  return pieces;
}

/**
 * The most rows of a float64 graph whose rows come out the same, to the last bit, in any batch.
 *
 * TensorFlow sums a product of a tall and a narrow matrix in another order once rows × inner dimension
 * passes some 9·10⁴ (measured with two threads, TensorFlow 2.21), and that of one or two rows always.
 *
 * @param shapes of the parameters: a matrix is `[inner dimension, outputs]`.
 */
export function steadyRows(shapes: readonly (readonly number[])[]): number {
  const inner = Math.max(1, ...shapes.filter((shape) => shape.length === 2).map(([k]) => k));
  return 75_000 / inner;
}

/**
 * The fewest rows of such a graph: products in batches, of parameters of three dimensions, are summed in
 * another order below some ten rows (measured as above).
 */
export function leastRows(shapes: readonly (readonly number[])[]): number {
  return shapes.some((shape) => shape.length === 3) ? 16 : SIZES[0];
}
