import { logMeanExp } from '../core/logSumExp.ts';
import { kishEss } from './effectiveSampleSize.ts';
import type { Estimate } from './estimate.ts';

/**
 * ln Z = ln ∫ e^(−U/kT) dx from independent draws of a normalised density q, with its standard error:
 *
 *     ln Ẑ = ln (1/N) Σᵢ wᵢ,   w = e^(−U/kT) / q,   SE = √(1/ESS − 1/N)
 *
 * N counts every draw, those of weight 0 included, so ln Z is that of the domain (design rule 5). The error
 * is the delta method's and needs weights with a variance: see `paretoK`. Undefined where no weight is
 * above 0.
 * @param logWeights log w, `[N]`, with q normalised over all draws.
 */
export function logPartition(logWeights: ArrayLike<number>): Estimate | undefined {
  const ess = kishEss(logWeights);
  if (ess === 0) return undefined;
  return {
    value: logMeanExp(logWeights),
    standardError: Math.sqrt(Math.max(0, 1 / ess - 1 / logWeights.length)),
  };
}
