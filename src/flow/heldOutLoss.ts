import { type Batch, rows } from '../core/batch.ts';
import type { Stepper } from './stepper.ts';

/** Configurations evaluated at once: bounds the memory that the layers take. */
const CHUNK = 1024;

/** Mean −log q over held-out configurations with the weights of the moment, in nats. */
export function heldOutLoss(stepper: Stepper, heldOut: Batch, priorVariance: number): number {
  const constant = 0.5 * heldOut.dim * Math.log(2 * Math.PI * priorVariance);
  let sum = 0;
  for (let from = 0; from < heldOut.count; from += CHUNK) {
    const part = rows(heldOut, from, Math.min(from + CHUNK, heldOut.count));
    const x = { data: Float32Array.from(part.data), shape: [part.count, part.dim] };
    const [losses] = stepper.evaluate('exampleLoss', [x]);
    for (const loss of losses) sum += loss + constant;
  }
  return sum / heldOut.count;
}
