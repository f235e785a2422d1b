import type { Batch } from '../core/batch.ts';
import type { CollectiveVariable } from '../core/collectiveVariable.ts';
import type { EnergyAndGradient } from '../core/potential.ts';
import type { Key } from '../core/rng.ts';
import type { FlowModel } from './model.ts';
import type { Stepper, StepperSpec, StepperState } from './stepper.ts';

/** A number that stays, or goes linearly from its first to its last value over a stage. */
export type Schedule = number | { readonly from: number; readonly to: number };

/** One stage of training. Stages follow each other with one optimiser. */
export interface TrainingStage {
  readonly steps: number;
  /** Configurations per step drawn from the data set, with replacement. */
  readonly exampleBatch: number;
  /** Latent points per step; 0 where the stage trains by example alone. */
  readonly energyBatch: number;
  /** Cosine from `from` to `to` where a pair. */
  readonly learningRate: Schedule;
  /** w_ML, w_KL, w_RC. */
  readonly weights: {
    readonly example: Schedule;
    readonly energy: Schedule;
    readonly reactionCoordinate: Schedule;
  };
  /** Reduced energy above which it grows logarithmically (E_high), and where it stops (E_max). */
  readonly energyCap: { readonly high: number; readonly max: number };
  /** Relative temperatures τ shared out evenly over the latent batch: [1] for one. */
  readonly temperatures: readonly number[];
  /** Ends the stage when the held-out loss has not fallen for `patience` looks, `every` steps apart. */
  readonly earlyStop: { readonly every: number; readonly patience: number } | undefined;
}

/** u(x) = U(x)/kT with its gradient: all that training by energy knows of the physics. */
export type ReducedEnergy = (x: Batch) => EnergyAndGradient;

export interface FitSpec {
  readonly model: FlowModel;
  /** Training configurations, `[N, D]`. */
  readonly data: Batch;
  /** One weight per configuration, `[N]`, or undefined for equal ones. */
  readonly dataWeights: Float64Array | undefined;
  /** Held-out configurations; never trained on. */
  readonly heldOut: Batch;
  readonly stages: readonly TrainingStage[];
  /** Undefined where no stage trains by energy. */
  readonly reducedEnergy: ReducedEnergy | undefined;
  readonly reactionCoordinate:
    | { readonly variable: CollectiveVariable; readonly min: number; readonly max: number }
    | undefined;
  /** Gradients with a larger Euclidean norm are scaled down to it. */
  readonly clipNorm: number;
  readonly key: Key;
  readonly createStepper: (spec: StepperSpec) => Stepper;
}

/** What one training step did. */
export interface FitStep {
  /** Steps since the start, over all stages. */
  readonly step: number;
  readonly stage: number;
  /** Mean J_ML, J_KL, J_RC, unweighted; NaN for a term that this step does not have. */
  readonly example: number;
  readonly energy: number;
  readonly reactionCoordinate: number;
  /** Mean −log q over the held-out data; undefined at steps that do not look. */
  readonly heldOut: number | undefined;
  readonly gradientNorm: number;
  /** Loss or gradient was not finite; no weight changed. */
  readonly skipped: boolean;
  /** The step ended its stage before its length was up. */
  readonly stoppedEarly: boolean;
}

/** A fit in progress: pull steps from it, read the model at any time. */
export interface Fit extends Iterable<FitStep> {
  readonly totalSteps: number;
  model(): FlowModel;
  state(): StepperState;
  dispose(): void;
}
