import type { Batch } from '../core/batch.ts';
import { expectInteger, expectPositive } from '../core/expectNumber.ts';
import { iterate, take } from '../core/iterate.ts';
import { type ChainState, type Kernel, startChains } from '../core/kernel.ts';
import type { Potential } from '../core/potential.ts';
import { at, fold, type Key } from '../core/rng.ts';
import { predictedSwaps } from './predictedSwaps.ts';
import { tuneStepSize } from './stepSize.ts';

/** What a search for a ladder of temperatures starts from. */
export interface LadderSearch {
  /** Evaluated for the start alone; the pilots cost what the potential bound by `make` is charged. */
  readonly potential: Potential;
  /** k_B T of the first rung. */
  readonly kT: number;
  /** k_B T of the last rung; found from the pilots where left out. */
  readonly maxKT?: number;
  /** The local kernel at a temperature and a step size. */
  readonly make: (kT: number, stepSize: number) => Kernel;
  /** First guess of the step size at `kT`. */
  readonly stepSize: number;
  /** Acceptance that step sizes are tuned to: see `usefulAcceptance`. */
  readonly acceptance: number;
  /** Where the pilot chains start, `[C, D]`: in every state that is known. */
  readonly starts: Batch;
  /** The core that holds each row, −1 between the cores. */
  readonly cores: (x: Batch) => ArrayLike<number>;
  /** Bursts of the pilot at each temperature, after its step size was tuned; two or more. */
  readonly bursts: number;
  readonly key: Key;
}

/** A ladder of temperatures that pilots found. */
export interface TemperingLadder {
  /** k_B T of every rung, a geometric series, `[R]`. */
  readonly ladder: readonly number[];
  /** Step size of every rung, `[R]`. */
  readonly stepSizes: readonly number[];
  /** Predicted share of accepted swaps, the same for every pair; 1 for a single rung. */
  readonly predictedSwaps: number;
  /** Whether the hottest pilot crossed as often as the rule asks. */
  readonly crosses: boolean;
  readonly pilots: readonly LadderPilot[];
}

/** What one pilot found. */
export interface LadderPilot {
  readonly kT: number;
  readonly stepSize: number;
  /** Whether the step size reached its acceptance. */
  readonly tuned: boolean;
  /** Core-to-core transitions per chain. */
  readonly crossings: number;
  /** Var(U)/(kT)² within chains. */
  readonly heatCapacity: number;
}

/**
 * Swaps accepted at least. Optima from 0.23 (Kone & Kofke, J. Chem. Phys. 122, 206101, 2005) to 0.39
 * (Predescu, Predescu & Ciobanu, J. Phys. Chem. B 109, 4189, 2005) are reported; fewer rungs cost less.
 */
const LEAST_SWAPS = 0.23;
/** The hottest pilot runs at 2¹⁰ kT at most. */
const MOST_DOUBLINGS = 10;

/**
 * Chooses a geometric ladder from short pilot runs at kT, 2 kT, 4 kT …
 *
 * The last rung is the first of these temperatures at which the pilot chains cross from core to core once
 * each on average, or `maxKT`. The rungs are the fewest whose predicted swap acceptance is at least 0.23,
 * from the largest heat capacity of all pilots, measured within chains, since chains that have not crossed
 * yet say nothing of each other. Step sizes are tuned in every pilot, and between pilots they follow a
 * power of kT. Pilots answer to what they see and are no part of production (design rule 1).
 */
