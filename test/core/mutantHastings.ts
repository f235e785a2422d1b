import { batch } from '../../src/core/batch.ts';
import type { Proposer } from '../../src/core/hastings.ts';
import { type Kernel, noRefusals } from '../../src/core/kernel.ts';
import type { Potential } from '../../src/core/potential.ts';
import { at, fold, uniform } from '../../src/core/rng.ts';

/** One mistake in the Metropolis–Hastings rule. */
export type Fault =
  | 'drops log q(y → x)'
  | 'drops log q(x → y)'
  | 'flips the sign of the proposal ratio'
  | 'flips the sign of the energy difference'
  | 'does not record rejected states'
  | 'throws one coin for all chains';

/**
 * The Hastings rule written out plainly, one attempt a burst, with a fault or without. Without it
 * gives the bytes of `metropolisHastings`; with it the suite has something to catch.
 */
export function plainHastings(
  potential: Potential,
  proposer: Proposer,
  kT: number,
  fault: Fault | undefined,
): Kernel {
  return {
    name: `${proposer.name}, ${fault ?? 'sound'}`,
    exact: fault === undefined,
    step(state, key) {
      const { count, dim } = state.positions;
      const x = state.positions.data.slice();
      const energy = state.energy.slice();
      const gradient = state.gradient.slice();
      const accepted = new Float64Array(count);
      const logRatio = new Float64Array(count);
      const positions = batch(x, dim);
      // A run that records accepted states only sees every chain after its next acceptance.
      const attempts = fault === 'does not record rejected states' ? 400 : 1;

      for (let attempt = 0; attempt < attempts && accepted.includes(0); attempt++) {
        const attemptKey = at(key, attempt);
        const current = { ...state, positions, energy, gradient };
        const proposal = proposer.propose(current, fold(attemptKey, 'propose'));
        const offered = proposal.evaluated ?? potential.energyAndGradient(proposal.y);
        const coins = uniform(fold(attemptKey, 'accept'), count);
        for (let b = 0; b < count; b++) {
          if (accepted[b] === 1) continue;
          const forward = fault === 'drops log q(x → y)' ? 0 : proposal.logForward[b];
          const reverse = fault === 'drops log q(y → x)' ? 0 : proposal.logReverse[b];
          const proposalSign = fault === 'flips the sign of the proposal ratio' ? -1 : 1;
          const energySign = fault === 'flips the sign of the energy difference' ? -1 : 1;
          const coin = fault === 'throws one coin for all chains' ? coins[0] : coins[b];
          logRatio[b] =
            (energySign * (energy[b] - offered.energy[b])) / kT +
            proposalSign * reverse -
            proposalSign * forward;
          if (coin >= Math.exp(logRatio[b])) continue;
          const from = b * dim;
          const to = from + dim;
          x.set(proposal.y.data.subarray(from, to), from);
          gradient.set(offered.gradient.subarray(from, to), from);
          energy[b] = offered.energy[b];
          accepted[b] = 1;
        }
      }
      return {
        state: { positions, energy, gradient, velocities: state.velocities, density: undefined },
        info: { attempts: 1, accepted, logRatio, refused: noRefusals() },
      };
    },
  };
}
