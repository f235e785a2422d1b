import { type Batch, row } from '../core/batch.ts';
import type { StateSpec } from './plan.ts';

/** The state that holds each row, `[B]`; −1 where none does. The first that contains a row wins. */
export function stateLabels(states: readonly StateSpec[], x: Batch): Int32Array {
  return labels(x, (configuration) => states.findIndex((state) => state.contains(configuration)));
}

/** The state whose core holds each row, `[B]`; −1 between the cores. */
export function coreLabels(states: readonly StateSpec[], x: Batch): Int32Array {
  return labels(x, (configuration) =>
    states.findIndex((state) => state.core.contains(configuration)),
  );
}

function labels(x: Batch, label: (configuration: Float64Array) => number): Int32Array {
  const out = new Int32Array(x.count);
  for (let b = 0; b < x.count; b++) out[b] = label(row(x, b));
  return out;
}
