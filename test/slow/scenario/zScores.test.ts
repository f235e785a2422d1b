import { describe, expect, it } from 'vitest';
import doubleWell from '../../../scenarios/doubleWell.ts';
import muellerBrown from '../../../scenarios/muellerBrown.ts';
import type { FlowModel } from '../../../src/flow/model.ts';
import { memoryStore } from '../../../src/hybrid/artifacts.ts';
import { modelFrom } from '../../../src/hybrid/models.ts';
import { chooseBackend } from '../../../src/io/backend.ts';
import { tiersOf } from '../../../src/io/tiers.ts';
import { listed } from '../../../src/scenario/collapsed.ts';
import { defineScenario } from '../../../src/scenario/defineScenario.ts';
import type { Figure } from '../../../src/scenario/result.ts';
import { runScenario } from '../../../src/scenario/runScenario.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';

const RUNS = 40;

/**
 * The errors that a run states, against the truth: (found − exact) / standard error over many short runs
 * has variance one. 40 runs know it to a standard error of √(2/39) = 0.23.
 */
describe.each([
  ['double-well', doubleWell],
  ['mueller-brown', muellerBrown],
])('short runs of %s', (_, scenario) => {
  it('state errors that are neither too narrow nor too wide', async () => {
    const tiers = tiersOf(await chooseBackend(), () => {});
    const short: Scenario = defineScenario({
      ...scenario,
      production: { ...scenario.production, chains: 100, warmUp: 20, sweeps: 80 },
      reweighting: { draws: 10_000 },
      baseline: false,
    });
    const store = memoryStore();
    const trained = await runScenario(short, { ...tiers, seed: 1000, store });
    const model: FlowModel = modelFrom(store.get(trained.context.model!));
    const exact = listed(trained.result.freeEnergy.reference?.value ?? [])[0];

    const scores: Record<string, number[]> = { hybrid: [], reweighted: [], combined: [] };
    const add = (name: string, figure: Figure): void => {
      if (figure.value === null) return;
      scores[name].push((listed(figure.value)[0] - exact) / listed(figure.standardError)[0]);
    };
    for (let seed = 1; seed <= RUNS; seed++) {
      const { result } = await runScenario(short, { ...tiers, seed, model });
      add('hybrid', result.freeEnergy.difference);
      add('reweighted', result.reweighted.difference);
      add('combined', result.combined.difference);
    }
    for (const [name, z] of Object.entries(scores)) {
      const mean = z.reduce((sum, value) => sum + value, 0) / z.length;
      const variance = z.reduce((sum, value) => sum + value * value, 0) / z.length;
      console.log(
        `${scenario.name} ${name}: ${z.length} runs, mean z ${mean.toFixed(2)}, mean z² ${variance.toFixed(2)}`,
      );
      expect(z.length, name).toBeGreaterThanOrEqual(30);
      expect(variance, name).toBeGreaterThan(0.6);
      expect(variance, name).toBeLessThan(1.6);
      expect(Math.abs(mean), name).toBeLessThan(3.5 / Math.sqrt(z.length));
    }
  });
});
