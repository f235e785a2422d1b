/**
 * log-weights that carry samples of one temperature to another, `[N]`:
 *
 *     log w = −U/kT′ + U/kT
 *
 * For records of a chain; for flow draws take the weights against e^(−U/kT′) directly. Their own ESS and
 * Pareto k say how far this reaches: about as far as the energy distributions overlap.
 * @param energies U, `[N]`. @param kT That of the samples. @param targetKT kT′, in the same unit.
 */
export function temperatureLogWeights(
  energies: Float64Array,
  kT: number,
  targetKT: number,
): Float64Array {
  const difference = 1 / kT - 1 / targetKT;
  return energies.map((u) => u * difference);
}
