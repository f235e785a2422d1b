import '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/hybrid/events.ts';
import { defineScenario } from '../../src/scenario/defineScenario.ts';
import { runScenario } from '../../src/scenario/runScenario.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { toPlan } from '../../src/scenario/toPlan.ts';
import { tinyScenario } from '../io/tinyScenario.ts';

const { training: _, ...untrained } = tinyScenario;
const scenario = defineScenario({
  ...untrained,
  flow: { kind: 'autoregressive', hidden: [6], components: 2 },
});

describe('a scenario with an autoregressive flow', () => {
  it('is planned by example alone, on standardised coordinates', () => {
    const { flow, training } = toPlan(scenario);
    expect(flow).toMatchObject({ kind: 'autoregressive', whiten: 'each', components: 2 });
    expect(training.byEnergy).toEqual([]);
    expect(training.byExample.map(({ energyBatch }) => energyBatch)).toEqual([0]);
  });

  it('may not train by energy, and says where it was asked to', () => {
    const asked = (training: Scenario['training']) => () =>
      defineScenario({ ...scenario, ...(training && { training }) });
    expect(asked({ byEnergy: [{}] })).toThrow(/training\.byEnergy.*trained by example only/);
    expect(asked({ again: { byExample: [{}], byEnergy: [{}] } })).toThrow(
      /training\.again\.byEnergy/,
    );
    expect(asked({ byEnergy: [], averaging: 0.9 })).not.toThrow();
    expect(asked({ averaging: 1 })).toThrow('training.averaging');
  });

  it('runs from seeding to result, with augmented data, averaged weights and annealed moves', async () => {
    const events: RunEvent[] = [];
    const mirror = {
      apply: (x: { data: Float64Array; count: number; dim: number }) => ({
        ...x,
        data: x.data.map((value, i) => (i % 2 === 1 ? -value : value)),
      }),
    };
    const identity = { apply: (x: { data: Float64Array; count: number; dim: number }) => x };
    const { result } = await runScenario(
      defineScenario({
        ...scenario,
        training: {
          byExample: [{ steps: 30, exampleBatch: 16 }],
          symmetries: [identity, mirror],
          averaging: 0.9,
        },
        assessing: { ...scenario.assessing, maxRounds: 1, draws: 500 },
        // Two levels have one move between them: 2 · 3 evaluations and U(y₀), per flow move.
        production: {
          ...scenario.production,
          latent: undefined,
          annealed: { levels: 2, steps: 3, timestep: 0.05 },
        },
        exploring: { ...scenario.exploring, sweeps: 1, warmUp: 0 },
        reweighting: { draws: 500 },
        baseline: false,
      }),
      { emit: (event) => events.push(event) },
    );
    expect(result.hybrid.flowMoves).toBeGreaterThan(0);
    expect(result.hybrid.acceptance).toBeGreaterThan(0);
    const { reweighted, hybrid, ledger } = result;
    // 8 recorded sweeps and 4 of warm-up, and no draw outside the domain or not inverted.
    expect(ledger.flowProposals - reweighted.samples).toBe(7 * hybrid.flowMoves * (12 / 8));
    // Training asks for no energy, nor do the empty stages by energy.
    expect(result.ledger.training).toBe(0);
    expect(events.filter(({ type }) => type === 'training').length).toBeGreaterThan(20);
  });
});
