import { type Batch, row } from '../core/batch.ts';
import type { CollectiveVariable } from '../core/collectiveVariable.ts';
import { ErgoflowError, ShapeError } from '../core/errors.ts';
import { expectFinite, expectInteger, expectNonNegative } from '../core/expectNumber.ts';
import { iterate } from '../core/iterate.ts';
import { type ChainState, type Kernel, startChains } from '../core/kernel.ts';
import type { EnergyAndGradient, Potential } from '../core/potential.ts';
import type { Key } from '../core/rng.ts';

/** One harmonic restraint along a collective variable s: ½ κ (s − c)². */
export interface UmbrellaWindow {
  /** c, in the unit of s. */
  readonly center: number;
  /** κ, energy over the square of that unit. Others write k (s − c)²: their k is ½ κ. */
  readonly stiffness: number;
}

/** What umbrella sampling runs on: windows, kernel, starts and length. */
export interface UmbrellaOptions {
  /** Evaluated as often as it is booked: pass it through `booked` to have it counted. */
  readonly potential: Potential;
  readonly variable: CollectiveVariable;
  readonly windows: readonly UmbrellaWindow[];
  /** The exact kernel that samples all windows, such as `hmc`, on the restrained potential. */
  readonly local: (restrained: Potential) => Kernel;
  /** Where the chains start, `[W · C, D]`, window by window: row w·C + c is chain c of window w. */
  readonly starts: Batch;
  /** Bursts discarded. */
  readonly burnIn: number;
  /** Records of each chain. */
  readonly records: number;
  /** Bursts between records. */
  readonly stride: number;
  readonly key: Key;
  /** Called after every record with the number made so far. */
  readonly onRecord?: (done: number) => void;
}

/** What umbrella sampling leaves for the analysis. */
export interface UmbrellaSamples {
  readonly windows: readonly UmbrellaWindow[];
  /** s of every record, `[W][C][n]`. */
  readonly values: readonly (readonly Float64Array[])[];
  /** Share of moves accepted in each window, `[W]`. */
  readonly acceptance: Float64Array;
  /** After the last burst, so that a run can be continued. */
  readonly state: ChainState;
}

/**
 * Umbrella sampling: every window holds some chains near its center, and together they cover the axis.
 *
 *     π_w(x) ∝ exp(−[U(x) + ½ κ_w (s(x) − c_w)²] / kT)
 *
 * All windows run in one batch, sampled exactly by the kernel; `umbrellaProfile` joins them by MBAR. One
 * evaluation of the restrained potential is one of U.
 * Torrie & Valleau, J. Comput. Phys. 23, 187, 1977. doi:10.1016/0021-9991(77)90121-8
 * @throws {RangeError} for a kernel that is not exact, and for windows that are none.
 * @throws {ErgoflowError} naming the window and chain of a start whose energy is not finite.
 */
export function umbrellaSampling(options: UmbrellaOptions): UmbrellaSamples {
  const { windows, variable, starts, local, key } = options;
  const burnIn = expectInteger('burnIn', options.burnIn, 0);
  const records = expectInteger('records', options.records, 1);
  const stride = expectInteger('stride', options.stride, 1);
  const restrained = umbrellaPotential(options.potential, variable, windows, starts.count);
  const kernel = local(restrained);
  if (!kernel.exact) {
    throw new RangeError(`"local" expected a kernel that is exact, got ${kernel.name}`);
  }
  const chains = starts.count / windows.length;
  let state = startChains(restrained, starts);
  expectFiniteStarts(state, windows, chains);

  const values = windows.map(() => Array.from({ length: chains }, () => new Float64Array(records)));
  const accepted = new Float64Array(windows.length);
  let attempts = 0;
  const steps = burnIn + records * stride;
  let step = 0;
  for (const transition of iterate(kernel, state, key)) {
    state = transition.state;
    step++;
    if (step > burnIn) {
      attempts += transition.info.attempts;
      transition.info.accepted.forEach((n, b) => {
        accepted[Math.floor(b / chains)] += n;
      });
      if ((step - burnIn) % stride === 0) {
        const record = (step - burnIn) / stride - 1;
        variable.value(state.positions).forEach((s, b) => {
          values[Math.floor(b / chains)][b % chains][record] = s;
        });
        options.onRecord?.(record + 1);
      }
    }
    if (step >= steps) break;
  }
  return { windows, values, acceptance: accepted.map((n) => n / (attempts * chains)), state };
}

