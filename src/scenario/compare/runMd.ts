import { startChains } from '../../core/kernel.ts';
import { booked, emptyLedger } from '../../core/ledger.ts';
import { evaluationsPerBurst } from '../../hybrid/flowMoves.ts';
import { makeKernel } from '../../hybrid/makeKernel.ts';
import { pacer } from '../../hybrid/pace.ts';
import { commonStarts } from '../../hybrid/tempering/commonStarts.ts';
import { meter } from './meter.ts';
import type { MethodInput, MethodOutcome } from './methodOutcome.ts';
import { recordChains } from './recordChains.ts';

/** Chains where the scenario has no plain MD of its own. */
const CHAINS = 100;

/** Plain molecular dynamics: the scenario's own dynamics from the known states, and nothing else. */
export async function runMd(input: MethodInput): Promise<MethodOutcome> {
  const { plan, budget, key } = input;
  const { dynamics, chains } = plan.baseline ?? {
    dynamics: plan.seeding.dynamics,
    chains: CHAINS,
  };
  const ledger = emptyLedger();
  const own = meter(budget, ledger);
  const potential = booked(plan.potential, ledger, 'localMoves');
  const kernel = makeKernel(dynamics, potential, plan);
  const burst = evaluationsPerBurst(dynamics) * chains * potential.evaluationsPerGradient;
  const start = chains * potential.evaluationsPerGradient;
  const samples = own.allows(start + burst)
    ? await recordChains({
        kernels: [kernel],
        state: startChains(potential, commonStarts(plan.states, chains)),
        key,
        states: plan.states,
        isRecorded: [true],
        isFlowMove: [false],
        positions: ({ positions }) => positions,
        cycleCost: burst,
        meter: own,
        pace: pacer(input.signal),
        observe: () => {},
        onCycle: () => input.onProgress('molecularDynamics', own.share()),
      })
    : undefined;
  return {
    method: 'md',
    description: `${chains} chains of ${kernel.name} dynamics${kernel.exact ? '' : ', not Metropolised: its time-step bias is part of its error'}`,
    samples,
    ledger,
    preparingSeconds: 0,
    totalSeconds: own.seconds(),
    ladder: null,
    warnings: [],
  };
}
