/**
 * What scenarios and force fields are written with: potentials, states, runs, comparisons.
 *
 * @module ergoflow
 */

// Core: the currency, its randomness and its errors.
export { type Batch, batch, fromRows } from './core/batch.ts';
export { type CollectiveVariable, linear, particleDistance } from './core/collectiveVariable.ts';
export {
  type Divergence,
  DivergenceError,
  ErgoflowError,
  type Issue,
  ScenarioError,
  ShapeError,
} from './core/errors.ts';
export { metropolisHastings, type Proposal, type Proposer } from './core/hastings.ts';
export { iterate, take } from './core/iterate.ts';
export {
  type ChainState,
  type Kernel,
  type MoveInfo,
  startChains,
  type Transition,
} from './core/kernel.ts';
export { booked, emptyLedger, type Ledger, totalEvaluations } from './core/ledger.ts';
export type { EnergyAndGradient, Potential } from './core/potential.ts';
export { at, fold, type Key, normal, rootKey, uniform } from './core/rng.ts';
export { torsion } from './core/torsion.ts';
export { kelvinToKT, molarGasConstant } from './core/units.ts';
// Scenarios.
export { flowProposal } from './hybrid/kernels/flowProposal.ts';
export { latentWalk } from './hybrid/kernels/latentWalk.ts';
export { tensorPotential } from './hybrid/tensorPotential.ts';
// Molecular dynamics.
export {
  type CheckOptions,
  checkPotential,
  type PotentialCheck,
} from './md/check/checkPotential.ts';
export type { Finding, FindingName, FindingStatus } from './md/check/finding.ts';
export { definePotential, type PotentialDefinition } from './md/definePotential.ts';
export { ExpressionError } from './md/expression/expressionError.ts';
export { harmonicRestraint } from './md/harmonicRestraint.ts';
export { inUnits } from './md/inUnits.ts';
export { eulerMaruyama } from './md/kernels/eulerMaruyama.ts';
export { ghmc } from './md/kernels/ghmc.ts';
export { hmc } from './md/kernels/hmc.ts';
export { langevin } from './md/kernels/langevin.ts';
export { mala } from './md/kernels/mala.ts';
export { randomWalk } from './md/kernels/randomWalk.ts';
export { type Minimum, minimize } from './md/minimize.ts';
// Molecules.
export { energyTerms, type TermEnergy } from './md/molecule/energyTerms.ts';
export { molecularPotential } from './md/molecule/molecularPotential.ts';
export type { MolecularSystem } from './md/molecule/molecularSystem.ts';
export { repartitionHydrogenMass } from './md/molecule/repartitionHydrogenMass.ts';
export { alanineDipeptide } from './md/molecule/systems/alanineDipeptide.ts';
export { bpti } from './md/molecule/systems/bpti.ts';
export { chignolin } from './md/molecule/systems/chignolin.ts';
export { phiReference } from './md/molecule/systems/phiReference.ts';
export { onAtoms } from './md/onAtoms.ts';
export { type DimerProfile, dimerProfiles } from './md/particleDimer/dimerProfiles.ts';
export { type DimerReference, dimerReference } from './md/particleDimer/dimerReference.ts';
export {
  dimerDistance,
  dimerLattice,
  dimerThreshold,
  relaxedDimer,
} from './md/particleDimer/starts.ts';
export { defineAnglePotential } from './md/particles/defineAnglePotential.ts';
export { defineBondPotential } from './md/particles/defineBondPotential.ts';
export { defineExternalPotential } from './md/particles/defineExternalPotential.ts';
export { definePairPotential } from './md/particles/definePairPotential.ts';
export { defineTorsionPotential } from './md/particles/defineTorsionPotential.ts';
export { doubleWell } from './md/potentials/doubleWell.ts';
export { harmonic } from './md/potentials/harmonic.ts';
export { muellerBrown } from './md/potentials/muellerBrown.ts';
export { type ParticleDimerOptions, particleDimer } from './md/potentials/particleDimer.ts';
export { scaled, sumOf } from './md/sumOf.ts';
export type { Choices } from './scenario/automatic/choices.ts';
export {
  type ProposeOptions,
  proposeScenario,
  type ScenarioProposal,
} from './scenario/automatic/proposeScenario.ts';
export type { ProposedSettings } from './scenario/automatic/proposeSettings.ts';
export type { ProposedState } from './scenario/automatic/proposeStates.ts';
export { scenarioText } from './scenario/automatic/scenarioText.ts';
export type { CheckpointPolicy } from './scenario/checkpoints.ts';
export {
  type CompareOptions,
  type CompareProgress,
  compareMethods,
} from './scenario/compare/compareMethods.ts';
export type {
  Budget,
  Comparison,
  Cost,
  LadderFigures,
  MethodComparison,
  MethodName,
  MethodRun,
  MethodSummary,
  Spread,
  Winner,
} from './scenario/comparison.ts';
export { defineScenario } from './scenario/defineScenario.ts';
export type {
  BackendName,
  CarriedFigure,
  Check,
  Figure,
  Neighbour,
  Result,
  Stated,
  WallSeconds,
  Withheld,
} from './scenario/result.ts';
export {
  InterruptedError,
  type RunOptions,
  type RunOutcome,
  runScenario,
  type SavedRun,
} from './scenario/runScenario.ts';
export type {
  KnownProfile,
  ParticlePictures,
  Reference,
  Scenario,
  ScenarioAxis,
  ScenarioState,
  Targets,
} from './scenario/scenario.ts';
export { type Range, stateAlong } from './scenario/stateAlong.ts';
