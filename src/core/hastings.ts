import { type Batch, batch, row } from './batch.ts';
import {
  type ChainState,
  type Kernel,
  noRefusals,
  type ProposalDensity,
  type RefusalCause,
} from './kernel.ts';
import { type EnergyAndGradient, energyAndGradientBuffer, type Potential } from './potential.ts';
import { at, fold, type Key, uniform } from './rng.ts';

/**
 * A move offered to every chain, with the densities that its acceptance needs. It owns them: `y` never
 * changes after they were computed. The arrays may be buffers, valid until the next proposal.
 */
export interface Proposal {
  /** The offered configurations, `[B, D]`. */
  readonly y: Batch;
  /** log q(x → y), `[B]`, up to a constant shared with `logReverse`. */
  readonly logForward: Float64Array;
  /** log q(y → x), `[B]`. */
  readonly logReverse: Float64Array;
  /** U and ∂U/∂x at `y`, where the proposal had to evaluate them anyway. */
  readonly evaluated: EnergyAndGradient | undefined;
  /** Per chain, why the move is refused before U is evaluated; undefined where none is. */
  readonly refused: readonly (RefusalCause | undefined)[] | undefined;
  /** log q(x) and log q(y) of an independence proposal, kept so that neither is computed again. */
  readonly density: ProposedDensity | undefined;
}

/** The densities of an independence proposal, at both ends of the move. */
export interface ProposedDensity {
  readonly owner: object;
  /** log q at the current and at the offered configurations, `[B]`. */
  readonly current: Float64Array;
  readonly proposed: Float64Array;
  /** `[B]`, 1 where the flow inverts within its bound. */
  readonly currentInvertible: Uint8Array;
  readonly proposedInvertible: Uint8Array;
}

/** Anything that offers a move and knows its densities: a random walk, Langevin, a flow, a swap. */
export interface Proposer {
  readonly name: string;
  propose(state: ChainState, key: Key): Proposal;
  /**
   * Redraw velocities after the move, independently of x and of the coin. Keeping them is exact too;
   * a jump to another basin with the old velocities is merely odd.
   */
  readonly redrawsVelocities: boolean;
}

/** The ensemble, and how many moves one burst offers. */
export interface HastingsOptions {
  /** k_B T, in the potential's energy unit. */
  readonly kT: number;
  /** Moves offered to each chain per burst. */
  readonly attempts: number;
}

/**
 * The one Metropolis–Hastings rule of the package: any `Proposer` made into an exact kernel.
 *
 *     log α = −(U(y) − U(x)) / kT + log q(y → x) − log q(x → y)
 *
 * A proposal whose energy is NaN or −∞, or whose ratio is NaN, is rejected and counted by cause;
 * +∞ is an ordinary rejection (design rule 9). A refused proposal costs no evaluation.
 * Hastings, Biometrika 57, 97, 1970. doi:10.1093/biomet/57.1.97
 */
export function metropolisHastings(
  potential: Potential,
  proposer: Proposer,
  options: HastingsOptions,
): Kernel {
  const { kT, attempts } = options;
  const { dim } = potential;
  let offered: EnergyAndGradient = energyAndGradientBuffer(0, dim);
  let coins = new Float64Array(0);

  return {
    name: proposer.name,
    exact: true,
    step(state, key) {
      const { count } = state.positions;
      if (coins.length !== count) {
        offered = energyAndGradientBuffer(count, dim);
        coins = new Float64Array(count);
      }
      const x = state.positions.data.slice();
      const energy = state.energy.slice();
      const gradient = state.gradient.slice();
      const accepted = new Float64Array(count);
      const logRatio = new Float64Array(count);
      const refused = noRefusals();
      const positions = batch(x, dim);
      let current: ChainState = { ...state, positions, energy, gradient };

      for (let attempt = 0; attempt < attempts; attempt++) {
        const attemptKey = at(key, attempt);
        const proposal = proposer.propose(current, fold(attemptKey, 'propose'));
        const evaluated = proposal.evaluated ?? evaluateOffered(potential, proposal, offered);
        uniform(fold(attemptKey, 'accept'), coins);
        const { density } = proposal;
        let moved = false;
        for (let b = 0; b < count; b++) {
          const cause = proposal.refused?.[b];
          if (cause !== undefined) {
            refused[cause]++;
            logRatio[b] = -Infinity;
            continue;
          }
          const offeredEnergy = evaluated.energy[b];
          const ratio =
            (energy[b] - offeredEnergy) / kT + proposal.logReverse[b] - proposal.logForward[b];
          if (!(offeredEnergy > -Infinity) || Number.isNaN(ratio)) {
            refused.notFinite++;
            logRatio[b] = -Infinity;
            continue;
          }
          logRatio[b] = ratio;
          if (coins[b] >= Math.exp(ratio)) continue;
          x.set(row(proposal.y, b), b * dim);
          energy[b] = offeredEnergy;
          for (let i = b * dim; i < (b + 1) * dim; i++) gradient[i] = evaluated.gradient[i];
          accepted[b]++;
          moved = true;
          if (density !== undefined) {
            density.current[b] = density.proposed[b];
            density.currentInvertible[b] = density.proposedInvertible[b];
          }
        }
        // Whoever moved x without knowing q has made the cached q stale, for every chain or none.
        current = {
          positions,
          energy,
          gradient,
          velocities: proposer.redrawsVelocities ? undefined : current.velocities,
          density:
            density === undefined
              ? moved
                ? undefined
                : current.density
              : {
                  owner: density.owner,
                  logProb: density.current,
                  invertible: density.currentInvertible,
                },
        };
      }
      return {
        state: { ...current, density: owned(current.density) },
        info: { attempts, accepted, logRatio, refused },
      };
    },
  };
}

/** A copy: a proposal's arrays are buffers, and a state outlives the next proposal. */
function owned(density: ProposalDensity | undefined): ProposalDensity | undefined {
  return (
    density && {
      owner: density.owner,
      logProb: density.logProb.slice(),
      invertible: density.invertible.slice(),
    }
  );
}

/** U and gradient of the rows of `proposal.y` that were not refused; the others stay NaN. */
function evaluateOffered(
  potential: Potential,
  proposal: Proposal,
  out: EnergyAndGradient,
): EnergyAndGradient {
  const { y, refused } = proposal;
  if (refused === undefined || !refused.some((cause) => cause !== undefined)) {
    return potential.energyAndGradient(y, out);
  }
  const kept: number[] = [];
  for (let b = 0; b < y.count; b++) if (refused[b] === undefined) kept.push(b);
  out.energy.fill(Number.NaN);
  out.gradient.fill(Number.NaN);
  if (kept.length === 0) return out;
  const data = new Float64Array(kept.length * y.dim);
  kept.forEach((b, i) => {
    data.set(row(y, b), i * y.dim);
  });
  const part = potential.energyAndGradient(batch(data, y.dim));
  kept.forEach((b, i) => {
    out.energy[b] = part.energy[i];
    out.gradient.set(part.gradient.subarray(i * y.dim, (i + 1) * y.dim), b * y.dim);
  });
  return out;
}
