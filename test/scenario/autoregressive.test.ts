import '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import type { Symmetry } from '../../src/flow/augmented.ts';
import type { RunEvent } from '../../src/hybrid/events.ts';
import { defineScenario } from '../../src/scenario/defineScenario.ts';
import { runScenario } from '../../src/scenario/runScenario.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { toPlan } from '../../src/scenario/toPlan.ts';
import { tinyScenario } from '../io/tinyScenario.ts';

/** x → sx x, y → sy y */
const mirror = (sx: 1 | -1, sy: 1 | -1): Symmetry => ({
  name: `${sx} ${sy}`,
  apply: (x) => ({ ...x, data: x.data.map((value, i) => (i % 2 === 1 ? sy : sx) * value) }),
});

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
    const { result } = await runScenario(
      defineScenario({
        ...scenario,
        training: {
          byExample: [{ steps: 30, exampleBatch: 16 }],
          symmetries: [mirror(1, 1), mirror(1, -1)],
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

  it('is averaged over its symmetries where it is asked to be, every pass booked', async () => {
    const run = async (symmetrised: boolean) =>
      (
        await runScenario(
          defineScenario({
            ...scenario,
            flow: { kind: 'realnvp', blocks: 2, hidden: [8], symmetrised },
            training: { symmetries: [mirror(1, 1), mirror(1, -1)] },
            exploring: { ...scenario.exploring, sweeps: 1, warmUp: 0 },
            baseline: false,
          }),
          { smoke: true },
        )
      ).result;
    const [one, two] = [await run(false), await run(true)];
    // A move and a draw cost a pass to make and two to weigh, of every image.
    const passesOf = ({ ledger, reweighted, hybrid }: typeof one) => ({
      all: ledger.flowPasses,
      draws: reweighted.samples,
      moves: hybrid.flowMoves,
    });
    const [alone, average] = [passesOf(one), passesOf(two)];
    expect(average.draws).toBe(alone.draws);
    expect(average.all - alone.all).toBeGreaterThan(2 * (average.draws + average.moves));
    expect(two.hybrid.acceptance).toBeGreaterThan(0);
    expect(two.reweighted.essFraction).toBeGreaterThan(0);
  });

  it('may be averaged over a group of symmetries alone, which are symmetries', async () => {
    const asked = (symmetries: readonly Symmetry[] | undefined) =>
      defineScenario({
        ...scenario,
        flow: { symmetrised: true },
        ...(symmetries && { training: { symmetries } }),
      });
    expect(() => asked(undefined)).toThrow(
      /training\.symmetries: expected the maps that `flow.symmetrised` averages over/,
    );
    expect(() => asked([mirror(-1, 1)])).toThrow(/training\.symmetries.*the identity is not/);
    await expect(
      runScenario(asked([mirror(1, 1), mirror(-1, 1)]), { smoke: true }),
    ).rejects.toThrow(/"-1 1" is no symmetry of .*: it changes the energy from/);
  });
});
