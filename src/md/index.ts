/**
 * Potentials and exact molecular dynamics, in float64 and without tensors.
 *
 * @module ergoflow/md
 */

// What a force field and its users need of the core.
export { type Batch, batch, fromRows } from '../core/batch.ts';
// Potentials.
export { type CollectiveVariable, linear, particleDistance } from '../core/collectiveVariable.ts';
export type { Domain } from '../core/domain.ts';
export { type Divergence, DivergenceError, ShapeError } from '../core/errors.ts';
export {
  type HastingsOptions,
  metropolisHastings,
  type Proposal,
  type ProposedDensity,
  type Proposer,
} from '../core/hastings.ts';
export { iterate, take } from '../core/iterate.ts';
export {
  type ChainState,
  type Kernel,
  type MoveInfo,
  type ProposalDensity,
  type RefusalCause,
  startChains,
  type Transition,
} from '../core/kernel.ts';
export {
  booked,
  emptyLedger,
  type Ledger,
  type LedgerAccount,
  totalEvaluations,
} from '../core/ledger.ts';
export type { EnergyAndGradient, Potential, PotentialUnits } from '../core/potential.ts';
export { at, fold, type Key, normal, rootKey, uniform } from '../core/rng.ts';
export { type TorsionAtoms, torsion, torsionAngle, torsionGradient } from '../core/torsion.ts';
export { fsToPs, kelvinToKT, molarGasConstant } from '../core/units.ts';
// Umbrella sampling.
export {
  type BiasTable,
  biasAlong,
  type TabulatedFunction,
  tabulatedFunction,
} from './biasAlong.ts';
// A potential looked at from all sides.
export type { BarrierEstimate } from './check/barrier.ts';
export {
  type CheckOptions,
  type CheckProgress,
  checkPotential,
  type PotentialCheck,
} from './check/checkPotential.ts';
export type { FoundMinimum } from './check/distinctMinima.ts';
export type { Finding, FindingName, FindingStatus } from './check/finding.ts';
export type { SuggestedSteps } from './check/suggestSteps.ts';
export type { ParticleLayout, Symmetries, Symmetry } from './check/symmetry.ts';
export {
  definePotential,
  type FunctionDefinition,
  type PotentialDefinition,
} from './definePotential.ts';
export { ExpressionError, type Span } from './expression/expressionError.ts';
export { parseFormula } from './expression/parseFormula.ts';
export {
  type BinaryOperator,
  type Definition,
  type Formula as ParsedFormula,
  printTree,
  type SyntaxTree,
} from './expression/syntaxTree.ts';
export type { FormulaDefinition } from './formulaPotential.ts';
export { harmonicRestraint, type RestraintOptions } from './harmonicRestraint.ts';
// Identical particles.
export { type Assignment, linearAssignment } from './identicalParticles/linearAssignment.ts';
export {
  type ReferenceLabels,
  type ReferenceLabelsOptions,
  referenceLabels,
} from './identicalParticles/referenceLabels.ts';
export { expectIdentical, relabelled } from './identicalParticles/relabelled.ts';
export { inUnits, type UnitChange } from './inUnits.ts';
// Kernels.
export { type EulerMaruyamaOptions, eulerMaruyama } from './kernels/eulerMaruyama.ts';
export { type GhmcOptions, ghmc } from './kernels/ghmc.ts';
export { type HmcOptions, hmc } from './kernels/hmc.ts';
export { type LangevinOptions, langevin } from './kernels/langevin.ts';
export { type MalaOptions, mala, malaProposer } from './kernels/mala.ts';
export { type RandomWalkOptions, randomWalk, randomWalkProposer } from './kernels/randomWalk.ts';
export { type Masses, maxwellBoltzmann, thermalSpeeds } from './masses.ts';
// Before and beside sampling.
export { type MinimizeOptions, type Minimum, minimize } from './minimize.ts';
// Molecules.
export { type ChiralCentre, chiralCentres, chiralitySign } from './molecule/chirality.ts';
export {
  type EnergyDrift,
  type EnergyDriftOptions,
  energyDrift,
  type Slope,
} from './molecule/energyDrift.ts';
export { energyTerms, type TermEnergy } from './molecule/energyTerms.ts';
export {
  type InternalCoordinates,
  internalCoordinates,
  type MappedCoordinates,
} from './molecule/internalCoordinates.ts';
export type { LaneLayout } from './molecule/kernels/laneLayout.ts';
export {
  type MolecularLangevinOptions,
  molecularLangevin,
} from './molecule/kernels/molecularLangevin.ts';
export { molecularPotential } from './molecule/molecularPotential.ts';
export type { MolecularSystem } from './molecule/molecularSystem.ts';
export { plainMolecularPotential } from './molecule/plainMolecularPotential.ts';
export { repartitionHydrogenMass } from './molecule/repartitionHydrogenMass.ts';
export {
  type AlanineDipeptideState,
  alanineDipeptide,
  alanineDipeptideTorsions,
} from './molecule/systems/alanineDipeptide.ts';
export { bpti } from './molecule/systems/bpti.ts';
export { type ChignolinState, chignolin } from './molecule/systems/chignolin.ts';
export { phiReference } from './molecule/systems/phiReference.ts';
export type {
  ImplicitSolvent,
  ShippedMolecule,
  ShippedOptions,
} from './molecule/systems/shippedMolecule.ts';
export type {
  BornModel,
  CmapTorsions,
  DistanceRestraints,
  GeneralizedBorn,
  HarmonicAngles,
  HarmonicBonds,
  Nonbonded,
  PeriodicTorsions,
  PositionRestraints,
  RyckaertBellemansTorsions,
  Term,
} from './molecule/term.ts';
export type { Atom, Residue, Topology } from './molecule/topology.ts';
export { type ZMatrixRow, zMatrix } from './molecule/zMatrix.ts';
export { type AtomSelection, onAtoms } from './onAtoms.ts';
export { type DimerProfile, dimerProfiles } from './particleDimer/dimerProfiles.ts';
export { type DimerReference, dimerReference } from './particleDimer/dimerReference.ts';
// The particle dimer: starts, directions and symmetries.
export { dimerDirections } from './particleDimer/directions.ts';
export { expectParticles } from './particleDimer/expectParticles.ts';
export { dimerReflections, type Reflection } from './particleDimer/reflections.ts';
export {
  dimerDistance,
  dimerLattice,
  dimerThreshold,
  relaxedDimer,
} from './particleDimer/starts.ts';
export {
  type AnglePotentialDefinition,
  defineAnglePotential,
} from './particles/defineAnglePotential.ts';
export {
  type BondPotentialDefinition,
  defineBondPotential,
} from './particles/defineBondPotential.ts';
export {
  defineExternalPotential,
  type ExternalPotentialDefinition,
  type FieldFunctions,
} from './particles/defineExternalPotential.ts';
export {
  definePairPotential,
  type PairParameters,
  type PairPotentialDefinition,
} from './particles/definePairPotential.ts';
export {
  defineTorsionPotential,
  type TorsionPotentialDefinition,
} from './particles/defineTorsionPotential.ts';
export type { ParticleSystem } from './particles/particleSystem.ts';
export type { EnergyFunctions, Formula } from './particles/scalarTerms.ts';
export type { PerItem } from './particles/termParameters.ts';
export { type DoubleWellOptions, doubleWell } from './potentials/doubleWell.ts';
export { type HarmonicOptions, harmonic } from './potentials/harmonic.ts';
export { type MuellerBrownOptions, muellerBrown } from './potentials/muellerBrown.ts';
export { type ParticleDimerOptions, particleDimer } from './potentials/particleDimer.ts';
export { type RowFunctions, rowPotential } from './rowPotential.ts';
export {
  type StepSizeSearch,
  type TunedStepSize,
  tuneStepSize,
  usefulAcceptance,
} from './stepSize.ts';
export { scaled, sumOf } from './sumOf.ts';
// Parallel tempering.
export { type SwapFigures, type SwapStatistics, swapStatistics } from './swapStatistics.ts';
export { type Tempering, type TemperingOptions, tempering } from './tempering.ts';
export {
  type LadderPilot,
  type LadderSearch,
  type TemperingLadder,
  temperingLadder,
} from './temperingLadder.ts';
export {
  evenWindows,
  type UmbrellaOptions,
  type UmbrellaSamples,
  type UmbrellaWindow,
  umbrellaPotential,
  umbrellaSampling,
} from './umbrella.ts';
// Temperatures that samples show.
export {
  type ConfigurationalTemperature,
  type ConfigurationalTemperatureOptions,
  configurationalTemperature,
} from './validation/configurationalTemperature.ts';
export {
  type KineticTemperatureOptions,
  kineticTemperature,
} from './validation/kineticTemperature.ts';
