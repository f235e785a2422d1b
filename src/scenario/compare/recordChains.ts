import type { Batch } from '../../core/batch.ts';
import { iterate } from '../../core/iterate.ts';
import type { ChainState, Kernel, MoveInfo } from '../../core/kernel.ts';
import type { Key } from '../../core/rng.ts';
import { coreLabels, stateLabels } from '../../hybrid/labels.ts';
import type { StateSpec } from '../../hybrid/plan.ts';
import type { Meter } from './meter.ts';
import type { ChainSamples } from './samples.ts';

export interface ChainRun {
  /** A cycle of kernels; a run ends with a whole number of cycles. */
  readonly kernels: readonly [Kernel, ...Kernel[]];
  readonly state: ChainState;
  readonly key: Key;
  readonly states: readonly StateSpec[];
  /** Which steps of the cycle are recorded. */
  readonly isRecorded: readonly boolean[];
  /** Which steps of the cycle are flow moves. */
  readonly isFlowMove: readonly boolean[];
  /** The configurations that are recorded, `[M, D]`. */
  readonly positions: (state: ChainState) => Batch;
  /** log-weights of what is recorded, `[M]`; equal ones where left out or undefined. */
  readonly logWeights?: (x: Batch) => Float64Array | undefined;
  /** The most evaluations that one cycle can cost, over all chains. */
  readonly cycleCost: number;
  readonly meter: Meter;
  readonly pace: () => Promise<void>;
  /** Told every step. */
  readonly observe: (step: number, info: MoveInfo) => void;
  /** Told the cost so far, every cycle. */
  readonly onCycle: () => void;
}

/**
 * Runs a cycle of kernels for as long as the budget pays for another whole cycle, and keeps the labels of
 * its records. Which step is recorded depends on its number alone (design rule 2).
 */
export async function recordChains(run: ChainRun): Promise<ChainSamples> {
  const { kernels, key, states, isRecorded, isFlowMove, positions, cycleCost, meter } = run;
  const before = meter.evaluations();
  const stateRecords: Int8Array[] = [];
  const coreRecords: Int8Array[] = [];
  const weightRecords: Float64Array[] = [];
  const flowMoves: boolean[] = [];
  const evaluations: number[] = [];
  const seconds: number[] = [];
  if (meter.allows(cycleCost)) {
    let step = 0;
    for (const { state, info } of iterate(kernels, run.state, key)) {
      const place = step % kernels.length;
      run.observe(step, info);
      if (isRecorded[place]) {
        const x = positions(state);
        stateRecords.push(Int8Array.from(stateLabels(states, x)));
        coreRecords.push(Int8Array.from(coreLabels(states, x)));
        const weights = run.logWeights?.(x);
        if (weights !== undefined) weightRecords.push(weights);
        flowMoves.push(isFlowMove[place]);
        evaluations.push(meter.evaluations());
        seconds.push(meter.seconds());
      }
      step++;
      if (step % kernels.length !== 0) continue;
      run.onCycle();
      await run.pace();
      if (!meter.allows(cycleCost)) break;
    }
  }
  const chains = positions(run.state).count;
  return {
    kind: 'chains',
    states: byChain(stateRecords, chains),
    cores: byChain(coreRecords, chains),
    logWeights:
      weightRecords.length === 0
        ? undefined
        : Array.from({ length: chains }, (_, c) =>
            Float64Array.from(weightRecords, (record) => record[c]),
          ),
    flowMoves,
    evaluations: Float64Array.from(evaluations),
    seconds: Float64Array.from(seconds),
    before,
  };
}

/** `[n][M]` → `[M][n]` */
function byChain(records: readonly Int8Array[], chains: number): Int8Array[] {
  return Array.from({ length: chains }, (_, c) => Int8Array.from(records, (record) => record[c]));
}