/**
 * U with the restraint of each row's window, for batches of exactly `count` rows, window by window.
 *
 * It is a potential for kernels that move all chains at once: which window a row belongs to is known by
 * its place, so other batches are refused.
 * @throws {ShapeError} where `count` is not a multiple of the windows, and for a batch of another size.
 */
export function umbrellaPotential(
  potential: Potential,
  variable: CollectiveVariable,
  windows: readonly UmbrellaWindow[],
  count: number,
): Potential {
  if (windows.length === 0) throw new RangeError('"windows" expected at least one');
  windows.forEach(({ center, stiffness }, w) => {
    expectFinite(`windows[${w}].center`, center);
    expectNonNegative(`windows[${w}].stiffness`, stiffness);
  });
  if (count === 0 || count % windows.length !== 0) {
    throw new ShapeError(
      `umbrella: expected the same number of chains in each of ${windows.length} windows, got ${count} starts`,
    );
  }
  const chains = count / windows.length;

  function expectAll(x: Batch): void {
    if (x.count !== count) {
      throw new ShapeError(`umbrella: expected all ${count} chains in one batch, got ${x.count}`);
    }
  }

  /** Adds ½ κ (s − c)² to `energy`; returns κ (s − c) of every row. */
  function restrain(x: Batch, energy: Float64Array): Float64Array {
    const s = variable.value(x);
    for (let b = 0; b < count; b++) {
      const { center, stiffness } = windows[Math.floor(b / chains)];
      const away = s[b] - center;
      energy[b] += 0.5 * stiffness * away * away;
      s[b] = stiffness * away;
    }
    return s;
  }

  return {
    name: `${potential.name} in ${windows.length} windows along ${variable.name}`,
    dim: potential.dim,
    units: potential.units,
    evaluationsPerGradient: potential.evaluationsPerGradient,
    ...(potential.explain && { explain: potential.explain }),
    energy(x, out) {
      expectAll(x);
      const energy = potential.energy(x, out);
      restrain(x, energy);
      return energy;
    },
    energyAndGradient(x, out) {
      expectAll(x);
      const evaluated: EnergyAndGradient = potential.energyAndGradient(x, out);
      const force = restrain(x, evaluated.energy);
      const slope = variable.gradient(x);
      for (let b = 0, i = 0; b < count; b++) {
        for (let d = 0; d < x.dim; d++, i++) evaluated.gradient[i] += force[b] * slope[i];
      }
      return evaluated;
    },
  };
}

function expectFiniteStarts(
  state: ChainState,
  windows: readonly UmbrellaWindow[],
  chains: number,
): void {
  const { dim } = state.positions;
  state.energy.forEach((energy, b) => {
    const lost = row(state.positions, b).findIndex((x) => !Number.isFinite(x));
    if (lost < 0 && Number.isFinite(energy)) return;
    const w = Math.floor(b / chains);
    throw new ErgoflowError(
      `umbrella: chain ${b % chains} of window ${w} (center ${windows[w].center}) starts with energy ${energy}` +
        `${lost < 0 ? '' : `, coordinate ${lost} of ${dim} being ${state.positions.data[b * dim + lost]}`}`,
    );
  });
}

/** Windows of one stiffness at even distances, from `from` to `to`, both included. */
export function evenWindows(
  from: number,
  to: number,
  count: number,
  stiffness: number,
): UmbrellaWindow[] {
  expectInteger('count', count, 2);
  return Array.from({ length: count }, (_, w) => ({
    center: from + ((to - from) * w) / (count - 1),
    stiffness,
  }));
}
