import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { Key } from '../core/rng.ts';

/**
 * A differentiable, invertible map of `[B, D]` onto `[B, D]`, described once and evaluated twice:
 * with float32 tensors, to be trained, and in float64, to decide (design rule 8).
 *
 * `forward` runs from latent space to configuration space. Each direction returns the log-determinant
 * of the map it has just applied, so `inverse(forward(z).value).logDet` is `-forward(z).logDet`.
 *
 * A bijector holds no weights. They are passed in, in the order of `parameters`, so that one
 * description serves training, compiled graphs, sampling and files alike.
 */
export interface Bijector {
  readonly name: string;
  readonly dim: number;
  /** Trainable parameters, in a fixed order: the order of a saved model. */
  readonly parameters: readonly ParameterSpec[];
  /** Plain data from which `bijectorFrom` builds the same bijector again. */
  readonly architecture: Architecture;
  /** Starting values, drawn from `key`; the flow starts as (nearly) the identity. */
  initial(key: Key): Float32Array[];
  /**
   * z → x on tensors. Pure: the same code is run eagerly and traced into a graph.
   * @throws {OneWayError} where `forwardOnTensors` is false.
   */
  forward(z: Tensor2D, weights: readonly Tensor[]): Mapped;
  /** False where z → x exists in float64 only: such a flow is trained by example. True if left out. */
  readonly forwardOnTensors?: boolean;
  /** x → z on tensors. */
  inverse(x: Tensor2D, weights: readonly Tensor[]): Mapped;
  /**
   * log of the density that N(0, I) becomes, `[B]`, where there is a shorter way to it than through z:
   * what training by example takes if it is there.
   */
  logDensity?(x: Tensor2D, weights: readonly Tensor[]): Tensor1D;
  /** The same map in float64, for fixed weights. */
  exact(weights: readonly Float32Array[]): ExactMap;
}

/** Name and shape of one trainable array. */
export interface ParameterSpec {
  /** Unique within the bijector: `3.scale.1.kernel`. */
  readonly name: string;
  readonly shape: readonly number[];
}

/** One direction of a bijector, on tensors. */
export interface Mapped {
  /** `[B, D]` */
  readonly value: Tensor2D;
  /** log |det ∂value/∂argument|, `[B]` */
  readonly logDet: Tensor1D;
}

/** A bijector in float64. Both directions work in place, so that a chain needs no copies. */
export interface ExactMap {
  /** Maps the rows of `x`, `[B, D]`, from latent to configuration space; adds to `logDet`, `[B]`. */
  forward(x: Float64Array, logDet: Float64Array): void;
  /** Maps the rows of `x`, `[B, D]`, back to latent space; adds to `logDet`, `[B]`. */
  inverse(x: Float64Array, logDet: Float64Array): void;
}

/** JSON that names a kind of bijector and its settings. */
export interface Architecture {
  readonly kind: string;
  readonly [setting: string]: unknown;
}
