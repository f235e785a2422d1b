import type { Ledger } from '../core/ledger.ts';
import type { FlowDensity } from '../flow/density.ts';
import type { FlowModel } from '../flow/model.ts';
import type { Stepper, StepperSpec } from '../flow/stepper.ts';
import type { ArtifactStore } from './artifacts.ts';
import type { Emit } from './events.ts';
import type { Midway } from './midway.ts';
import type { Plan } from './plan.ts';

/** What the phases of a run are given by whoever runs them: the plan, a place for data, a tier. */
export interface Environment {
  readonly plan: Plan;
  readonly store: ArtifactStore;
  /** Booked into by every phase; saved and restored with the machine. */
  readonly ledger: Ledger;
  readonly emit: Emit;
  /** Checkpoints within a phase; none where undefined. */
  readonly midway?: Midway;
  /** The training tier: eager or compiled. */
  readonly createStepper: (spec: StepperSpec) => Stepper;
  /** The float64 tier that decides acceptance. */
  readonly createDensity: (model: FlowModel) => FlowDensity;
}
