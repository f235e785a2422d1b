import type { Batch } from './batch.ts';

/** log N(z; 0, τ I), `[B]`, of the rows of `z`. */
export function logNormal(z: Batch, variance: number): Float64Array {
  const out = new Float64Array(z.count);
  const constant = -0.5 * z.dim * Math.log(2 * Math.PI * variance);
  for (let b = 0; b < z.count; b++) {
    let square = 0;
    for (let i = b * z.dim; i < (b + 1) * z.dim; i++) square += z.data[i] * z.data[i];
    out[b] = constant - square / (2 * variance);
  }
  return out;
}
