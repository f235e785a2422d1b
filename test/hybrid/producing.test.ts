import { describe, expect, it } from 'vitest';
import { fromRows } from '../../src/core/batch.ts';
import { linear } from '../../src/core/collectiveVariable.ts';
import { emptyLedger } from '../../src/core/ledger.ts';
import { rootKey } from '../../src/core/rng.ts';
import type { FlowDensity } from '../../src/flow/density.ts';
import { eagerStepper } from '../../src/flow/eagerStepper.ts';
import { flowDensity } from '../../src/flow/flowDensity.ts';
import { type FlowModel, newModel } from '../../src/flow/model.ts';
import { realNVP } from '../../src/flow/realNVP.ts';
import { type ArtifactStore, memoryStore } from '../../src/hybrid/artifacts.ts';
import { modelArtifact } from '../../src/hybrid/models.ts';
import type { Plan } from '../../src/hybrid/plan.ts';
import { produce } from '../../src/hybrid/producing.ts';
import { bananaTarget } from '../contracts/exactTarget.ts';

const { potential, kT } = bananaTarget();

const plan: Plan = {
  seed: 1,
  potential,
  kT,
  masses: undefined,
  identicalParticles: undefined,
  states: [],
  coordinate: { variable: linear('x', [1, 0]), min: -2, max: 2, bins: 10 },
  surface: undefined,
  seeding: {
    dynamics: { kind: 'mala', timestep: 0.03, attempts: 1 },
    chains: 1,
    burnIn: 0,
    frames: 1,
    stride: 1,
    heldOut: 0,
  },
  flow: {
    kind: 'realnvp',
    blocks: 1,
    hidden: [4],
    conditioner: 'shared',
    bins: 2,
    reach: 1,
    components: 1,
    whiten: false,
    directions: undefined,
    symmetrised: false,
  },
  training: {
    byExample: [],
    byEnergy: [],
    again: undefined,
    clipNorm: 1,
    symmetries: undefined,
    averaging: undefined,
  },
  assessing: { maxRounds: 0, draws: 0, targetEssFraction: 0, targetAcceptance: 0 },
  exploring: { chains: 0, warmUp: 0, sweeps: 0, stateFloor: 0 },
  production: {
    local: { kind: 'mala', timestep: 0.03, attempts: 2 },
    chains: 2,
    warmUp: 0,
    sweeps: 5,
    flowMoves: 1,
    passCost: 0,
    annealed: undefined,
    bias: undefined,
    tempering: undefined,
    latent: undefined,
  },
  reweighting: { draws: 0, annealed: undefined },
  baseline: undefined,
};

/** Produces with an untrained flow; `onPass` is told of the model at every pass of its density. */
async function producing(onPass: (model: FlowModel) => void): Promise<ArtifactStore> {
  const store = memoryStore();
  const bijector = realNVP({ dim: 2, blocks: 1, hidden: [4], conditioner: 'shared' });
  store.put('model', modelArtifact(newModel(bijector, rootKey(2))));
  store.put('chains', {
    arrays: {
      positions: fromRows([
        [-1, 0.5],
        [1, 0.5],
      ]).data,
    },
    meta: { dim: 2 },
  });
  const env = {
    plan,
    store,
    ledger: emptyLedger(),
    emit: () => {},
    createStepper: eagerStepper,
    createDensity(model: FlowModel): FlowDensity {
      const density = flowDensity(model);
      return {
        ...density,
        sample(count, key) {
          onPass(model);
          return density.sample(count, key);
        },
      };
    },
  };
  const input = { chains: 'chains', model: 'model', acceptance: 0.5 };
  await produce(env, input, new AbortController().signal);
  return store;
}

describe('production', () => {
  it('records every step of every chain with a flow that stays as it is', async () => {
    const production = (await producing(() => {})).get('production');
    expect(production.arrays['energies']).toHaveLength(5 * 2 * 2);
  });

  it('counts for nothing where one weight of the flow has changed by its last bit', async () => {
    let passes = 0;
    const oneBit = (model: FlowModel): void => {
      if (++passes !== 3) return;
      const [weights] = model.weights;
      new Uint32Array(weights.buffer, weights.byteOffset, 1)[0] ^= 1;
    };
    await expect(producing(oneBit)).rejects.toThrow(
      'the flow changed during production; nothing of this run counts',
    );
    expect(passes).toBe(5);
  });
});
