import { type Batch, row, rows } from '../../core/batch.ts';
import type { ProductionMeta } from '../../hybrid/producing.ts';
import { type RecordReader, recordBlocks } from '../../hybrid/records.ts';
import { rounded } from './rounded.ts';

const WINDOWS = 60;

/**
 * The acceptance of flow moves along production, in at most 60 windows: a move was accepted where it
 * changed the record. `at` is the middle of the window as a share of production.
 */
export function measuredAcceptance(production: {
  readonly records: RecordReader;
  readonly meta: ProductionMeta;
}): { readonly at: number; readonly value: number }[] {
  const { records, meta } = production;
  const { chains, isFlowMove } = meta;
  const steps = records.count / chains;
  // The record before the first step is not kept.
  const flowSteps = Array.from({ length: steps }, (_, n) => n).filter(
    (n) => n > 0 && isFlowMove[n % isFlowMove.length],
  );
  const windows = Math.min(WINDOWS, flowSteps.length);
  const accepted = windows === 0 ? [] : changedRows(records, chains);
  return Array.from({ length: windows }, (_, w) => {
    const own = flowSteps.slice(
      Math.floor((w * flowSteps.length) / windows),
      Math.floor(((w + 1) * flowSteps.length) / windows),
    );
    const moved = own.reduce((sum, n) => sum + accepted[n], 0);
    return {
      at: rounded((own[0] + own[own.length - 1] + 1) / 2 / steps),
      value: rounded(moved / (own.length * chains)),
    };
  });
}

/** At every step, how many chains are not where they were the step before; 0 at the first. */
function changedRows(records: RecordReader, chains: number): Int32Array {
  const changed = new Int32Array(records.count / chains);
  let before: Batch | undefined;
  let step = 0;
  for (const block of recordBlocks(records, chains)) {
    for (let from = 0; from < block.count; from += chains, step++) {
      const now = rows(block, from, from + chains);
      if (before !== undefined) changed[step] = unequalRows(now, before);
      before = now;
    }
  }
  return changed;
}

function unequalRows(one: Batch, other: Batch): number {
  let count = 0;
  for (let b = 0; b < one.count; b++) {
    const [x, y] = [row(one, b), row(other, b)];
    if (x.some((value, i) => value !== y[i])) count++;
  }
  return count;
}
