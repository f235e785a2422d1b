/**
 * Normalizing flows: bijectors, their training with tfjs, their densities in float64.
 *
 * @module ergoflow/flow
 */

// Bijectors.

export { additiveCouplings } from './additiveCouplings.ts';
export { type AffineCouplingsOptions, affineCouplings } from './affineCouplings.ts';
// Training.
export type { Symmetry } from './augmented.ts';
export { type AutoregressiveOptions, autoregressive } from './autoregressive.ts';
export type { Architecture, Bijector, ExactMap, Mapped, ParameterSpec } from './bijector.ts';
export { bijectorFrom, bijectorKinds } from './bijectorFrom.ts';
export { chain } from './chain.ts';
export type { CouplingOptions } from './couplingLayout.ts';
// Models and their densities.
export type { Draws, FlowDensity, MappedBatch } from './density.ts';
export { eagerStepper } from './eagerStepper.ts';
export { ArchitectureError, ModelFileError, OneWayError } from './errors.ts';
export {
  type Fit,
  type FitCheckpoint,
  type FitPosition,
  type FitSpec,
  type FitStep,
  fit,
  type ReducedEnergy,
  type Schedule,
  type TrainingStage,
} from './fit.ts';
export { flowDensity } from './flowDensity.ts';
export { type FlowScore, flowScore } from './flowScore.ts';
export { invert } from './invert.ts';
export { type EnergyCap, linearLog, type ValueAndSlope } from './linearLog.ts';
export { type FlowModel, newModel } from './model.ts';
export { modelFromBytes, modelToBytes } from './modelFile.ts';
export { nicer } from './nicer.ts';
export { permute } from './permute.ts';
export { reactionCoordinateEntropy } from './reactionCoordinateEntropy.ts';
export { type RealNVPOptions, realNVP } from './realNVP.ts';
export {
  decodeSafetensors,
  encodeSafetensors,
  type NamedTensor,
  type TensorFile,
} from './safetensors.ts';
export { scaling } from './scaling.ts';
export { type SplineCouplingsOptions, splineCouplings } from './splineCouplings.ts';
export { evenOdd, type Split } from './split.ts';
export { standardise } from './standardise.ts';
export type {
  AdamOptions,
  Input,
  LossFunction,
  MapFunction,
  Stepper,
  StepperSpec,
  StepperState,
  StepReport,
} from './stepper.ts';
export { symmetrised } from './symmetrised.ts';
export { type SymmetryGroup, symmetryGroup } from './symmetryGroup.ts';
export { whiten } from './whiten.ts';
export { type WhiteningOptions, whitening } from './whitening.ts';
