import type { Ledger } from '../core/ledger.ts';
import type { FlowDensity } from '../flow/density.ts';

/** `flow`, with every network pass booked to `ledger.flowPasses`. */
export function bookedDensity(flow: FlowDensity, ledger: Ledger): FlowDensity {
  return {
    name: flow.name,
    dim: flow.dim,
    priorVariance: flow.priorVariance,
    sample(count, key) {
      ledger.flowPasses += count;
      return flow.sample(count, key);
    },
    logProb(x) {
      ledger.flowPasses += x.count;
      return flow.logProb(x);
    },
    forward(z) {
      ledger.flowPasses += z.count;
      return flow.forward(z);
    },
    inverse(x) {
      ledger.flowPasses += x.count;
      return flow.inverse(x);
    },
  };
}
