/** What the lanes of a vector hold while the pairs of a molecule are computed. */
export type LaneLayout = 'chains' | 'atoms';

/**
 * Molecules of more atoms have them in the lanes.
 *
 * Measured in float64 with OBC2, µs a configuration, lanes full: 9 with chains in them and 12 with atoms for 22
 * atoms, 260 and 340 for 138, 10 200 and 11 300 for 892. Chains win while there are enough of them; a
 * single one, which fills half of the lanes, costs twice as much. Their tables hold 88 bytes a pair of atoms, 35 MB
 * for 892, against 16. The layout depends on the molecule alone, so that no chain's bits depend on how many
 * there are.
 */
const MOST_FOR_CHAINS = 200;

export function laneLayout(atoms: number): LaneLayout {
  return atoms > MOST_FOR_CHAINS ? 'atoms' : 'chains';
}
