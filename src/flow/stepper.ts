import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

/** Numbers on their way into a training step. */
export interface Input {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** A scalar loss of weights and inputs in ordinary tfjs ops, with further scalars to be reported. */
export type LossFunction = (
  weights: readonly Tensor[],
  inputs: readonly Tensor[],
) => { readonly loss: Scalar; readonly terms: readonly Scalar[] };

/** A pure map of weights and inputs to tensors in ordinary tfjs ops. */
export type MapFunction = (
  weights: readonly Tensor[],
  inputs: readonly Tensor[],
) => readonly Tensor[];

/** Constants of Adam. */
export interface AdamOptions {
  /** 0.9 */
  readonly beta1: number;
  /** 0.999 */
  readonly beta2: number;
  /** 1e-7 (Keras) */
  readonly epsilon: number;
  /** Largest Euclidean norm of the whole gradient; larger ones are scaled down to it. */
  readonly clipNorm: number;
}

/** What one step of training came to. */
export interface StepReport {
  readonly loss: number;
  readonly terms: readonly number[];
  /** Before clipping. */
  readonly gradientNorm: number;
  /** The loss or the gradient was not finite, so nothing was changed. */
  readonly skipped: boolean;
}

/**
 * Owns weights and Adam moments and advances them; one implementation a tier (eager, compiled).
 * Kingma & Ba, ICLR 2015, arXiv:1412.6980.
 */
export interface Stepper {
  /** `eager` or `compiled`. */
  readonly tier: string;
  /** One Adam step on the loss at `inputs`. */
  step(inputs: readonly Input[], learningRate: number): StepReport;
  /** Evaluates a map with the current weights; for `map` as given when the stepper was made. */
  evaluate(map: string, inputs: readonly Input[]): Float32Array[];
  weights(): Float32Array[];
  /** Everything that determines the next step, for checkpoints. */
  state(): StepperState;
  restore(state: StepperState): void;
  dispose(): void;
}

/** All that a stepper needs to go on where it stopped. */
export interface StepperState {
  readonly weights: readonly Float32Array[];
  readonly firstMoments: readonly Float32Array[];
  readonly secondMoments: readonly Float32Array[];
  /** Adam's t: the steps that were taken, skipped ones not counted. */
  readonly steps: number;
}

/** What a stepper is made of. */
export interface StepperSpec {
  readonly loss: LossFunction;
  /** Maps available to `evaluate`, by name. */
  readonly maps: Readonly<Record<string, MapFunction>>;
  readonly weights: readonly Float32Array[];
  readonly shapes: readonly (readonly number[])[];
  readonly adam: AdamOptions;
}
