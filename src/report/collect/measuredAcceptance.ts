import type { ProductionMeta } from '../../hybrid/producing.ts';
import { rounded } from './rounded.ts';

const WINDOWS = 60;

/**
 * The acceptance of flow moves along production, in at most 60 windows: a move was accepted where it
 * changed the record. `at` is the middle of the window as a share of production.
 */
export function measuredAcceptance(production: {
  readonly positions: Float64Array;
  readonly meta: ProductionMeta;
}): { readonly at: number; readonly value: number }[] {
  const { positions, meta } = production;
  const { dim, chains, isFlowMove } = meta;
  const steps = positions.length / dim / chains;
  // The record before the first step is not kept.
  const flowSteps = Array.from({ length: steps }, (_, n) => n).filter(
    (n) => n > 0 && isFlowMove[n % isFlowMove.length],
  );
  const windows = Math.min(WINDOWS, flowSteps.length);
  return Array.from({ length: windows }, (_, w) => {
    const own = flowSteps.slice(
      Math.floor((w * flowSteps.length) / windows),
      Math.floor(((w + 1) * flowSteps.length) / windows),
    );
    let accepted = 0;
    for (const n of own) {
      for (let c = 0; c < chains; c++) {
        const now = (n * chains + c) * dim;
        const before = now - chains * dim;
        for (let i = 0; i < dim; i++) {
          if (positions[now + i] === positions[before + i]) continue;
          accepted++;
          break;
        }
      }
    }
    return {
      at: rounded((own[0] + own[own.length - 1] + 1) / 2 / steps),
      value: rounded(accepted / (own.length * chains)),
    };
  });
}
