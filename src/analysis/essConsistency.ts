import { chainMean } from './autocorrelation.ts';
import { essFraction } from './effectiveSampleSize.ts';
import { forwardEssFraction, unreachedShare } from './forwardEss.ts';
import { relativeWeights } from './relativeWeights.ts';

/** What the flow's own draws and samples of the target say about the same weights. */
export interface EssConsistency {
  /** (Σw)²/(N Σw²) over the flow's draws. */
  readonly reverse: number;
  /** 1/(E_p[w] E_p[1/w]) over samples of the target. */
  readonly forward: number;
  /** How far |ln reverse − ln forward| may be apart. */
  readonly allowedGap: number;
  /** Share of target samples heavier than every flow draw, and its standard error. */
  readonly unreached: number;
  readonly unreachedError: number;
  /** Whether both can be true. */
  readonly isConsistent: boolean;
}

/**
 * Whether forward and reverse effective sample size can both be true (design rule 11).
 *
 * They estimate one number, 1/(1 + χ²(p‖q)), from opposite sides, so they contradict each other where
 *
 *     |ln reverse − ln forward| > ln 2 + 4 √(SE²(ln reverse) + SE²(ln forward))
 *
 * by delta-method errors, those of the chains with their autocorrelation. The factor of two is for heavy
 * tails, whose estimates creep towards the truth from above. And where more than 5 % of the target, beyond
 * four of its standard errors, is heavier than the heaviest flow draw: the reweighted averages then miss
 * that share for certain. The first sees a forgotten mode by its weight, the second by its mass. Weights
 * with a variance (Pareto k below ½) hardly ever fail; those without have a true ESS of 0, which the
 * forward one shows and the reverse one does not: the more samples, the surer they are found out.
 * @param flow log w of all flow draws, `[N]`, −∞ for those of weight 0.
 * @param target log w at the records of each chain, `[M][n]`, with the same constant; +∞ where q = 0.
 */
export function essConsistency(
  flow: Float64Array,
  target: readonly Float64Array[],
): EssConsistency {
  const pooled = new Float64Array(target.reduce((sum, chain) => sum + chain.length, 0));
  let offset = 0;
  for (const chain of target) {
    pooled.set(chain, offset);
    offset += chain.length;
  }
  const inside = flow.reduce((count, w) => count + (w > -Infinity ? 1 : 0), 0) / flow.length;
  const reverse = essFraction(flow);
  const forward = forwardEssFraction(pooled, inside);
  const unreached = unreachedShare(pooled, flow);
  const heaviest = flow.reduce((a, b) => Math.max(a, b), -Infinity);
  const beyond = target.map((chain) => chain.map((w) => (w > heaviest ? 1 : 0)));
  const unreachedError = chainMean(beyond)?.standardError ?? 0;
  const gapError = Math.hypot(reverseError(flow), forward === 0 ? 0 : forwardError(target));
  const allowedGap = Math.log(2) + 4 * gapError;
  const gap = Math.abs(Math.log(reverse / forward));
  return {
    reverse,
    forward,
    allowedGap,
    unreached,
    unreachedError,
    isConsistent: gap <= allowedGap && unreached - 4 * unreachedError <= 0.05,
  };
}

/** SE of ln((Σw)²/(N Σw²)), from the influences 2(w/⟨w⟩ − 1) − (w²/⟨w²⟩ − 1) of independent draws. */
function reverseError(logWeights: Float64Array): number {
  const n = logWeights.length;
  const [w] = relativeWeights([n], [logWeights]);
  const mean = w.reduce((a, b) => a + b, 0) / n;
  const square = w.reduce((a, b) => a + b * b, 0) / n;
  if (mean === 0) return 0;
  const squares = w.reduce((a, x) => a + ((2 * x) / mean - (x * x) / square - 1) ** 2, 0);
  return Math.sqrt(squares) / n;
}

/** SE of ln(⟨w⟩⟨1/w⟩) over correlated chains, from the influences w/⟨w⟩ + w⁻¹/⟨w⁻¹⟩. */
function forwardError(chains: readonly Float64Array[]): number {
  const lengths = chains.map((chain) => chain.length);
  const records = lengths.reduce((a, b) => a + b, 0);
  const share = (weights: readonly Float64Array[]): Float64Array[] => {
    const total = weights.reduce((sum, own) => sum + own.reduce((a, b) => a + b, 0), 0);
    return weights.map((own) => own.map((w) => (w * records) / total));
  };
  const up = share(relativeWeights(lengths, chains));
  const inverse = chains.map((chain) => chain.map((w) => -w));
  const down = share(relativeWeights(lengths, inverse));
  const influences = up.map((own, c) => own.map((w, n) => w + down[c][n]));
  return chainMean(influences)?.standardError ?? 0;
}
