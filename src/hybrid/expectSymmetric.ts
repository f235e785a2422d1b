import { type Batch, concat } from '../core/batch.ts';
import { ErgoflowError } from '../core/errors.ts';
import { booked } from '../core/ledger.ts';
import type { Environment } from './environment.ts';
import { productionTarget } from './productionTarget.ts';

/** Relative difference of an energy that rounding may make. */
const ROUNDING = 1e-9;

/**
 * Makes sure, at the start of a run, that the plan's symmetries are symmetries: at every start of every state
 * they change neither the energy, with the bias of production where the flow is averaged over them, nor
 * whether identical particles carry their labels. One evaluation for each map and start.
 * @throws {ErgoflowError} naming the map, and what it changes.
 */
export function expectSymmetric({ plan, ledger }: Pick<Environment, 'plan' | 'ledger'>): void {
  const { states, flow, training, identicalParticles: labels } = plan;
  if (training.symmetries === undefined) return;
  const isAveraged = flow?.symmetrised === true;
  const target = booked(
    isAveraged ? productionTarget(plan) : plan.potential,
    ledger,
    'diagnostics',
  );
  const given = concat(states.map((state) => state.start));
  const starts = labels?.relabel(given) ?? given;
  const before = target.energy(starts);
  training.symmetries.forEach((map, n) => {
    const name = map.name ?? `${n}`;
    const images: Batch = map.apply(starts);
    target.energy(images).forEach((after, b) => {
      if (Math.abs(after - before[b]) <= ROUNDING * Math.max(1, Math.abs(before[b]))) return;
      throw new ErgoflowError(
        `training.symmetries: "${name}" is no symmetry of ${target.name}: it changes the energy ` +
          `from ${before[b]} to ${after} at start ${b}`,
      );
    });
    labels?.contains(images).forEach((inside, b) => {
      if (inside === 1) return;
      throw new ErgoflowError(
        `training.symmetries: "${name}" takes start ${b} out of the labels of identicalParticles; ` +
          'it has to exchange particles as it exchanges their sites',
      );
    });
  });
}
