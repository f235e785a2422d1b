import type { Key } from '../core/rng.ts';
import type { Bijector } from './bijector.ts';

/** A flow with its weights: what is trained, saved, loaded and evaluated by every tier. */
export interface FlowModel {
  readonly bijector: Bijector;
  /** In the order of `bijector.parameters`. */
  readonly weights: readonly Float32Array[];
  /** τ, the variance of the Gaussian prior: the relative temperature, 1 by default. */
  readonly priorVariance: number;
}

/** An untrained model. */
export function newModel(bijector: Bijector, key: Key, priorVariance = 1): FlowModel {
  return { bijector, weights: bijector.initial(key), priorVariance };
}
