import type { Potential } from '../../core/potential.ts';
import type { Key } from '../../core/rng.ts';
import { type Tempering, tempering } from '../../md/tempering.ts';
import { type TemperingLadder, temperingLadder } from '../../md/temperingLadder.ts';
import { coreLabels } from '../labels.ts';
import { makeKernel } from '../makeKernel.ts';
import type { Plan } from '../plan.ts';
import { commonStarts } from './commonStarts.ts';
import { localStep } from './localStep.ts';

/** Moves of a pilot burst, and bursts of a pilot. */
const PILOT_ATTEMPTS = 20;
const PILOT_BURSTS = 20;

/** The ladder that suits a plan, from pilots with its production kernel at its own temperatures. */
export function planLadder(
  plan: Plan,
  pilots: Potential,
  options: { readonly chains: number; readonly maxKT: number | undefined; readonly key: Key },
): TemperingLadder {
  const { chains, maxKT, key } = options;
  const local = localStep(plan.production.local);
  return temperingLadder({
    potential: pilots,
    kT: plan.kT,
    ...(maxKT === undefined ? {} : { maxKT }),
    make: (kT, step) =>
      makeKernel(local.with(step, PILOT_ATTEMPTS), pilots, { kT, masses: plan.masses }),
    stepSize: local.step,
    acceptance: local.acceptance,
    starts: commonStarts(plan.states, chains),
    cores: (x) => coreLabels(plan.states, x),
    bursts: PILOT_BURSTS,
    key,
  });
}

/** Replicas on that ladder: the plan's local burst at every rung, then swaps. */
export function planTempering(
  plan: Plan,
  moves: Potential,
  found: Pick<TemperingLadder, 'ladder' | 'stepSizes'>,
): Tempering {
  const local = localStep(plan.production.local);
  return tempering({
    ladder: found.ladder,
    local: (kT, rung) =>
      makeKernel(local.with(found.stepSizes[rung]), moves, { kT, masses: plan.masses }),
    swapEvery: 1,
  });
}

/** What the pilots found amiss, in sentences. */
export function ladderWarnings({ pilots, crosses }: TemperingLadder): string[] {
  const hottest = pilots[pilots.length - 1];
  const untuned = pilots.filter((pilot) => !pilot.tuned);
  return [
    ...(crosses
      ? []
      : [
          `the hottest pilot, at kT ${hottest.kT}, crossed between cores ${hottest.crossings} times a chain: the ladder may be too short`,
        ]),
    ...(untuned.length > 0
      ? [
          `the local step did not reach its acceptance at kT ${untuned.map((pilot) => pilot.kT).join(', ')}`,
        ]
      : []),
  ];
}
