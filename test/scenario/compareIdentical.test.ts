import { beforeAll, describe, expect, it } from 'vitest';
import { rootKey } from '../../src/core/rng.ts';
import { chooseBackend } from '../../src/io/backend.ts';
import { compareMethods } from '../../src/scenario/compare/compareMethods.ts';
import type { Comparison, MethodName, MethodRun } from '../../src/scenario/comparison.ts';
import { defineScenario } from '../../src/scenario/defineScenario.ts';
import { exactDraws } from '../hybrid/fourInABowl.ts';
import { fourScenario } from './fourScenario.ts';

const annealed = { levels: 3, steps: 2, timestep: 0.25 };
const stage = { steps: 60, exampleBatch: 64, energyBatch: 0, learningRate: 5e-3 };
const evaluations = 24_000;

const scenario = defineScenario({
  ...fourScenario,
  training: { byExample: [stage], byEnergy: [] },
  assessing: { maxRounds: 1, draws: 300 },
  production: {
    local: { kind: 'hmc', timestep: 0.3, steps: 2, attempts: 2 },
    chains: 60,
    warmUp: 5,
    flowMoves: 1,
    annealed,
    // Tilted the wrong way: only the weights make the answer right.
    bias: { min: 0, max: 2, values: [-1.5, 1.5] },
  },
  reweighting: { annealed },
  baseline: {},
});

describe('a comparison on identical particles, with annealing and a bias', () => {
  const { x, share } = exactDraws(30_000, rootKey(1));
  const right = x.data.filter((value, i) => i % 8 === 0 && value >= 1).length / x.count;
  const truth = -Math.log(right / (1 - right));
  let comparison: Comparison;
  beforeAll(async () => {
    await chooseBackend('cpu');
    comparison = await compareMethods(scenario, {
      evaluations,
      seeds: [1],
      methods: ['reweighting', 'hybrid'],
    });
  }, 60_000);
  const only = (name: MethodName): MethodRun | undefined => comparison.methods[name]?.runs[0];

  it.each<MethodName>(['reweighting', 'hybrid'])('has the difference right, by %s', (name) => {
    expect(share).toBeGreaterThan(0.1);
    const { difference } = only(name) ?? {};
    if (difference?.value == null) throw new Error(difference?.withheld.reason);
    const error = Math.hypot(Number(difference.standardError), 0.03);
    expect(error).toBeLessThan(0.3);
    expect(Math.abs(Number(difference.value) - truth) / error).toBeLessThan(4);
  });

  it('has spent the budget to within a sweep or a block, annealing counted in full', () => {
    // 60 chains of 4 evaluations and 9 of an annealed move; a block is a hundredth, at 5 a draw.
    for (const [name, most] of [
      ['hybrid', 60 * 13],
      ['reweighting', evaluations / 100 + 5],
    ] as const) {
      const total = only(name)?.ledger.total ?? 0;
      expect(total).toBeLessThanOrEqual(evaluations);
      expect(total).toBeGreaterThan(evaluations - most);
    }
  });
});
