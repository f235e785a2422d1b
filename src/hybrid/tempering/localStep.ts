import { usefulAcceptance } from '../../md/stepSize.ts';
import type { KernelSpec } from '../plan.ts';

/** A Metropolised local kernel with its one step parameter in view. */
export interface LocalStep {
  /** Δt or σ, as the scenario has it. */
  readonly step: number;
  /** The acceptance at which such a kernel gets furthest. */
  readonly acceptance: number;
  /** The same kernel with another step and, where given, another number of moves a burst. */
  with(step: number, attempts?: number): KernelSpec;
}

/** @throws {RangeError} for unadjusted dynamics, which accepts everything. */
export function localStep(spec: KernelSpec): LocalStep {
  switch (spec.kind) {
    case 'random-walk':
      return {
        step: spec.stepSize,
        acceptance: usefulAcceptance.randomWalk,
        with: (stepSize, attempts = spec.attempts) => ({ ...spec, stepSize, attempts }),
      };
    case 'mala':
    case 'hmc':
    case 'ghmc':
      return {
        step: spec.timestep,
        acceptance: spec.kind === 'mala' ? usefulAcceptance.mala : usefulAcceptance.hmc,
        with: (timestep, attempts = spec.attempts) => ({ ...spec, timestep, attempts }),
      };
    case 'langevin':
    case 'euler-maruyama':
      throw new RangeError(`"production.local" expected a Metropolised kernel, got ${spec.kind}`);
  }
}