export function temperingLadder(search: LadderSearch): TemperingLadder {
  const { kT, maxKT } = search;
  expectPositive('kT', kT);
  expectInteger('bursts', search.bursts, 2);
  if (maxKT !== undefined && !(Number.isFinite(maxKT) && maxKT >= kT)) {
    throw new RangeError(`"maxKT" expected a temperature of at least ${kT}, got ${maxKT}`);
  }
  const pilots: LadderPilot[] = [];
  let state = startChains(search.potential, search.starts);
  let stepSize = search.stepSize;
  for (let doubling = 0; doubling <= MOST_DOUBLINGS; doubling++) {
    const pilotKT = Math.min(kT * 2 ** doubling, maxKT ?? Infinity);
    const run = pilot(search, pilotKT, stepSize, state, at(search.key, doubling));
    pilots.push(run.found);
    state = run.state;
    stepSize = run.found.stepSize;
    if (maxKT === undefined ? crosses(run.found) : pilotKT === maxKT) break;
  }

  const hottest = pilots[pilots.length - 1];
  // A quadratic degree of freedom has ½; a pilot that found less has merely not moved.
  const heatCapacity = Math.max(0.5, ...pilots.map((one) => one.heatCapacity));
  const span = hottest.kT / kT;
  let rungs = span > 1 ? 2 : 1;
  while (rungs > 1 && predictedSwaps(span ** (1 / (rungs - 1)), heatCapacity) < LEAST_SWAPS) {
    rungs++;
  }
  const ladder = Array.from({ length: rungs }, (_, r) =>
    r === 0 ? kT : kT * span ** (r / (rungs - 1)),
  );
  return {
    ladder,
    stepSizes: ladder.map((rung) => stepSizeAt(pilots, rung)),
    predictedSwaps: rungs === 1 ? 1 : predictedSwaps(span ** (1 / (rungs - 1)), heatCapacity),
    crosses: crosses(hottest),
    pilots,
  };
}

function crosses({ crossings }: LadderPilot): boolean {
  return crossings >= 1;
}

function pilot(
  { make, acceptance, cores, bursts, starts }: LadderSearch,
  kT: number,
  initial: number,
  state: ChainState,
  key: Key,
): { readonly found: LadderPilot; readonly state: ChainState } {
  const chains = starts.count;
  const tuning = tuneStepSize({
    make: (stepSize) => make(kT, stepSize),
    state,
    key: fold(key, 'tuning'),
    target: acceptance,
    initial,
  });
  const last = new Int32Array(chains).fill(-1);
  const discarded = Math.floor(bursts / 2);
  const sum = new Float64Array(chains);
  const squares = new Float64Array(chains);
  let crossings = 0;
  let burst = 0;
  let end = tuning.state;
  const kernel = make(kT, tuning.stepSize);
  for (const transition of take(bursts, iterate(kernel, end, fold(key, 'run')))) {
    end = transition.state;
    const now = cores(end.positions);
    for (let c = 0; c < chains; c++) {
      if (now[c] >= 0) {
        if (last[c] >= 0 && now[c] !== last[c]) crossings++;
        last[c] = now[c];
      }
      if (burst < discarded) continue;
      sum[c] += end.energy[c];
      squares[c] += end.energy[c] ** 2;
    }
    burst++;
  }
  const kept = bursts - discarded;
  let variance = 0;
  // Unbiased within each chain; one record a chain has no variance.
  for (let c = 0; c < chains; c++) {
    variance += (squares[c] - sum[c] ** 2 / kept) / Math.max(1, kept - 1) / chains;
  }
  return {
    found: {
      kT,
      stepSize: tuning.stepSize,
      tuned: tuning.converged,
      crossings: crossings / chains,
      heatCapacity: variance / kT ** 2,
    },
    state: end,
  };
}

/** Between two pilots a power of kT, beyond them the nearest. */
function stepSizeAt(pilots: readonly LadderPilot[], kT: number): number {
  const above = pilots.findIndex((one) => one.kT >= kT);
  if (above < 0) return pilots[pilots.length - 1].stepSize;
  if (above === 0) return pilots[0].stepSize;
  const [cold, hot] = [pilots[above - 1], pilots[above]];
  const share = Math.log(kT / cold.kT) / Math.log(hot.kT / cold.kT);
  return cold.stepSize * (hot.stepSize / cold.stepSize) ** share;
}
