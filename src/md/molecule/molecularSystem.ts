import type { Term } from './term.ts';
import type { Topology } from './topology.ts';

/**
 * A molecule with its force field, as data: what readers of files make, and what `molecularPotential`
 * evaluates. Nothing in it computes.
 *
 * Units nm, amu, kJ/mol, e, radians. Atoms are numbered from 0, in the order of the files.
 */
export interface MolecularSystem {
  /** Identity in logs and manifests. */
  readonly name: string;
  readonly topology: Topology;
  /** `[N]`, amu. */
  readonly masses: Float64Array;
  /** The energy is the sum of these; several of one kind may occur. */
  readonly terms: readonly Term[];
  /** Edges of the periodic box, nm; undefined for a molecule in free space. */
  readonly box: readonly [number, number, number] | undefined;
  /** What a reader dropped on request or took for granted; reports repeat it. */
  readonly warnings: readonly string[];
}
