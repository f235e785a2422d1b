import { ErgoflowError } from '../../core/errors.ts';
import type { FlowDensity } from '../../flow/density.ts';
import type { FlowModel } from '../../flow/model.ts';
import type { ArtifactStore } from '../../hybrid/artifacts.ts';
import { datasetFrom, float64 } from '../../hybrid/dataset.ts';
import { asPlanned } from '../../hybrid/frozenFlow.ts';
import { modelFrom } from '../../hybrid/models.ts';
import type { Plan } from '../../hybrid/plan.ts';
import type { ProductionMeta } from '../../hybrid/producing.ts';
import { runSurface } from '../../io/runSurface.ts';
import { knownProfiles } from '../../scenario/knownProfiles.ts';
import { runProfiles } from '../../scenario/profiles.ts';
import type { Result } from '../../scenario/result.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { ReportData } from '../reportData.ts';
import { deformation } from './deformation.ts';
import { energyHistograms } from './energyHistograms.ts';
import { flowJumps } from './flowJumps.ts';
import { landscapeGrid } from './landscapeGrid.ts';
import { latentCloud } from './latentCloud.ts';
import { measuredAcceptance } from './measuredAcceptance.ts';
import { moleculeFrames } from './moleculeFrames.ts';
import { pairDistances } from './pairDistances.ts';
import { particlePictures } from './particlePictures.ts';
import { profileCurves } from './profileCurves.ts';
import { settings } from './settings.ts';
import { surfaceCells } from './surfaceCells.ts';
import { termEnergies } from './termEnergies.ts';
import { type TimedEvent, timeline } from './timeline.ts';
import { trace } from './trace.ts';
import { trainingCurves } from './trainingCurves.ts';
import { seedChains, walks } from './walks.ts';
import { weightHistogram } from './weightHistogram.ts';

/** A finished run, as its report needs it. */
export interface ReportInput {
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly store: ArtifactStore;
  /** The run's events from its beginning. */
  readonly events: readonly TimedEvent[];
  readonly result: Result;
  /** The float64 tier that production used. */
  readonly createDensity: (model: FlowModel) => FlowDensity;
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * Gathers what a report shows from what a run left behind. Energies that only pictures need are not
 * booked (design rule 13).
 * @throws {ErgoflowError} where the run has not come to production, or an artifact is missing.
 */
export function collectReport(input: ReportInput): ReportData {
  const { scenario, plan, store, events, result } = input;
  const { potential, kT } = plan;
  const frozen = events.findLast((event) => event.type === 'frozen');
  if (frozen === undefined && plan.flow !== undefined) {
    throw new ErgoflowError('this run has not reached production; there is nothing to report yet');
  }
  const flow = frozen && asPlanned(plan, input.createDensity(modelFrom(store.get(frozen.model))));
  const seeds = datasetFrom(store.get('seeds'));
  const chains = seedChains(seeds, plan);

  const produced = store.get('production');
  const meta = produced.meta as ProductionMeta;
  const records = store.records('production', meta.dim);
  const production = { records, meta };

  const drawn = flow && store.get('draws');
  const draws = drawn && {
    energies: float64(drawn, 'energies'),
    logWeights: float64(drawn, 'logWeights'),
  };

  const surface = runSurface(plan, store);
  const { molecule, identicalParticles } = scenario;
  const recordedDraws =
    identicalParticles === undefined || drawn === undefined
      ? undefined
      : { artifact: drawn, records: store.records('draws', meta.dim) };
  const logWeights = 'logWeights' in produced.arrays ? float64(produced, 'logWeights') : undefined;

  return {
    schema: 'ergoflow.report/1',
    about: scenario.about,
    potential: { name: potential.name, dim: potential.dim, units: potential.units },
    result,
    profile: profileCurves(
      runProfiles(scenario, plan, store),
      plan.coordinate,
      knownProfiles(scenario, plan),
    ),
    landscape: landscapeGrid(potential, kT, [seeds.train, records]),
    walks: walks(chains, plan),
    jumps: flow === undefined ? null : flowJumps(plan, flow, production),
    deformation: flow === undefined ? null : deformation(flow),
    latent: flow === undefined ? null : latentCloud(flow, seeds, plan.states.length),
    trace: trace(
      plan,
      { coordinate: float64(produced, 'coordinate'), chains: meta.chains },
      chains[0],
    ),
    surface: surface === undefined ? null : surfaceCells(surface, plan.states),
    molecule:
      molecule === undefined
        ? null
        : moleculeFrames(molecule, { artifact: produced, records }, plan.states),
    terms:
      molecule === undefined ? null : termEnergies(molecule, { records, logWeights }, plan.states),
    particles:
      identicalParticles === undefined
        ? null
        : particlePictures(
            plan,
            identicalParticles,
            { artifact: produced, records },
            recordedDraws,
          ),
    pairDistances: pairDistances(plan, { artifact: produced, records }, recordedDraws),
    annealed: {
      draws: plan.reweighting.annealed !== undefined,
      moves: plan.production.annealed !== undefined,
    },
    training: trainingCurves(events),
    timeline: timeline(events, measuredAcceptance(production)),
    weights: draws === undefined ? null : weightHistogram(draws.logWeights),
    energies: energyHistograms(
      {
        seeds: potential.energy(seeds.train),
        production: float64(produced, 'energies'),
        productionLogWeights: logWeights,
        draws,
      },
      kT,
    ),
    decisions: events.flatMap((event) => (event.type === 'decision' ? [event.reason] : [])),
    warnings: [
      ...(molecule?.warnings ?? []),
      ...events.flatMap((event) => (event.type === 'warning' ? [event.message] : [])),
    ],
    settings: settings(plan),
    versions: input.versions,
  };
}
