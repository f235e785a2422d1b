import { type Batch, concat, rows } from '../core/batch.ts';
import { expectInteger, expectPositive } from '../core/expectNumber.ts';
import { type ChainState, type Kernel, noRefusals, startChains } from '../core/kernel.ts';
import type { Potential } from '../core/potential.ts';
import { at } from '../core/rng.ts';
import { swapRungs } from './swapRungs.ts';

/** Temperatures, local moves and swaps of parallel tempering. */
export interface TemperingOptions {
  /** k_B T of every rung, rising, `[R]`; the first is the temperature that is wanted. */
  readonly ladder: readonly number[];
  /** The exact local kernel of a rung, such as `mala` or `hmc` with a step that suits its kT. */
  readonly local: (kT: number, rung: number) => Kernel;
  /** Local bursts between two rounds of swaps. */
  readonly swapEvery: number;
}

/** B independent ladders of R rungs as one cycle of kernels, for `iterate`. */
export interface Tempering {
  readonly ladder: readonly number[];
  /**
   * Local bursts, then swaps of the rungs (0, 1), (2, 3) …; local bursts, then swaps of (1, 2), (3, 4) …
   * Each acts on `[R · B, D]`, rung by rung: row r·B + b is rung r of ladder b.
   */
  readonly kernels: readonly [Kernel, ...Kernel[]];
  /** For each kernel of the cycle, the lower rungs of the pairs it offers to swap; none for local moves. */
  readonly swaps: readonly (readonly number[])[];
  /** Every ladder with all its rungs at its start, `[B, D]` → `[R · B, D]`; one evaluation a row. */
  start(potential: Potential, positions: Batch): ChainState;
  /** The rows of the first rung, `[B, D]`, as a view: the chain that is recorded. */
  cold(state: ChainState): Batch;
}

/**
 * Parallel tempering: R replicas at rising temperatures, whose neighbours exchange configurations.
 *
 *     π(x₁ … x_R) ∝ exp(−Σᵣ U(xᵣ)/kTᵣ)
 *
 * Even and odd pairs take turns by the step number alone, so the product distribution is left invariant,
 * and with it exp(−U/kT) of the first rung. `swapRungs` has the acceptance. A local kernel with velocities
 * draws them anew, at its own temperature, in every burst.
 * Geyer, Computing Science and Statistics: 23rd Symposium on the Interface, 156, 1991. Of four orders of
 * the swaps this one diffuses fastest: Lingenheil, Denschlag, Mathias & Tavan, Chem. Phys. Lett. 478, 80,
 * 2009.
 * @throws {RangeError} for a ladder that does not rise and for a local kernel that is not exact.
 */
export function tempering(options: TemperingOptions): Tempering {
  const ladder = expectRising(options.ladder);
  const swapEvery = expectInteger('swapEvery', options.swapEvery, 1);
  const local = sideBySide(ladder.map((kT, rung) => expectExact(options.local(kT, rung))));
  const burst = { kernel: local, lower: [] as readonly number[] };
  const rounds = [0, 1].flatMap((parity) => {
    const lower = lowerRungs(ladder.length, parity);
    if (lower.length === 0) return [];
    const bursts = Array.from({ length: swapEvery }, () => burst);
    return [...bursts, { kernel: swapRungs(ladder, lower), lower }];
  });
  const [first, ...rest] = rounds.length === 0 ? [burst] : rounds;
  return {
    ladder,
    kernels: [first.kernel, ...rest.map(({ kernel }) => kernel)],
    swaps: [first.lower, ...rest.map(({ lower }) => lower)],
    start: (potential, positions) => startChains(potential, concat(ladder.map(() => positions))),
    cold: ({ positions }) => rows(positions, 0, positions.count / ladder.length),
  };
}

/** One kernel a rung, each on its own rows and with its own random numbers. */
function sideBySide(kernels: readonly Kernel[]): Kernel {
  return {
    name: `${kernels.length} rungs of ${kernels[0].name}`,
    exact: true,
    step(state, key) {
      const ladders = state.positions.count / kernels.length;
      const parts = kernels.map((kernel, rung) =>
        kernel.step(rungOf(state, rung, ladders), at(key, rung)),
      );
      const refused = noRefusals();
      for (const { info } of parts) refused.notFinite += info.refused.notFinite;
      return {
        state: {
          positions: concat(parts.map((part) => part.state.positions)),
          energy: joined(parts.map((part) => part.state.energy)),
          gradient: joined(parts.map((part) => part.state.gradient)),
          velocities: undefined,
          density: undefined,
        },
        info: {
          attempts: parts[0].info.attempts,
          accepted: joined(parts.map((part) => part.info.accepted)),
          logRatio: joined(parts.map((part) => part.info.logRatio)),
          refused,
        },
      };
    },
  };
}

/** The rows of one rung as views: kernels do not write to a state. */
function rungOf(state: ChainState, rung: number, ladders: number): ChainState {
  const { dim } = state.positions;
  const from = rung * ladders;
  const to = from + ladders;
  return {
    positions: rows(state.positions, from, to),
    energy: state.energy.subarray(from, to),
    gradient: state.gradient.subarray(from * dim, to * dim),
    velocities: undefined,
    density: undefined,
  };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

/** The rungs that have a partner above them in an even (0) or odd (1) round. */
function lowerRungs(rungs: number, parity: number): number[] {
  const lower: number[] = [];
  for (let rung = parity; rung + 1 < rungs; rung += 2) lower.push(rung);
  return lower;
}

function expectRising(ladder: readonly number[]): readonly number[] {
  if (ladder.length === 0) throw new RangeError('"ladder" expected at least one kT, got none');
  ladder.forEach((kT, rung) => {
    expectPositive(`ladder[${rung}]`, kT);
    if (rung > 0 && !(kT > ladder[rung - 1])) {
      throw new RangeError(
        `"ladder" expected rising kT, got ${kT} after ${ladder[rung - 1]} at rung ${rung}`,
      );
    }
  });
  return [...ladder];
}

function expectExact(kernel: Kernel): Kernel {
  if (kernel.exact) return kernel;
  throw new RangeError(`"local" expected a kernel that is exact, got ${kernel.name}`);
}
