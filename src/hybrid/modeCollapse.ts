/** How the flow covers the held-out frames of one known state. */
export interface StateCoverage {
  readonly state: string;
  /**
   * Median of ln[p(x)/q(x)] over the frames, p = exp(−U/kT)/Ẑ with Ẑ from the flow's own draws: 0 for a
   * perfect flow, below 0 where it proposes too often, +∞ where it does not propose at all.
   */
  readonly logWeight: number;
}

/** A typical frame with less than this share of its Boltzmann density is hardly ever proposed. */
const LEAST_SHARE = 0.1;

/** The middle of the log weights against the target with the log-partition function `logZ`. */
export function medianLogWeight(logWeights: Float64Array, logZ: number): number {
  const sorted = Float64Array.from(logWeights).sort();
  const middle = sorted.length >> 1;
  const median =
    sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return median - logZ;
}

/**
 * The mode-collapse alarm: what is wrong with the coverage of the known states, undefined if nothing is.
 *
 * Training by energy alone is blind to what the flow has stopped to propose: its draws look better than
 * ever. Only frames that came from elsewhere show it, so the rule looks at held-out MD frames and at no
 * draw. A state whose typical frame has less than a tenth of its Boltzmann density under the flow is
 * lost, or about to be.
 */
export function modeCollapse(coverage: readonly StateCoverage[]): string | undefined {
  const lost = coverage.filter(({ logWeight }) => !(logWeight <= -Math.log(LEAST_SHARE)));
  if (lost.length === 0) return undefined;
  const named = lost
    .map(({ state, logWeight }) => `"${state}" ${Math.exp(-logWeight).toPrecision(2)}`)
    .join(', ');
  return lost.length === coverage.length
    ? `the flow covers no known state: of the Boltzmann density of typical held-out frames it has ${named}; train longer, or with more blocks`
    : `mode collapse: of the Boltzmann density of typical held-out frames the flow has ${named}; give training by example more weight, or more frames of that state`;
}
