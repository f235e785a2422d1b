import { type Batch, rows } from '../../core/batch.ts';
import { startChains } from '../../core/kernel.ts';
import type { Potential } from '../../core/potential.ts';
import { fold, type Key } from '../../core/rng.ts';
import { hmc } from '../kernels/hmc.ts';
import { mala } from '../kernels/mala.ts';
import { tuneStepSize, usefulAcceptance } from '../stepSize.ts';
import { type Finding, finding, shown } from './finding.ts';

/** Steps that suit a surface at one temperature. */
export interface SuggestedSteps {
  /** Δt for molecular dynamics: a twenty-fifth of the shortest period, time. */
  readonly timestep: number;
  /** Δt of HMC trajectories of eight steps, accepted at 80 %, time. */
  readonly hmc: number;
  /** Δt of MALA, accepted at 57 %, length²/energy. */
  readonly mala: number;
  /** σ of random-walk steps, accepted at some 30 %, length. */
  readonly randomWalk: number;
  /** Acceptance of HMC and MALA at these steps. */
  readonly acceptance: { readonly hmc: number; readonly mala: number };
  /** Whether both searches came to an end. */
  readonly converged: boolean;
}

/** Finds steps by short pilot runs from `starts`; see `tuneStepSize`. */
export function suggestSteps(
  potential: Potential,
  options: {
    readonly starts: Batch;
    readonly kT: number;
    readonly masses: Float64Array;
    readonly frequency: number;
    readonly randomWalk: number;
    readonly key: Key;
  },
): SuggestedSteps {
  const { kT, masses, frequency, key } = options;
  const start = startChains(potential, rows(options.starts, 0, Math.min(32, options.starts.count)));
  const fastest = frequency > 0 ? frequency : 1;
  // λ of U alone: what bounds the overdamped step is not the motion's frequency but the curvature.
  const heaviest = masses.reduce((a, b) => Math.max(a, b), 0);
  const overdamped = tuneStepSize({
    make: (timestep) => mala(potential, { kT, timestep, attempts: 5 }),
    state: start,
    key: fold(key, 'mala'),
    target: usefulAcceptance.mala,
    initial: 0.5 / (fastest * fastest * heaviest),
    tolerance: 0.06,
  });
  const inertial = tuneStepSize({
    make: (timestep) =>
      hmc(potential, { kT, timestep, steps: 8, attempts: 2, masses, jitter: 0.2 }),
    state: start,
    key: fold(key, 'hmc'),
    target: usefulAcceptance.hmc,
    initial: 0.5 / fastest,
    tolerance: 0.08,
    maxPilots: 12,
  });
  return {
    timestep: (2 * Math.PI) / (25 * fastest),
    hmc: inertial.stepSize,
    mala: overdamped.stepSize,
    randomWalk: options.randomWalk,
    acceptance: { hmc: inertial.acceptance, mala: overdamped.acceptance },
    converged: inertial.converged && overdamped.converged,
  };
}

export function describeSteps(steps: SuggestedSteps): Finding {
  const { acceptance } = steps;
  return finding(
    'time step',
    steps.converged ? 'passed' : 'warned',
    `for MD ${shown(steps.timestep, 2)}; HMC ${shown(steps.hmc, 2)} (accepts ${acceptance.hmc.toFixed(2)}), ` +
      `MALA ${shown(steps.mala, 2)} (accepts ${acceptance.mala.toFixed(2)}), random walk ${shown(steps.randomWalk, 2)}` +
      (steps.converged ? '' : '; no step was found that accepts as it should'),
    {
      timestep: steps.timestep,
      hmc: steps.hmc,
      mala: steps.mala,
      randomWalk: steps.randomWalk,
      hmcAcceptance: acceptance.hmc,
      malaAcceptance: acceptance.mala,
    },
  );
}
