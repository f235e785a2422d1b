/** One configuration of a molecule in time: what trajectory files are made of, in this package's units. */
export interface TrajectoryFrame {
  /** `[3N]`, nm. */
  readonly positions: Float64Array;
  /** ps; 0 where undefined. */
  readonly time?: number | undefined;
  /** Edges of the rectangular periodic box, nm; undefined for a molecule in free space. */
  readonly box?: readonly [number, number, number] | undefined;
}
