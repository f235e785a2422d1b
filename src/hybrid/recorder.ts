import type { Batch } from '../core/batch.ts';
import type { CollectiveVariable } from '../core/collectiveVariable.ts';
import type { Artifact } from './artifacts.ts';
import { float64, int32 } from './dataset.ts';
import type { Environment } from './environment.ts';
import { coreLabels, stateLabels } from './labels.ts';
import type { Plan } from './plan.ts';
import { biasLogWeights } from './productionTarget.ts';
import type { Recording } from './recordSchedule.ts';

/** Takes the configurations that a phase records, and keeps of each in memory what is a number or two. */
export interface Recorder {
  append(x: Batch): void;
  /** What of the configurations so far belongs into an artifact: columns, and where the rows are. */
  gathered(): Required<Pick<Artifact, 'arrays' | 'records'>>;
}

/** What is kept of each configuration beside itself: its state, its core, its place on the axes. */
export type Column = 'states' | 'cores' | 'coordinate' | 'surfaceX' | 'surfaceY';

/**
 * A recorder into the store's records `id`, which may be larger than memory, for `total` rows.
 * @param saved is what `gathered` left in a checkpoint; the rows that came after it are taken back.
 */
export function recorder(
  { plan, store }: Pick<Environment, 'plan' | 'store'>,
  id: string,
  options: {
    readonly total: number;
    readonly columns: readonly Column[];
    readonly saved: Artifact | undefined;
  },
): Recorder {
  const { total, columns, saved } = options;
  const records = store.records(id, plan.potential.dim);
  records.rewind(saved?.records);
  // The reproducer of a failure has the columns, and none of the rows that were there before.
  const first = columns[0];
  let count = saved?.arrays[first]?.length ?? 0;
  const kept = columns.map((name) => {
    const variable = variableOf(plan, name);
    if (variable !== undefined) {
      const array = new Float64Array(total);
      if (saved !== undefined) array.set(float64(saved, name));
      return { name, array, append: (x: Batch) => array.set(variable.value(x), count) };
    }
    const array = new Int32Array(total);
    if (saved !== undefined) array.set(int32(saved, name));
    const labels = name === 'states' ? stateLabels : coreLabels;
    return { name, array, append: (x: Batch) => array.set(labels(plan.states, x), count) };
  });
  return {
    append(x) {
      // First what may throw, so that there are never more rows than entries.
      for (const column of kept) column.append(x);
      records.append(x);
      count += x.count;
    },
    gathered: () => ({
      arrays: Object.fromEntries(kept.map(({ name, array }) => [name, array.subarray(0, count)])),
      records: records.mark(),
    }),
  };
}

/** The columns of the free-energy surface, if the plan has one. */
export function surfaceColumns({ surface }: Plan): Column[] {
  return surface === undefined ? [] : ['surfaceX', 'surfaceY'];
}

function variableOf(plan: Plan, column: Column): CollectiveVariable | undefined {
  switch (column) {
    case 'coordinate':
      return plan.coordinate.variable;
    case 'surfaceX':
      return plan.surface?.x.variable;
    case 'surfaceY':
      return plan.surface?.y.variable;
    default:
      return undefined;
  }
}

/** A recorder for production, under the name that its artifact has. */
export function productionRecorder(
  env: Pick<Environment, 'plan' | 'store'>,
  total: number,
  saved: Artifact | undefined,
): Recorder {
  const axes = ['coordinate', ...surfaceColumns(env.plan)] as const;
  return recorder(env, 'production', { total, saved, columns: ['states', 'cores', ...axes] });
}

/**
 * What a production leaves in its artifact beside the `meta`: U of the records, and where U + V was sampled
 * their `logWeights`, V/kT.
 */
export function productionRecords(
  plan: Plan,
  { energies, logProb }: Recording,
  made: Recorder,
): Pick<Artifact, 'arrays' | 'records'> {
  const { arrays, records } = made.gathered();
  const logWeights = biasLogWeights(plan, float64({ arrays, meta: undefined }, 'coordinate'));
  if (logWeights === undefined) return { arrays: { energies, logProb, ...arrays }, records };
  const unbiased = energies.map((sum, i) => sum - plan.kT * logWeights[i]);
  return { arrays: { energies: unbiased, logProb, logWeights, ...arrays }, records };
}
