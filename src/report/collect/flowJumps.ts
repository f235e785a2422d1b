import { type Batch, row } from '../../core/batch.ts';
import { ErgoflowError } from '../../core/errors.ts';
import { startChains } from '../../core/kernel.ts';
import { at, fold, rootKey } from '../../core/rng.ts';
import type { FlowDensity } from '../../flow/density.ts';
import { flowProposal } from '../../hybrid/kernels/flowProposal.ts';
import { stateLabels } from '../../hybrid/labels.ts';
import type { Plan } from '../../hybrid/plan.ts';
import type { ProductionMeta } from '../../hybrid/producing.ts';
import type { RecordReader } from '../../hybrid/records.ts';
import type { Jumps, Point } from '../reportData.ts';
import { rounded } from './rounded.ts';

const MOST = 70;

/** One flow move of every chain, offered configurations included. */
export interface ReplayedMove {
  readonly from: Batch;
  readonly offered: Batch;
  /** `[chains]`, 1 where the offer was taken. */
  readonly accepted: ArrayLike<number>;
  /** Where the chains were afterwards. */
  readonly to: Batch;
}

/**
 * Makes one flow move of production again, with the same kernel, states and random numbers: a record
 * holds what was accepted, not what was offered. `step` must be a flow
 * move, and not the very first step.
 */
export function replayFlowMove(
  plan: Plan,
  flow: FlowDensity,
  records: RecordReader,
  chains: number,
  step: number,
): ReplayedMove {
  let offered: Batch | undefined;
  const watched: FlowDensity = {
    ...flow,
    sample(count, key) {
      const draws = flow.sample(count, key);
      offered = draws.x;
      return draws;
    },
  };
  const from = records.rows((step - 1) * chains, step * chains);
  const kernel = flowProposal(plan.potential, watched, { kT: plan.kT, attempts: 1 });
  const { state, info } = kernel.step(
    startChains(plan.potential, from),
    at(fold(rootKey(plan.seed), 'production'), step),
  );
  if (offered === undefined) throw new ErgoflowError('the flow was not asked for a draw');
  return { from, offered, accepted: info.accepted, to: state.positions };
}

/** The flow moves of some chains at one step in the middle of production; null unless D is two. */
export function flowJumps(
  plan: Plan,
  flow: FlowDensity,
  production: { readonly records: RecordReader; readonly meta: ProductionMeta },
): Jumps | null {
  const { records, meta } = production;
  const cycle = meta.isFlowMove;
  if (meta.dim !== 2 || !cycle.includes(true)) return null;
  const steps = records.count / meta.chains;
  const flowSteps = Array.from({ length: steps }, (_, n) => n).filter(
    (n) => n > 0 && cycle[n % cycle.length],
  );
  if (flowSteps.length === 0) return null;
  const step = flowSteps[Math.floor(flowSteps.length / 2)];
  const move = replayFlowMove(plan, flow, records, meta.chains, step);
  const before = stateLabels(plan.states, move.from);
  const after = stateLabels(plan.states, move.to);
  const accepted: Jumps['accepted'][number][] = [];
  const rejected: Point[] = [];
  for (let c = 0; c < Math.min(meta.chains, MOST); c++) {
    const to = point(row(move.offered, c));
    if (move.accepted[c] > 0) {
      const crosses = before[c] >= 0 && after[c] >= 0 && before[c] !== after[c];
      accepted.push({ from: point(row(move.from, c)), to, crosses });
    } else rejected.push(to);
  }
  return { accepted, rejected };
}

function point(x: Float64Array): Point {
  return [rounded(x[0]), rounded(x[1])];
}
