import { type Batch, batch, fromRows } from '../core/batch.ts';
import { kelvinToKT } from '../core/units.ts';
import type { TrainingStage } from '../flow/fit.ts';
import type { AnnealingSpec, FlowSpec, KernelSpec, Plan, ProductionSpec } from '../hybrid/plan.ts';
import { referenceLabels } from '../md/identicalParticles/referenceLabels.ts';
import type { Scenario, ScenarioState } from './scenario.ts';

/** What a command line may change of a scenario. */
export interface PlanOverrides {
  readonly seed?: number;
  /** K, or kT itself in reduced units. */
  readonly temperature?: number;
  /** Production chains. */
  readonly chains?: number;
  /** A run of seconds that walks through every phase and proves nothing. */
  readonly smoke?: boolean;
}

const langevin: KernelSpec = { kind: 'langevin', timestep: 0.01, friction: 1, steps: 10 };

const seeding: Plan['seeding'] = {
  dynamics: langevin,
  chains: 50,
  burnIn: 50,
  frames: 30,
  stride: 5,
  heldOut: 0.2,
};

const production: ProductionSpec = {
  local: { kind: 'mala', timestep: 0.01, attempts: 5 },
  chains: 200,
  warmUp: 20,
  sweeps: 250,
  flowMoves: 'auto',
  passCost: 1,
  annealed: undefined,
  bias: undefined,
  tempering: undefined,
  latent: undefined,
};

const stage: TrainingStage = {
  steps: 200,
  exampleBatch: 256,
  energyBatch: 0,
  learningRate: 1e-3,
  weights: { example: 1, energy: 0, reactionCoordinate: 0 },
  energyCap: { high: 100, max: 1e10 },
  temperatures: [1],
  earlyStop: undefined,
};

// Half of the latent points are hot: the flow then gets the thin outskirts of the wells right as well.
const energyStage: TrainingStage = {
  ...stage,
  steps: 600,
  energyBatch: 256,
  learningRate: { from: 2e-3, to: 3e-5 },
  weights: { example: 1, energy: 1, reactionCoordinate: 0 },
  temperatures: [1, 1.5],
};

/** Where nothing trains by energy the data have to say it all, in more steps. */
const exampleStage: TrainingStage = {
  ...stage,
  steps: 4000,
  learningRate: { from: 2e-3, to: 4e-5 },
};

/** What a kind of flow has for defaults of its own. */
function kindDefaults(kind: FlowSpec['kind']): {
  readonly flow: Pick<FlowSpec, 'hidden' | 'whiten'>;
  readonly example: TrainingStage;
  readonly byEnergy: readonly Partial<TrainingStage>[];
} {
  return kind === 'autoregressive'
    ? { flow: { hidden: [64, 64], whiten: 'each' }, example: exampleStage, byEnergy: [] }
    : { flow: { hidden: [32, 32], whiten: true }, example: stage, byEnergy: [{}] };
}

/** `scenario` with its defaults filled in: everything the run does, spelled out. */
export function toPlan(scenario: Scenario, overrides: PlanOverrides = {}): Plan {
  const { potential } = scenario;
  const temperature = temperatureOf(scenario, overrides);
  const training = scenario.training ?? {};
  const flow = scenario.flow ?? {};
  const kind = (flow !== false && flow.kind) || 'realnvp';
  const defaults = kindDefaults(kind);
  const filled: Plan = {
    seed: overrides.seed ?? scenario.seed ?? 1,
    potential,
    kT: potential.units.energy === 'reduced' ? temperature : kelvinToKT(temperature),
    masses: massesOf(scenario),
    identicalParticles: scenario.identicalParticles && referenceLabels(scenario.identicalParticles),
    states: scenario.states.map((state) => ({
      name: state.name,
      definition: state.definition,
      contains: state.contains,
      core: state.core ?? { definition: state.definition, contains: state.contains },
      start: startBatch(state),
    })),
    coordinate: { bins: 60, ...scenario.coordinate },
    surface: scenario.surface && {
      x: { bins: 36, ...scenario.surface.x },
      y: { bins: 36, ...scenario.surface.y },
    },
    seeding: { ...seeding, ...scenario.seeding },
    flow:
      flow === false
        ? undefined
        : {
            kind,
            // Deep and narrow: a coupling bends one coordinate by the other, so depth is what shapes a well.
            blocks: 8,
            conditioner: 'independent',
            bins: 8,
            reach: 5,
            components: 10,
            directions: undefined,
            symmetrised: false,
            ...defaults.flow,
            ...flow,
          },
    training: {
      byExample: (training.byExample ?? [{}]).map((one) => ({ ...defaults.example, ...one })),
      byEnergy: (training.byEnergy ?? defaults.byEnergy).map((one) => ({ ...energyStage, ...one })),
      again:
        training.again === undefined
          ? undefined
          : {
              byExample: training.again.byExample.map((one) => ({ ...defaults.example, ...one })),
              byEnergy: training.again.byEnergy.map((one) => ({ ...energyStage, ...one })),
            },
      clipNorm: training.clipNorm ?? 100,
      symmetries: training.symmetries,
      averaging: training.averaging,
    },
    assessing: {
      maxRounds: 3,
      draws: 20_000,
      targetEssFraction: 0.5,
      targetAcceptance: 0.5,
      ...scenario.assessing,
    },
    exploring: { chains: 100, warmUp: 10, sweeps: 40, stateFloor: 0.15, ...scenario.exploring },
    production: {
      ...production,
      ...scenario.production,
      tempering: temperingOf(scenario, overrides),
      ...(overrides.chains === undefined ? {} : { chains: overrides.chains }),
    },
    reweighting: { draws: 100_000, annealed: undefined, ...scenario.reweighting },
    baseline:
      scenario.baseline === false
        ? undefined
        : {
            dynamics: scenario.baseline?.dynamics ?? scenario.seeding?.dynamics ?? seeding.dynamics,
            chains: scenario.baseline?.chains ?? 100,
          },
  };
  return overrides.smoke === true ? smoke(filled) : filled;
}

