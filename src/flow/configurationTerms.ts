import type { Batch } from '../core/batch.ts';
import type { CollectiveVariable } from '../core/collectiveVariable.ts';
import type { ReducedEnergy } from './fit.ts';
import { type EnergyCap, linearLog } from './linearLog.ts';
import { reactionCoordinateEntropy } from './reactionCoordinateEntropy.ts';

/** Everything in the loss that sees configurations rather than weights. */
export interface ConfigurationLoss {
  readonly reducedEnergy: ReducedEnergy;
  readonly cap: EnergyCap;
  /** w_KL */
  readonly energyWeight: number;
  /** w_RC; the term is left out where it is zero. */
  readonly coordinateWeight: number;
  readonly coordinate: CoordinateRange | undefined;
}

export interface CoordinateRange {
  readonly variable: CollectiveVariable;
  readonly min: number;
  readonly max: number;
}

export interface ConfigurationTerms {
  /** Mean of the regularised u(x)/τ: the first half of J_KL. */
  readonly energy: number;
  /** J_RC; NaN where the loss does not have it. */
  readonly coordinate: number;
  /** ∂(w_KL ⟨u⟩ + w_RC J_RC)/∂x, `[B, D]`. */
  readonly gradient: Float64Array;
}

/**
 * The terms of the loss that act on configurations, and their gradient by configuration, in float64
 * and outside any graph: the flow sees the physics through this gradient alone. Row b has relative
 * temperature `temperatures[b]`, and its energy is regularised after the division: linearLog(u/τ).
 */
export function configurationTerms(
  x: Batch,
  temperatures: Float64Array,
  loss: ConfigurationLoss,
): ConfigurationTerms {
  const { count, dim } = x;
  const { energyWeight, coordinateWeight, coordinate } = loss;
  const { energy, gradient: slopes } = loss.reducedEnergy(x);
  const gradient = new Float64Array(count * dim);
  let mean = 0;
  for (let b = 0; b < count; b++) {
    const { value, slope } = linearLog(energy[b] / temperatures[b], loss.cap);
    mean += value / count;
    // A forbidden configuration may have any gradient, not-a-number included; it pulls at nothing.
    if (slope === 0) continue;
    const factor = (energyWeight * slope) / (temperatures[b] * count);
    for (let i = b * dim; i < (b + 1) * dim; i++) gradient[i] = factor * slopes[i];
  }
  if (coordinate === undefined || coordinateWeight === 0) {
    return { energy: mean, coordinate: Number.NaN, gradient };
  }

  const { variable, min, max } = coordinate;
  const entropy = reactionCoordinateEntropy(variable.value(x), min, max);
  const directions = variable.gradient(x);
  for (let b = 0; b < count; b++) {
    const factor = coordinateWeight * entropy.gradient[b];
    for (let i = b * dim; i < (b + 1) * dim; i++) gradient[i] += factor * directions[i];
  }
  return { energy: mean, coordinate: entropy.value, gradient };
}
