import { type Batch, batch } from '../../core/batch.ts';
import type { Plan } from '../../hybrid/plan.ts';
import type { Trace } from '../reportData.ts';
import { shownScale } from './angle.ts';
import { rounded } from './rounded.ts';

const MOST = 400;

/** The coordinate along the first production chain, record by record, and along one MD chain's frames. */
export function trace(
  plan: Plan,
  production: { readonly coordinate: Float64Array; readonly chains: number },
  md: Batch | undefined,
): Trace {
  const { dim } = plan.potential;
  const { variable } = plan.coordinate;
  const scale = shownScale(variable);
  const { coordinate, chains } = production;
  const first = coordinate.filter((_, i) => i % chains === 0 && i < MOST * chains);
  const points = (values: Float64Array): Trace['hybrid'] =>
    Array.from(values, (value, step) => ({ step, value: rounded(scale * value) }));
  return {
    hybrid: points(first),
    md: md === undefined ? [] : points(variable.value(batch(md.data.subarray(0, MOST * dim), dim))),
  };
}
