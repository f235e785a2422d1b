import { logMeanExp } from '../core/logSumExp.ts';

/**
 * The forward effective sample size per draw, read from samples x of the *target* p instead of the flow q:
 *
 *     1 / E_p[p/q] = 1 / ( E_p[w] · E_p[1/w] ),   w = e^(−U/kT) / q,   Z⁻¹ = E_p[1/w]
 *
 * It is the same number that (Σw)²/(N Σw²) estimates from the flow's own draws, 1 / (1 + χ²(p‖q)), but it
 * sees the regions that the flow never proposes: a forgotten mode makes it collapse while the reverse one
 * stays high. It trusts the samples of p in turn: from a chain stuck in one state it says nothing of the
 * others. 0 where some sample of p has q = 0.
 *
 * Nicoli, Anders, Hartung, Jansen, Kessel & Nakajima, Phys. Rev. D 108, 114501, 2023. arXiv:2302.14082
 * @param logWeights log w at samples of the target, `[N]`, up to a common constant; +∞ where q = 0.
 * @param insideShare E_p[1/w] is Q/Z when only a share Q of the flow's mass lies where p lives (the rest
 *   outside the domain or not invertible): the share of flow draws with a weight above 0. 1 by default.
 */
export function forwardEssFraction(logWeights: ArrayLike<number>, insideShare = 1): number {
  if (logWeights.length === 0) return 0;
  const inverse = Float64Array.from(logWeights, (w) => -w);
  return Math.min(1, insideShare * Math.exp(-logMeanExp(logWeights) - logMeanExp(inverse)));
}

/**
 * The share of target samples that are heavier than the heaviest of all flow draws, in [0, 1].
 *
 *     share = (1/M) #{ j : w(xⱼ) > maxᵢ w(yᵢ) },   xⱼ ~ p, yᵢ ~ q
 *
 * The p-mass above a threshold t is E_q[(w/Z) 1(w > t)]: no draw of the flow carries any of it, so the
 * reweighted averages miss this share of the target altogether, whatever their ESS says.
 * @param dataLogWeights log w at samples of the target, `[M]`.
 * @param flowLogWeights log w at draws of the flow, `[N]`, with the same constant.
 */
export function unreachedShare(
  dataLogWeights: ArrayLike<number>,
  flowLogWeights: ArrayLike<number>,
): number {
  let largest = -Infinity;
  for (let i = 0; i < flowLogWeights.length; i++) largest = Math.max(largest, flowLogWeights[i]);
  let beyond = 0;
  for (let j = 0; j < dataLogWeights.length; j++) if (dataLogWeights[j] > largest) beyond++;
  return dataLogWeights.length === 0 ? 0 : beyond / dataLogWeights.length;
}