/** Of each coordinate: a particle's mass three times over. */
function massesOf({ masses, molecule }: Scenario): Float64Array | undefined {
  if (masses !== undefined) return Float64Array.from(masses);
  if (molecule === undefined) return undefined;
  return Float64Array.from(
    { length: 3 * molecule.masses.length },
    (_, i) => molecule.masses[Math.floor(i / 3)],
  );
}

/** The ladder in the potential's energy unit, from the run's own temperature up. */
function temperingOf(scenario: Scenario, overrides: PlanOverrides): ProductionSpec['tempering'] {
  const { tempering } = scenario.production ?? {};
  if (tempering === undefined) return undefined;
  const { temperatures } = tempering;
  if (temperatures === 'auto') return { ladder: 'auto' };
  // Another temperature of the run moves the whole ladder.
  const factor = temperatureOf(scenario, overrides) / temperatures[0];
  const isReduced = scenario.potential.units.energy === 'reduced';
  const toKT = isReduced ? (kT: number): number => kT : kelvinToKT;
  return {
    ladder: temperatures.map((one, rung) =>
      toKT(rung === 0 ? temperatureOf(scenario, overrides) : one * factor),
    ),
  };
}

/** The temperature of a run: K, or kT itself in reduced units. */
export function temperatureOf(scenario: Scenario, overrides: PlanOverrides): number {
  const usual = scenario.potential.units.energy === 'reduced' ? 1 : 300;
  return overrides.temperature ?? scenario.temperature ?? usual;
}

/** Every phase, as short as it can be. */
function smoke(plan: Plan): Plan {
  const shorten = (stages: readonly TrainingStage[]): TrainingStage[] =>
    stages.map((one) => ({
      ...one,
      steps: Math.min(one.steps, 20),
      energyBatch: Math.min(one.energyBatch, 128),
    }));
  const fewLevels = (annealed: AnnealingSpec | undefined): AnnealingSpec | undefined =>
    annealed && { ...annealed, levels: Math.min(annealed.levels, 3) };
  return {
    ...plan,
    seeding: { ...plan.seeding, chains: Math.min(plan.seeding.chains, 10), burnIn: 20, frames: 10 },
    training: {
      ...plan.training,
      byExample: shorten(plan.training.byExample),
      byEnergy: shorten(plan.training.byEnergy),
      again: undefined,
    },
    assessing: { ...plan.assessing, maxRounds: 1, draws: 500 },
    exploring: { ...plan.exploring, chains: 10, warmUp: 1, sweeps: 5 },
    production: {
      ...plan.production,
      chains: Math.min(plan.production.chains, 20),
      warmUp: 5,
      sweeps: 20,
      annealed: fewLevels(plan.production.annealed),
    },
    reweighting: {
      draws: Math.min(plan.reweighting.draws, 1000),
      annealed: fewLevels(plan.reweighting.annealed),
    },
  };
}

function startBatch(state: ScenarioState): Batch {
  const { start } = state;
  const isOne = (value: ScenarioState['start']): value is readonly number[] =>
    typeof value[0] === 'number';
  return isOne(start) ? batch(Float64Array.from(start), start.length) : fromRows(start);
}
