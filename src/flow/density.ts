import type { Batch } from '../core/batch.ts';
import type { Key } from '../core/rng.ts';
import type { SymmetryGroup } from './symmetryGroup.ts';

/**
 * A normalised density that can be sampled, in float64: the push-forward of N(0, τ I) through a flow.
 *
 *     log q(x) = log N(z; 0, τ I) − log |det ∂x/∂z|,   x = F(z)
 *
 * Every tier (plain TypeScript, WebAssembly, compiled TensorFlow) implements this one interface.
 */
export interface FlowDensity {
  readonly name: string;
  readonly dim: number;
  /** τ */
  readonly priorVariance: number;
  /**
   * The flow whose images are averaged, where this is `symmetrised`: then `sample` and `logProb` are those of
   * the average, `forward` and `inverse` those of the one flow.
   */
  readonly mixture?: { readonly flow: FlowDensity; readonly group: SymmetryGroup };
  /** `count` independent draws with their log-densities. */
  sample(count: number, key: Key): Draws;
  /** log q(x), `[B]`. */
  logProb(x: Batch): Float64Array;
  /** z → x with log |det ∂x/∂z|. */
  forward(z: Batch): MappedBatch;
  /** x → z with log |det ∂z/∂x|. */
  inverse(x: Batch): MappedBatch;
}

/** One direction of a flow, in float64. */
export interface MappedBatch {
  readonly value: Batch;
  /** `[B]` */
  readonly logDet: Float64Array;
}

/** Independent draws of a flow. */
export interface Draws {
  /** Latent points, `[B, D]`. */
  readonly z: Batch;
  /** Configurations F(z), `[B, D]`. */
  readonly x: Batch;
  /** log q(x), `[B]`. */
  readonly logProb: Float64Array;
}
