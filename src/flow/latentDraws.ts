import { type Batch, batch } from '../core/batch.ts';
import { type Key, normal } from '../core/rng.ts';

/** z ~ N(0, τ I), `[count, dim]`: the draws that every tier turns into configurations. */
export function latentDraws(key: Key, count: number, dim: number, variance: number): Batch {
  const data = normal(key, count * dim);
  const deviation = Math.sqrt(variance);
  for (let i = 0; i < data.length; i++) data[i] *= deviation;
  return batch(data, dim);
}
