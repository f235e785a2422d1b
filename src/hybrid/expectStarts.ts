import { ErgoflowError } from '../core/errors.ts';
import type { Plan } from './plan.ts';

/**
 * Makes sure that dynamics can begin: every chain of seeding at a finite energy, `[states × chains]`.
 * @throws {ErgoflowError} naming the state and its start, and of particles the two that are closest.
 */
export function expectStarts(plan: Plan, energy: Float64Array): void {
  const { chains } = plan.seeding;
  energy.forEach((u, row) => {
    if (Number.isFinite(u)) return;
    const state = plan.states[Math.floor(row / chains)];
    const start = (row % chains) % state.start.count;
    const { dim } = state.start;
    const x = state.start.data.subarray(start * dim, (start + 1) * dim);
    throw new ErgoflowError(
      `start ${start} of state "${state.name}" has the energy ${u} in ${plan.potential.name}, from which no dynamics can ` +
        `begin${closest(x, plan.identicalParticles?.space)}; move it, or minimise it first`,
    );
  });
}

/** The two particles with the least distance, in words; nothing where it is not known what a particle is. */
function closest(x: Float64Array, space: number | undefined): string {
  if (space === undefined) return '';
  const count = x.length / space;
  let least = { p: 0, q: 0, distance: Infinity };
  for (let q = 1; q < count; q++) {
    for (let p = 0; p < q; p++) {
      let square = 0;
      for (let d = 0; d < space; d++) square += (x[p * space + d] - x[q * space + d]) ** 2;
      if (Math.sqrt(square) < least.distance) least = { p, q, distance: Math.sqrt(square) };
    }
  }
  return `: particles ${least.p} and ${least.q} are ${Number(least.distance.toPrecision(3))} apart`;
}
