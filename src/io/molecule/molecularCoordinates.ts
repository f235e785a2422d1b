import type { Topology } from '../../md/molecule/topology.ts';

/** What a file of coordinates holds. */
export interface MolecularCoordinates {
  readonly file: string;
  /** One or more configurations, each `[3N]`, nm. */
  readonly frames: readonly Float64Array[];
  /** `[3N]`, nm/ps; undefined where the file has none. */
  readonly velocities: Float64Array | undefined;
  /** Edges of the box, nm. */
  readonly box: readonly [number, number, number] | undefined;
  /** Names and elements, and the bonds the file tells of; undefined where it has coordinates only. */
  readonly topology: Topology | undefined;
  /** What was taken for granted. */
  readonly warnings: readonly string[];
}
