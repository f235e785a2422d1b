import { fromRows } from '../../src/core/batch.ts';
import type { Plan } from '../../src/hybrid/plan.ts';
import { memoryRecords } from '../../src/hybrid/records.ts';
import { referenceLabels } from '../../src/md/identicalParticles/referenceLabels.ts';
import type { Recorded } from '../../src/report/collect/stateRecords.ts';

/** Two states that no test asks about a configuration. */
export const states = ['left', 'right'].map((name): Plan['states'][number] => ({
  name,
  definition: name,
  contains: () => true,
  core: { definition: name, contains: () => true },
  start: fromRows([[0]]),
}));

/** Five particles in the plane, of two kinds. */
export const plan = {
  states,
  identicalParticles: referenceLabels({
    reference: Array.from({ length: 10 }, (_, i) => i),
    particles: [
      [0, 1],
      [2, 3, 4],
    ],
    space: 2,
  }),
};

/** Records with the columns that a phase leaves: the state of each, the first coordinate, and weights if any. */
export function recorded(
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  more: { readonly logWeights?: readonly number[]; readonly isFlowMove?: readonly boolean[] } = {},
  chains = 1,
): Recorded {
  const records = memoryRecords('rows', rows[0].length);
  records.append(fromRows(rows));
  return {
    artifact: {
      arrays: {
        states: Int32Array.from(labels),
        coordinate: Float64Array.from(rows, ([x]) => x),
        ...(more.logWeights && { logWeights: Float64Array.from(more.logWeights) }),
      },
      meta: { chains, isFlowMove: more.isFlowMove ?? [false], dim: rows[0].length },
    },
    records,
  };
}
