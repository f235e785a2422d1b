/**
 * The acceptance that an independence move has in equilibrium, from independent draws alone:
 *
 *     ⟨α⟩ = E_{x~p, y~q} min(1, w(y)/w(x)) ≈ Σᵢ Σⱼ wᵢ min(1, wⱼ/wᵢ) / (N Σᵢ wᵢ)
 *
 * All pairs are summed in O(N log N) by sorting; draws of weight 0 (−∞) stay in N.
 */
export function independenceAcceptance(logWeights: Float64Array): number {
  const count = logWeights.length;
  const sorted = Float64Array.from(logWeights).sort();
  const largest = sorted[count - 1];
  if (!(largest > -Infinity)) return 0;
  // For each i in rising order: Σⱼ min(wᵢ, wⱼ) = (sum of the smaller ones) + wᵢ · (how many are not).
  let below = 0;
  let total = 0;
  for (let i = 0; i < count; i++) {
    const weight = Math.exp(sorted[i] - largest);
    total += below + weight * (count - i);
    below += weight;
  }
  return total / (count * below);
}
