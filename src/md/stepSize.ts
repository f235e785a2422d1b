import { expectInteger, expectPositive } from '../core/expectNumber.ts';
import type { ChainState, Kernel } from '../core/kernel.ts';
import { at, type Key } from '../core/rng.ts';

/** Acceptances at which each kernel gets furthest per evaluation, in many dimensions. */
export const usefulAcceptance = {
  /** Near 0.234 in the limit, higher in few dimensions. Roberts, Gelman & Gilks, Ann. Appl. Probab. 7, 110, 1997. */
  randomWalk: 0.3,
  /** Roberts & Rosenthal, J. R. Stat. Soc. B 60, 255, 1998. */
  mala: 0.574,
  /** Between the optimum 0.65 of Beskos et al., Bernoulli 19, 1501, 2013, and safety. */
  hmc: 0.8,
} as const;

/** What a search for a step size starts from, and what it aims at. */
export interface StepSizeSearch {
  /** The kernel to tune, at a given step size. */
  readonly make: (stepSize: number) => Kernel;
  /** Where the first pilot burst starts; each goes on from the one before. */
  readonly state: ChainState;
  readonly key: Key;
  /** Share of moves accepted, in (0, 1). */
  readonly target: number;
  /** First guess. */
  readonly initial: number;
  /** Acceptances this close to the target will do; 0.03 by default. */
  readonly tolerance?: number;
  /** The most pilot bursts; 20 by default. */
  readonly maxPilots?: number;
}

/** The step size that pilots found. */
export interface TunedStepSize {
  readonly stepSize: number;
  /** Acceptance of the pilot at this step size. */
  readonly acceptance: number;
  /** Pilot bursts that were run. */
  readonly pilots: number;
  /** Whether that acceptance lies within the tolerance. */
  readonly converged: boolean;
  /** After the last pilot: chains that are warm, but have no part in production. */
  readonly state: ChainState;
}

/**
 * Finds the step size at which a Metropolised kernel accepts a given share of its moves.
 *
 * One pilot burst a guess: doubled or halved until acceptance is seen on both sides of the target, then
 * bisected on a logarithmic scale. For warm-up only: a kernel whose step answers to its past is not
 * exact (design rule 1). What it costs is booked by the potential that `make` binds.
 * @throws {RangeError} for a target outside (0, 1), and for a kernel that rejects nothing.
 */
export function tuneStepSize(search: StepSizeSearch): TunedStepSize {
  const { make, key, target, tolerance = 0.03 } = search;
  const maxPilots = expectInteger('maxPilots', search.maxPilots ?? 20, 1);
  expectPositive('initial', search.initial);
  if (!(target > 0 && target < 1)) {
    throw new RangeError(`"target" expected an acceptance in (0, 1), got ${target}`);
  }
  let { state } = search;
  let stepSize = search.initial;
  let best = { stepSize, acceptance: Number.NaN, distance: Infinity };
  // The largest step seen to accept too much, and the smallest seen to accept too little.
  let below = 0;
  let above = Infinity;
  let pilots = 0;

  while (pilots < maxPilots && best.distance > tolerance) {
    const kernel = make(stepSize);
    const pilot = kernel.step(state, at(key, pilots++));
    state = pilot.state;
    const acceptance = acceptanceOf(kernel.name, pilot.info);
    const distance = Math.abs(acceptance - target);
    if (distance < best.distance) best = { stepSize, acceptance, distance };
    if (acceptance > target) below = Math.max(below, stepSize);
    else above = Math.min(above, stepSize);
    // A noisy pilot can put the bracket the wrong way round; the latest word then opens it again.
    if (below >= above) {
      if (acceptance > target) above = Infinity;
      else below = 0;
    }
    if (below === 0) stepSize = above / 2;
    else if (above === Infinity) stepSize = below * 2;
    else stepSize = Math.sqrt(below * above);
  }
  return {
    stepSize: best.stepSize,
    acceptance: best.acceptance,
    pilots,
    converged: best.distance <= tolerance,
    state,
  };
}

function acceptanceOf(
  kernel: string,
  info: { readonly attempts: number; readonly accepted: Float64Array },
): number {
  if (info.attempts === 0) {
    throw new RangeError(`"make" expected a kernel that may reject, got ${kernel}`);
  }
  const accepted = info.accepted.reduce((sum, count) => sum + count, 0);
  return accepted / (info.attempts * info.accepted.length);
}
