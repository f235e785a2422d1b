/** Rows that travel together through a network. */
export const PANEL = 4;

/**
 * Writes `count` rows, `[count, width]`, from row `first` of `rows` on, into `target` at `offset` as
 * panels, [panel][column][row]: number j of four rows side by side, as the vector unit wants them.
 * Rows missing from the last panel are zero.
 */
export function packPanels(
  rows: Float64Array,
  width: number,
  first: number,
  count: number,
  target: Float64Array,
  offset: number,
): void {
  const padded = Math.ceil(count / PANEL) * PANEL;
  for (let b = 0; b < padded; b++) {
    let to = offset + (b - (b % PANEL)) * width + (b % PANEL);
    let from = (first + b) * width;
    for (let j = 0; j < width; j++, to += PANEL, from++) target[to] = b < count ? rows[from] : 0;
  }
}

/** The reverse of `packPanels`, for panels of `stride` columns of which the first `width` are wanted. */
export function unpackPanels(
  source: Float64Array,
  offset: number,
  stride: number,
  rows: Float64Array,
  width: number,
  first: number,
  count: number,
): void {
  for (let b = 0; b < count; b++) {
    let from = offset + (b - (b % PANEL)) * stride + (b % PANEL);
    let to = (first + b) * width;
    for (let j = 0; j < width; j++, from += PANEL, to++) rows[to] = source[from];
  }
}
