import { type Batch, batch, row } from '../../core/batch.ts';
import type { StateSpec } from '../plan.ts';

/**
 * `count` configurations from the known states' starts, `[count, D]`: chain c begins in state c mod S and
 * takes that state's starts in turn. Seeding begins at the same ones, so no method knows more than another.
 */
export function commonStarts(states: readonly StateSpec[], count: number): Batch {
  const { dim } = states[0].start;
  const data = new Float64Array(count * dim);
  for (let c = 0; c < count; c++) {
    const { start } = states[c % states.length];
    data.set(row(start, Math.floor(c / states.length) % start.count), c * dim);
  }
  return batch(data, dim);
}
