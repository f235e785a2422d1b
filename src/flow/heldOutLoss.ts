import { type Batch, batch, rows } from '../core/batch.ts';
import { logNormal } from '../core/gaussian.ts';
import type { Stepper } from './stepper.ts';

/** Configurations evaluated at once: bounds the memory that the layers take. */
const CHUNK = 1024;

/** Mean −log q over held-out configurations with the weights of the moment, in nats. */
export function heldOutLoss(stepper: Stepper, heldOut: Batch, priorVariance: number): number {
  let sum = 0;
  for (let from = 0; from < heldOut.count; from += CHUNK) {
    const part = rows(heldOut, from, Math.min(from + CHUNK, heldOut.count));
    const x = { data: Float32Array.from(part.data), shape: [part.count, part.dim] };
    const [z, logDet] = stepper.evaluate('inverse', [x]);
    const prior = logNormal(batch(Float64Array.from(z), heldOut.dim), priorVariance);
    for (let b = 0; b < part.count; b++) sum -= prior[b] + logDet[b];
  }
  return sum / heldOut.count;
}
