/**
 * Estimators with standard errors: BAR, MBAR, profiles, effective sample sizes, Pareto k.
 *
 * @module ergoflow/analysis
 */

export {
  autocovariance,
  chainEffectiveSampleSize,
  chainMean,
  integratedAutocorrelationTime,
} from './autocorrelation.ts';
export { bar } from './bar.ts';
export {
  type BlockBootstrapOptions,
  type BootstrapEstimate,
  blockBootstrap,
  type ChainColumns,
} from './blockBootstrap.ts';
export {
  type CombinedFreeEnergies,
  combineChainAndFlow,
  type WeightedStates,
} from './combineChainAndFlow.ts';
export {
  essFraction,
  essPerState,
  kishEss,
  largestWeightShare,
  type StateCoverage,
} from './effectiveSampleSize.ts';
export {
  type EnergyDistributionCheck,
  type EnergySamples,
  energyDistributionCheck,
} from './energyDistributionCheck.ts';
export { type EssConsistency, essConsistency } from './essConsistency.ts';
export type { Estimate } from './estimate.ts';
export { forwardEssFraction, unreachedShare } from './forwardEss.ts';
export {
  bootstrapChainFreeEnergies,
  bootstrapReweightedFreeEnergies,
  chainFreeEnergies,
  type LabelledChain,
  reweightedFreeEnergies,
} from './freeEnergy.ts';
export {
  type GeneralizedPareto,
  generalizedParetoFit,
  generalizedParetoQuantile,
} from './generalizedPareto.ts';
export { binOf, type Histogram, histogram, uniformEdges } from './histogram.ts';
export type { Box, Labeller } from './labelledIntegral.ts';
export { logPartition } from './logPartition.ts';
export { type Mbar, type MbarOptions, mbar } from './mbar.ts';
export { paretoK, paretoLimit, paretoSmooth, type SmoothedWeights } from './paretoSmoothing.ts';
export {
  chainProfile,
  type Profile,
  type ProfileRow,
  profileRows,
  reweightedProfile,
  type ValuedChain,
} from './profile.ts';
export {
  type BinnedReference,
  type ProfileDeparture,
  profileDeparture,
} from './profileDeparture.ts';
export {
  type BoltzmannReference,
  boltzmannReference,
  type QuadratureOptions,
  referenceProfile,
} from './quadrature.ts';
export { ratioOfMeans } from './ratioOfMeans.ts';
export { splitRhat } from './splitRhat.ts';
export { temperatureLogWeights } from './temperatureReweighting.ts';
export {
  countTransitions,
  idealUsefulAcceptance,
  type Transitions,
  totalTransitions,
  usefulAcceptance,
} from './transitions.ts';
export {
  type UmbrellaProfile,
  type UmbrellaProfileOptions,
  umbrellaProfile,
  type WindowSeries,
} from './umbrellaProfile.ts';
export { uncorrelatedIndices } from './uncorrelatedIndices.ts';
export {
  type WeightEvidence,
  type Withholding,
  withholdChain,
  withholdWeighted,
} from './weightQuality.ts';
