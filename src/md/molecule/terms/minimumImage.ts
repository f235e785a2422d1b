/**
 * Edges of a periodic box as loops need them: the nearest image of a difference d along axis k is
 *
 *     d − edge[k] · round(d · inverse[k])
 *
 * Without a box both are zero, and the same expression leaves d as it is.
 */
export interface PeriodicEdges {
  /** nm, `[3]`. */
  readonly edge: Float64Array;
  /** 1/nm, `[3]`. */
  readonly inverse: Float64Array;
}

/** The edges of `box`, nm, or of free space. */
export function periodicEdges(box: readonly [number, number, number] | undefined): PeriodicEdges {
  return {
    edge: Float64Array.from(box ?? [0, 0, 0]),
    inverse: Float64Array.from(box ?? [Infinity, Infinity, Infinity], (length) => 1 / length),
  };
}
