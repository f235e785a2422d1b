import { type Batch, batch } from '../../core/batch.ts';
import type { Plan } from '../../hybrid/plan.ts';
import type { Trace } from '../reportData.ts';
import { rounded } from './rounded.ts';

const MOST = 400;

/** The coordinate along the first production chain, record by record, and along one MD chain's frames. */
export function trace(
  plan: Plan,
  production: { readonly positions: Float64Array; readonly chains: number },
  md: Batch | undefined,
): Trace {
  const { dim } = plan.potential;
  const { variable } = plan.coordinate;
  const { positions, chains } = production;
  const steps = Math.min(positions.length / dim / chains, MOST);
  const first = new Float64Array(steps * dim);
  for (let n = 0; n < steps; n++) {
    first.set(positions.subarray(n * chains * dim, (n * chains + 1) * dim), n * dim);
  }
  const along = (x: Batch): Trace['hybrid'] =>
    Array.from(variable.value(x), (value, step) => ({ step, value: rounded(value) }));
  return {
    hybrid: along(batch(first, dim)),
    md: md === undefined ? [] : along(batch(md.data.subarray(0, MOST * dim), dim)),
  };
}
