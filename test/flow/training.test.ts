import '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { batch } from '../../src/core/batch.ts';
import { fold, normal, rootKey, uniform } from '../../src/core/rng.ts';
import { eagerStepper } from '../../src/flow/eagerStepper.ts';
import { type FitSpec, fit as startFit, type TrainingStage } from '../../src/flow/fit.ts';
import { flowDensity } from '../../src/flow/flowDensity.ts';
import { newModel } from '../../src/flow/model.ts';
import { realNVP } from '../../src/flow/realNVP.ts';

const byExample: TrainingStage = {
  steps: 10,
  exampleBatch: 16,
  energyBatch: 0,
  learningRate: 0.01,
  weights: { example: 1, energy: 0, reactionCoordinate: 0 },
  energyCap: { high: 100, max: 1e10 },
  temperatures: [1],
  earlyStop: undefined,
};
function specOf(overrides: Partial<FitSpec> = {}): FitSpec {
  return {
    model: newModel(realNVP({ dim: 2, blocks: 1, hidden: [8], conditioner: 'shared' }), rootKey(1)),
    data: batch(normal(rootKey(2), 400), 2),
    dataWeights: undefined,
    heldOut: batch(normal(rootKey(3), 100), 2),
    stages: [byExample],
    reducedEnergy: undefined,
    reactionCoordinate: undefined,
    clipNorm: 10,
    key: rootKey(4),
    createStepper: eagerStepper,
    ...overrides,
  };
}

describe('training by example', () => {
  it('reaches the entropy of a Gaussian mixture to 0.03 nats', () => {
    const [centre, width] = [1.1, 0.7];
    const draw = (seed: number, count: number) => {
      const data = normal(fold(rootKey(seed), 'noise'), 2 * count);
      const side = uniform(fold(rootKey(seed), 'side'), count);
      for (let b = 0; b < count; b++) {
        data[2 * b] = width * data[2 * b] + (side[b] < 0.5 ? centre : -centre);
      }
      return batch(data, 2);
    };
    const logP = (x: number, y: number): number => {
      const bell = (m: number): number => Math.exp(-((x - m) ** 2) / (2 * width ** 2));
      const mixture = (bell(centre) + bell(-centre)) / (2 * width * Math.sqrt(2 * Math.PI));
      return Math.log(mixture) - 0.5 * y ** 2 - 0.5 * Math.log(2 * Math.PI);
    };
    const fitting = startFit(
      specOf({
        model: newModel(realNVP({ dim: 2, blocks: 2, hidden: [16] }), rootKey(1)),
        data: draw(1, 4000),
        heldOut: draw(2, 2000),
        stages: [
          { ...byExample, steps: 250, exampleBatch: 96, learningRate: { from: 0.02, to: 1e-4 } },
        ],
      }),
    );
    const steps = [...fitting];
    // On fresh points the entropy itself is known as well as they are many; its noise is common to both.
    const fresh = draw(3, 20_000);
    const logQ = flowDensity(fitting.model()).logProb(fresh);
    const gaps = logQ.map((v, b) => logP(fresh.data[2 * b], fresh.data[2 * b + 1]) - v);
    const gap = gaps.reduce((sum, v) => sum + v, 0) / gaps.length;
    const error = Math.sqrt(gaps.reduce((sum, v) => sum + (v - gap) ** 2, 0)) / gaps.length;
    expect(gap).toBeGreaterThan(-4 * error);
    expect(gap).toBeLessThan(0.03 + 4 * error);
    expect(steps.at(-1)?.heldOut ?? Number.NaN).toBeLessThan(
      steps[0].example + Math.log(2 * Math.PI),
    );
    fitting.dispose();
  });
});

describe('training by energy', () => {
  it('reaches −ln Z of a harmonic well to 0.01 kT', () => {
    const [kx, ky] = [4, 0.5];
    const fitting = startFit(
      specOf({
        stages: [
          {
            ...byExample,
            steps: 250,
            exampleBatch: 0,
            energyBatch: 64,
            learningRate: { from: 0.03, to: 1e-4 },
            weights: { example: 0, energy: 1, reactionCoordinate: 0 },
          },
        ],
        reducedEnergy: ({ data, count }) => {
          const energy = new Float64Array(count);
          const gradient = new Float64Array(2 * count);
          for (let b = 0; b < count; b++) {
            const [x, y] = [data[2 * b] - 1, data[2 * b + 1]];
            energy[b] = (kx * x ** 2 + ky * y ** 2) / 2;
            gradient[2 * b] = kx * x;
            gradient[2 * b + 1] = ky * y;
          }
          return { energy, gradient };
        },
        reactionCoordinate: undefined,
      }),
    );
    for (const { skipped } of fitting) expect(skipped).toBe(false);
    const { x, logProb } = flowDensity(fitting.model()).sample(20_000, rootKey(6));
    fitting.dispose();
    let divergence = Math.log((2 * Math.PI) / Math.sqrt(kx * ky));
    for (let b = 0; b < x.count; b++) {
      const u = (kx * (x.data[2 * b] - 1) ** 2 + ky * x.data[2 * b + 1] ** 2) / 2;
      divergence += (u + logProb[b]) / x.count;
    }
    expect(Math.abs(divergence)).toBeLessThan(0.01);
  });
});
