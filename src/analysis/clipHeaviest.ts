import type { WeightedStates } from './combineChainAndFlow.ts';

/** Flow draws and target samples with the same weights clipped, state by state. */
export interface ClippedWeights {
  readonly flow: Float64Array;
  readonly target: readonly Float64Array[];
}

/**
 * Clips log-weights at the level that a share s of each state's target samples exceeds.
 *
 * The flow may miss that share of every state altogether, and still no ln Pᵢ moves by more than s. So
 * with s half a standard error, what is clipped cannot matter to the figure it belongs to: some corner
 * of probability 10⁻⁵ where q is next to nothing, which every flow has and which alone would decide a
 * forward ESS. What does matter, a forgotten state or a flank of one, stays.
 * Samples in none of the states are clipped as a state of their own.
 */
export function clipHeaviest(
  flow: WeightedStates,
  target: readonly WeightedStates[],
  states: number,
  share: number,
): ClippedWeights {
  const levels = new Float64Array(states + 1).fill(Infinity);
  for (let s = 0; s <= states; s++) {
    const label = s === states ? -1 : s;
    const own: number[] = [];
    for (const { labels, logWeights } of target) {
      for (let n = 0; n < logWeights.length; n++) if (labels[n] === label) own.push(logWeights[n]);
    }
    const above = Math.floor(share * own.length);
    if (above === 0) continue;
    const sorted = Float64Array.from(own).sort();
    levels[s] = sorted[sorted.length - 1 - above];
  }
  const clip = ({ labels, logWeights }: WeightedStates): Float64Array =>
    logWeights.map((w, n) => Math.min(w, levels[labels[n] < 0 ? states : labels[n]]));
  return { flow: clip(flow), target: target.map(clip) };
}
