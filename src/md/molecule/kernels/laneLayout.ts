/** What the lanes of a vector hold while the pairs of a molecule are computed. */
export type LaneLayout = 'chains' | 'atoms';

/**
 * Molecules of more atoms have them in the lanes.
 *
 * Measured in float64 with OBC2, µs a configuration, lanes full: 8.7 with chains in them and 12.2 with atoms for
 * 22 atoms, 310 and 375 for 138, 13 800 and 15 400 for 892. Chains win while there are enough of them; a
 * single one, which fills half of the lanes, costs twice as much. Their tables hold 88 bytes a pair of atoms, 35 MB
 * for 892, against 16. The layout depends on the molecule alone, so that no chain's bits depend on how many
 * there are.
 */
const MOST_FOR_CHAINS = 200;

export function laneLayout(atoms: number): LaneLayout {
  return atoms > MOST_FOR_CHAINS ? 'atoms' : 'chains';
}
