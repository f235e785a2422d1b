import '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { defineScenario } from '../../src/scenario/defineScenario.ts';
import { fourScenario } from '../scenario/fourScenario.ts';
import { leftIn, runIn, stopsOf } from './resumable.ts';
import { temporaryFolders } from './temporaryFolder.ts';

const annealed = { levels: 3, steps: 1, timestep: 0.2 };
const stage = { steps: 6, exampleBatch: 16, energyBatch: 0 };

/** Identical particles, annealing in every phase that can have it, and a bias, in some tens of milliseconds. */
const scenario = defineScenario({
  ...fourScenario,
  name: 'four-labels',
  seeding: { ...fourScenario.seeding, burnIn: 2, frames: 6 },
  training: { byExample: [stage], byEnergy: [] },
  assessing: { maxRounds: 2, draws: 600, targetEssFraction: 1, targetAcceptance: 1 },
  exploring: { chains: 5, warmUp: 2, sweeps: 4 },
  production: {
    local: { kind: 'ghmc', timestep: 0.2, steps: 2, attempts: 1, persistence: 0.5 },
    chains: 6,
    warmUp: 3,
    sweeps: 5,
    flowMoves: 1,
    annealed,
    latent: { stepSize: 0.3, moves: 1 },
    bias: { min: 0, max: 2, values: [1, -1] },
  },
  reweighting: { draws: 1100, annealed },
});

const left = (path: string) => leftIn(path, ['seeds', 'dataset-1', 'model-1-energy', 'chains'], 8);

describe('a run with identical particles, annealing and a bias', () => {
  const folder = temporaryFolders();

  it('leaves the same bytes when it is stopped thrice in every phase and resumed', async () => {
    const phases: string[] = [];
    const once = folder();
    const ended = await runIn(once, scenario, (event) => {
      if (event.type === 'progress') phases.push(event.phase);
      return false;
    });
    expect(ended).toBe(true);
    const path = folder();
    let step = 0;
    for (const at of stopsOf(phases)) {
      const over = await runIn(
        path,
        scenario,
        (event) => event.type === 'progress' && step++ === at,
      );
      expect(over, `${phases[at]}, step ${at}`).toBe(false);
    }
    expect(await runIn(path, scenario)).toBe(true);
    const whole = left(once);
    expect(whole.metas[1]).toMatchObject({ outsideDomain: expect.any(Number) });
    expect(left(path)).toEqual(whole);
  });
});
