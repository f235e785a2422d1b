import type { FlowSpec, KernelSpec } from '../../hybrid/plan.ts';
import type { SuggestedSteps } from '../../md/check/suggestSteps.ts';

/** What a run is told about steps and its flow; all else is a scenario's default. */
export interface ProposedSettings {
  readonly seeding: Extract<KernelSpec, { kind: 'langevin' }>;
  readonly local: Extract<KernelSpec, { kind: 'mala' | 'hmc' }>;
  readonly flow: Pick<FlowSpec, 'blocks' | 'hidden'>;
}

/**
 * Settings from measured steps: MD at a twenty-fifth of the shortest period and under-damped; MALA in
 * production, or HMC from ten coordinates on, where random walks slow down; a flow that is wider in
 * more dimensions.
 */
export function proposeSettings(
  dim: number,
  steps: SuggestedSteps,
  frequency: number,
): ProposedSettings {
  const round = (value: number): number => Number(value.toPrecision(2));
  return {
    seeding: {
      kind: 'langevin',
      timestep: round(steps.timestep),
      friction: round(0.2 * frequency),
      steps: 10,
    },
    local:
      dim < 10
        ? { kind: 'mala', timestep: round(steps.mala), attempts: 5 }
        : { kind: 'hmc', timestep: round(steps.hmc), steps: 8, attempts: 1 },
    flow: { blocks: 8, hidden: dim <= 4 ? [32, 32] : dim <= 20 ? [64, 64] : [128, 128] },
  };
}
