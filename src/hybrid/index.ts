/**
 * Flows and dynamics in one chain: moves, weights, and the campaign that orders them.
 *
 * @module ergoflow/hybrid
 */

// The campaign: what happens next.
export { campaignActors, type Summarise } from './actors.ts';
// Moves and weights.
export {
  type AnnealedWeightsOptions,
  annealedWeights,
} from './annealing/annealedWeights.ts';
export type { BridgeOptions } from './annealing/flowBridge.ts';
export { type Artifact, type ArtifactArray, type ArtifactStore, memoryStore } from './artifacts.ts';
export { bookedDensity } from './bookedDensity.ts';
export { bookedScore } from './bookedScore.ts';
export {
  type Assessment,
  type CampaignActors,
  type CampaignContext,
  type CampaignEvent,
  type CampaignInput,
  campaignMachine,
} from './campaign.ts';
export {
  hasModel,
  isFlowless,
  isGoodEnough,
  isMissed,
  isSpent,
  type Scores,
} from './campaignGuards.ts';
export { type DrawWeightsOptions, drawWeights } from './drawWeights.ts';
export type { Environment } from './environment.ts';
export type { Emit, RunEvent } from './events.ts';
export type { GatheringOptions, WeightedDraws } from './gatherDraws.ts';
export { independenceAcceptance } from './independenceAcceptance.ts';
export {
  INVERTIBILITY_BOUND,
  type InvertedDensity,
  invertedDensity,
  type RoundTrip,
  roundTrip,
} from './invertedDensity.ts';
export {
  type AnnealedProposalOptions,
  annealedProposal,
  annealedProposer,
} from './kernels/annealedProposal.ts';
export { type FlowMoveOptions, flowProposal, flowProposer } from './kernels/flowProposal.ts';
export { type LatentWalkOptions, latentWalk, latentWalkProposer } from './kernels/latentWalk.ts';
export type { Midway } from './midway.ts';
export type {
  AnnealingSpec,
  Axis,
  FlowSpec,
  KernelSpec,
  Plan,
  ProductionSpec,
  StateSpec,
} from './plan.ts';
// Records larger than memory.
export type { Recorder } from './recorder.ts';
export { type RecordMark, type RecordReader, type Records, recordBlocks } from './records.ts';
// A force field of tensors.
export { type TensorPotentialDefinition, tensorPotential } from './tensorPotential.ts';
