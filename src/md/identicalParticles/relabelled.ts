import { type Batch, batch, row } from '../../core/batch.ts';
import { ErgoflowError } from '../../core/errors.ts';
import type { Kernel } from '../../core/kernel.ts';
import type { Potential } from '../../core/potential.ts';
import { type Masses, massPerCoordinate } from '../masses.ts';
import { isIdentity, neighbourPairs, permute, type ReferenceLabels } from './referenceLabels.ts';

/**
 * A local kernel on the domain of relabelled configurations: its moves are accepted with unrelabelled
 * densities, and only then are positions, velocities and gradient relabelled together (design rule 5).
 *
 *     K̃(x, ·) = law of σ*(y) y,   y ~ K(x, ·)
 *
 * Exact if K treats the particles alike, K(σx, σA) = K(x, A): U, masses, step sizes and restraints must
 * not tell them apart. `expectIdentical` checks the first two; a step size for each coordinate cannot be
 * given to any kernel. Never wrap a flow move: its proposals outside the domain are rejected instead.
 * The energy is kept, although its sum over pairs would now be rounded in another order.
 */
export function relabelled(kernel: Kernel, labels: ReferenceLabels): Kernel {
  const { space } = labels;
  return {
    name: kernel.name,
    exact: kernel.exact,
    step(state, key) {
      const { state: moved, info } = kernel.step(state, key);
      const { dim, count } = moved.positions;
      const positions = moved.positions.data.slice();
      const gradient = moved.gradient.slice();
      const velocities = moved.velocities?.slice();
      let any = false;
      for (let b = 0; b < count; b++) {
        const sources = labels.sources(row(moved.positions, b));
        if (isIdentity(sources)) continue;
        any = true;
        for (const array of [positions, gradient, velocities]) {
          if (array !== undefined) permute(array, b * dim, sources, space);
        }
      }
      if (!any) return { state: moved, info };
      return {
        // A density that tells particles apart has another value at the relabelled positions.
        state: {
          positions: batch(positions, dim),
          energy: moved.energy,
          gradient,
          velocities,
          density: undefined,
        },
        info,
      };
    },
  };
}

/** Relative difference of energies that rounding may make. */
const ROUNDING = 1e-9;

/**
 * Makes sure that particles that are called identical are so: equal masses, and an energy that does not
 * change when neighbours in the list change places, at every row of `x`.
 *
 * @throws {ErgoflowError} naming the two particles that differ.
 */
export function expectIdentical(
  potential: Potential,
  labels: ReferenceLabels,
  x: Batch,
  masses?: Masses,
): void {
  const { space } = labels;
  const perCoordinate = massPerCoordinate(masses, potential.dim);
  const energy = potential.energy(x);
  for (const [p, q] of neighbourPairs(labels)) {
    for (let d = 0; d < space; d++) {
      const [one, other] = [perCoordinate[p * space + d], perCoordinate[q * space + d]];
      if (one === other) continue;
      throw new ErgoflowError(
        `particles ${p} and ${q} are not identical: their masses are ${one} and ${other}`,
      );
    }
    const swapped = batch(x.data.slice(), x.dim);
    const sources = Int32Array.from({ length: x.dim / space }, (_, k) =>
      k === p ? q : k === q ? p : k,
    );
    for (let b = 0; b < x.count; b++) permute(swapped.data, b * x.dim, sources, space);
    potential.energy(swapped).forEach((after, b) => {
      if (Math.abs(after - energy[b]) <= ROUNDING * Math.max(1, Math.abs(energy[b]))) return;
      throw new ErgoflowError(
        `particles ${p} and ${q} are not identical: exchanging them changes ${potential.name} ` +
          `from ${energy[b]} to ${after} in row ${b}`,
      );
    });
  }
}
