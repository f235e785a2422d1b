import { batch, concat } from '../core/batch.ts';
import { ErgoflowError } from '../core/errors.ts';
import { booked } from '../core/ledger.ts';
import { neighbourPairs, permute } from '../md/identicalParticles/referenceLabels.ts';
import { expectIdentical } from '../md/identicalParticles/relabelled.ts';
import type { Environment } from './environment.ts';
import { stateLabels } from './labels.ts';

/** Relative difference of a coordinate that rounding may make. */
const ROUNDING = 1e-9;

/**
 * Makes sure, at the start of a run, that nothing tells the plan's identical particles apart: neither the
 * energy nor masses, nor states nor axes, which would otherwise depend on labels that the run chooses.
 *
 * Neighbours in the list are exchanged at every start of every state, one evaluation each.
 * @throws {ErgoflowError} naming the two particles, and what differs.
 */
export function expectAlike({ plan, ledger }: Pick<Environment, 'plan' | 'ledger'>): void {
  const { identicalParticles: labels, potential, masses, states, coordinate, surface } = plan;
  if (labels === undefined) return;
  const starts = concat(states.map((state) => state.start));
  expectIdentical(booked(potential, ledger, 'diagnostics'), labels, starts, masses);

  const axes = [coordinate, ...(surface === undefined ? [] : [surface.x, surface.y])];
  const { space } = labels;
  for (const [p, q] of neighbourPairs(labels)) {
    const swapped = batch(starts.data.slice(), starts.dim);
    const sources = Int32Array.from({ length: starts.dim / space }, (_, k) =>
      k === p ? q : k === q ? p : k,
    );
    for (let b = 0; b < starts.count; b++) permute(swapped.data, b * starts.dim, sources, space);
    const found = stateLabels(states, swapped);
    stateLabels(states, starts).forEach((state, b) => {
      if (found[b] === state) return;
      throw new ErgoflowError(
        `particles ${p} and ${q} are not identical: exchanging them at start ${b} leads out of ` +
          `"${states[state]?.name}"`,
      );
    });
    for (const { variable } of axes) {
      const after = variable.value(swapped);
      variable.value(starts).forEach((before, b) => {
        if (Math.abs(after[b] - before) <= ROUNDING * Math.max(1, Math.abs(before))) return;
        throw new ErgoflowError(
          `particles ${p} and ${q} are not identical: exchanging them changes ${variable.name} ` +
            `from ${before} to ${after[b]} at start ${b}`,
        );
      });
    }
  }
}
