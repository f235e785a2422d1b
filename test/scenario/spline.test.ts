import '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/hybrid/artifacts.ts';
import { modelFrom } from '../../src/hybrid/models.ts';
import { defineScenario } from '../../src/scenario/defineScenario.ts';
import { runScenario } from '../../src/scenario/runScenario.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { toPlan } from '../../src/scenario/toPlan.ts';
import { tinyScenario } from '../io/tinyScenario.ts';

const asked = (flow: Scenario['flow']): Scenario =>
  defineScenario({ ...tinyScenario, ...(flow && { flow }) });

describe('a scenario with spline couplings', () => {
  it('is planned like one with RealNVP: whitened, by example and by energy', () => {
    const { flow, training } = toPlan(asked({ kind: 'spline' }));
    expect(flow).toMatchObject({
      kind: 'spline',
      hidden: [32, 32],
      bins: 8,
      reach: 5,
      whiten: true,
    });
    expect(training).toEqual(toPlan(asked({ kind: 'realnvp' })).training);
  });

  it('runs from seeding to result, through training by energy, on the flow that it names', async () => {
    const store = memoryStore();
    const { result } = await runScenario(
      asked({ kind: 'spline', blocks: 1, hidden: [4], bins: 3, reach: 4 }),
      { smoke: true, store },
    );
    expect(modelFrom(store.get('model-0-energy')).bijector.name).toContain(
      'spline-couplings(dim=2, blocks=1, hidden=4, bins=3, reach=4)',
    );
    expect(result.ledger.training).toBeGreaterThan(0);
    expect(result.hybrid.acceptance).toBeGreaterThan(0);
    expect(result.reweighted.essFraction).toBeGreaterThan(0);
  });

  it.each([
    [{ bins: 1 }, /flow\.bins/],
    [{ bins: 1000 }, /flow\.bins/],
    [{ reach: 0 }, /flow\.reach/],
    [{ kind: 'splines' as 'spline' }, /flow\.kind/],
  ])('names what is wrong with %j', (wrong, message) => {
    expect(() => asked({ kind: 'spline', ...wrong })).toThrow(message);
  });
});
