import { booked, emptyLedger } from '../../core/ledger.ts';
import { fold } from '../../core/rng.ts';
import { evaluationsPerBurst } from '../../hybrid/flowMoves.ts';
import { pacer } from '../../hybrid/pace.ts';
import { biasLogWeightsAt, productionTarget } from '../../hybrid/productionTarget.ts';
import { commonStarts } from '../../hybrid/tempering/commonStarts.ts';
import { type LadderMeta, statedLadder } from '../../hybrid/tempering/ladder.ts';
import { ladderWarnings, planLadder, planTempering } from '../../hybrid/tempering/planTempering.ts';
import { swapStatistics } from '../../md/swapStatistics.ts';
import { BudgetSpentError, limited, meter } from './meter.ts';
import type { MethodInput, MethodOutcome } from './methodOutcome.ts';
import { recordChains } from './recordChains.ts';
import { swappingOften } from './swappingOften.ts';

/** Few ladders run far; these still show in their disagreement whether they have forgotten the start. */
const LADDERS = 16;

/**
 * Parallel tempering under the bias of production, on the plan's ladder or one from pilots, with its local kernel or
 * the baseline's, see `swappingOften`.
 */
export async function runTempering(
  input: MethodInput & { readonly maxKT: number | undefined },
): Promise<MethodOutcome> {
  const { budget, key, maxKT } = input;
  const plan = swappingOften(input.plan);
  const ledger = emptyLedger();
  const own = meter(budget, ledger);
  const ladders = Math.ceil(LADDERS / plan.states.length) * plan.states.length;

  input.onProgress('ladderPilots', 0);
  let found: LadderMeta;
  let warnings: string[] = [];
  try {
    const pilots = booked(limited(productionTarget(plan), own, budget), ledger, 'diagnostics');
    const stated = maxKT === undefined ? statedLadder(plan) : undefined;
    if (stated === undefined) {
      const search = planLadder(plan, pilots, { chains: ladders, maxKT, key: fold(key, 'ladder') });
      warnings = ladderWarnings(search);
      found = search;
    } else found = stated;
  } catch (error) {
    if (!(error instanceof BudgetSpentError)) throw error;
    return {
      method: 'tempering',
      description: 'parallel tempering',
      samples: undefined,
      ledger,
      preparingSeconds: own.seconds(),
      totalSeconds: own.seconds(),
      ladder: null,
      warnings: ['the budget ended in the pilots of the ladder'],
    };
  }
  const preparingSeconds = own.seconds();
  const moves = booked(productionTarget(plan), ledger, 'localMoves');
  const replicas = planTempering(plan, moves, found);
  const rungs = found.ladder.length;
  const rows = rungs * ladders * moves.evaluationsPerGradient;
  const burst = evaluationsPerBurst(plan.production.local);
  const isSwap = replicas.swaps.map((lower) => lower.length > 0);
  const cycleCost = isSwap.filter((one) => !one).length * rows * burst;
  const swaps = swapStatistics(replicas, ladders);
  const accepted = new Float64Array(rungs);
  let tried = 0;
  const samples = own.allows(rows + cycleCost)
    ? await recordChains({
        kernels: replicas.kernels,
        state: replicas.start(moves, commonStarts(plan.states, ladders)),
        key: fold(key, 'run'),
        states: plan.states,
        // After each round of swaps; after every burst where there are none.
        isRecorded: isSwap.map((one) => one || rungs === 1),
        isFlowMove: isSwap.map(() => false),
        positions: replicas.cold,
        logWeights: (x) => biasLogWeightsAt(plan, x),
        cycleCost,
        meter: own,
        pace: pacer(input.signal),
        observe(step, info) {
          swaps.observe(step, info);
          if (isSwap[step % isSwap.length]) return;
          tried += info.attempts * ladders;
          info.accepted.forEach((count, row) => {
            accepted[Math.floor(row / ladders)] += count;
          });
        },
        onCycle: () => input.onProgress('parallelTempering', own.share()),
      })
    : undefined;
  const { acceptance, roundTrips } = swaps.figures();
  return {
    method: 'tempering',
    description:
      `${ladders} ladders of ${rungs} ${rungs === 1 ? 'rung' : 'rungs'}, kT ${found.ladder.map((kT) => Number(kT.toPrecision(4))).join(', ')}; ` +
      `${plan.production.local.kind} inside, swaps after every ${burst} evaluations of a replica` +
      (plan.production.bias === undefined ? '' : ", under production's bias"),
    samples,
    ledger,
    preparingSeconds,
    totalSeconds: own.seconds(),
    ladder: {
      kT: found.ladder,
      predictedSwaps:
        found.predictedSwaps === undefined ? [] : acceptance.map(() => found.predictedSwaps ?? 0),
      swaps: samples === undefined ? [] : acceptance,
      roundTrips: roundTrips.reduce((sum, trips) => sum + trips, 0),
      localAcceptance: tried === 0 ? [] : Array.from(accepted, (count) => count / tried),
    },
    warnings,
  };
}
