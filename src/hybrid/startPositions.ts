import { type Batch, batch, row } from '../core/batch.ts';
import { ErgoflowError } from '../core/errors.ts';
import { integers, type Key } from '../core/rng.ts';
import type { Dataset } from './dataset.ts';
import type { StateSpec } from './plan.ts';

/**
 * `count` starting configurations from MD's held-out frames, shared out equally over the known states:
 * chain c starts in state c mod S. Where they start is forgotten in the warm-up, and stated in the run.
 */
export function startPositions(
  data: Dataset,
  states: readonly StateSpec[],
  count: number,
  key: Key,
): Batch {
  const { dim } = data.heldOut;
  const frames = states.map((_, s) =>
    Array.from(data.heldOutLabels.keys()).filter((i) => data.heldOutLabels[i] === s),
  );
  const empty = states.filter((_, s) => frames[s].length === 0);
  if (empty.length > 0) {
    throw new ErgoflowError(
      `seeding left no held-out frame in ${empty.map((s) => `"${s.name}" (${s.definition})`).join(', ')}; ` +
        'start it deeper inside the state, or make seeding shorter',
    );
  }
  const picks = integers(key, count, 2 ** 32);
  const data64 = new Float64Array(count * dim);
  for (let c = 0; c < count; c++) {
    const own = frames[c % states.length];
    data64.set(row(data.heldOut, own[picks[c] % own.length]), c * dim);
  }
  return batch(data64, dim);
}
