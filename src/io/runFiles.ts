import { profileRows } from '../analysis/profile.ts';
import { concat, row } from '../core/batch.ts';
import { modelToBytes } from '../flow/modelFile.ts';
import type { ArtifactStore } from '../hybrid/artifacts.ts';
import { float64 } from '../hybrid/dataset.ts';
import { modelFrom } from '../hybrid/models.ts';
import type { Plan } from '../hybrid/plan.ts';
import type { ProductionMeta } from '../hybrid/producing.ts';
import { type RecordReader, recordBlocks } from '../hybrid/records.ts';
import { runProfiles } from '../scenario/profiles.ts';
import type { Result } from '../scenario/result.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { moleculeFiles } from './moleculeFiles.ts';
import { type NpzBlocks, npzParts } from './npz.ts';
import { profileCsv } from './profileCsv.ts';
import { resultJson } from './resultSchema.ts';
import { runSurface } from './runSurface.ts';
import { surfaceCsv } from './surfaceCsv.ts';
import { xyz } from './xyz.ts';

/** A trajectory file holds this many frames at most, evenly spaced. */
const FRAMES = 1000;

/** The files of a finished run (design §4), by name; what may be larger than memory comes in parts. */
export function runFiles(run: {
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly store: ArtifactStore;
  readonly result: Result;
  /** Artifact id of the flow that was used; undefined without one. */
  readonly model: string | undefined;
}): Record<string, string | Uint8Array | Iterable<Uint8Array>> {
  const { scenario, plan, store, result, model } = run;
  const { dim } = plan.potential;
  const production = store.get('production');
  const { chains } = production.meta as ProductionMeta;
  const records = store.records('production', dim);
  const energies = float64(production, 'energies');
  const count = energies.length;
  const index = new Int32Array(2 * count);
  for (let i = 0; i < count; i++) {
    index[2 * i] = i % chains;
    index[2 * i + 1] = Math.floor(i / chains);
  }
  const steps = count / chains;
  const stride = Math.max(1, Math.ceil(steps / FRAMES));
  const firstChain = Array.from(
    { length: Math.floor(steps / stride) },
    (_, frame) => frame * stride * chains,
  );
  const profiles = runProfiles(scenario, plan, store);
  const surface = runSurface(plan, store);
  const reweighted = profiles.reweighted && profileRows(profiles.reweighted);
  return {
    ...(model !== undefined && {
      'model.safetensors': modelToBytes(modelFrom(store.get(model))),
    }),
    'samples.npz': npzParts({
      'chain/positions': rowsOf(records),
      'chain/energies': { data: energies, shape: [count] },
      'chain/index': { data: index, shape: [count, 2] },
      // There where production sampled another energy than the potential's.
      ...('logWeights' in production.arrays && {
        'chain/logWeights': vector(float64(production, 'logWeights')),
      }),
      ...(model !== undefined && drawArrays(store, dim)),
    }),
    ...(scenario.molecule === undefined
      ? {
          'trajectory.xyz': xyz(concat(firstChain.map((i) => records.rows(i, i + 1))), {
            properties: (frame) => ({
              step: Math.floor(firstChain[frame] / chains),
              energy: energies[firstChain[frame]],
            }),
          }),
        }
      : moleculeFiles(scenario.molecule, {
          records,
          start: row(plan.states[0].start, 0),
          frames: firstChain,
          stride,
        })),
    'profile.csv': profileCsv(profiles.coordinate, profileRows(profiles.hybrid), [
      ...(reweighted === undefined
        ? []
        : [
            {
              name: 'reweighted free energy / kT',
              values: reweighted.map((entry) => entry.freeEnergy),
            },
            {
              name: 'reweighted standard error / kT',
              values: reweighted.map((entry) => entry.standardError),
            },
          ]),
      ...(profiles.reference === undefined
        ? []
        : profiles.reference.isExact
          ? [{ name: 'exact free energy / kT', values: profiles.reference.freeEnergy }]
          : [
              { name: 'reference free energy / kT', values: profiles.reference.freeEnergy },
              {
                name: 'reference standard error / kT',
                values: profiles.reference.standardError,
              },
            ]),
    ]),
    ...(surface && { 'surface.csv': surfaceCsv(surface) }),
    // Last: whoever finds it finds the others too.
    'result.json': resultJson(result),
  };
}

function drawArrays(store: ArtifactStore, dim: number) {
  const draws = store.get('draws');
  return {
    'flow/positions': rowsOf(store.records('draws', dim)),
    'flow/energies': vector(float64(draws, 'energies')),
    'flow/logWeights': vector(float64(draws, 'logWeights')),
  };
}

function rowsOf(records: RecordReader): NpzBlocks {
  return {
    shape: [records.count, records.dim],
    *blocks() {
      for (const { data } of recordBlocks(records)) yield data;
    },
  };
}

function vector(data: Float64Array) {
  return { data, shape: [data.length] };
}
