import type { Ledger } from '../core/ledger.ts';
import type { FlowScore } from '../flow/flowScore.ts';

/** `score`, with every row booked to `ledger.flowPasses` as two: a pass there and a gradient back. */
export function bookedScore(score: FlowScore, ledger: Ledger): FlowScore {
  return {
    dim: score.dim,
    score(x) {
      ledger.flowPasses += 2 * x.count;
      return score.score(x);
    },
    dispose: () => score.dispose(),
  };
}
