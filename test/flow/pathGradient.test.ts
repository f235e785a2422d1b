import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { batch } from '../../src/core/batch.ts';
import { logNormal } from '../../src/core/gaussian.ts';
import { at, normal, rootKey } from '../../src/core/rng.ts';
import { configurationTerms } from '../../src/flow/configurationTerms.ts';
import { eagerStepper } from '../../src/flow/eagerStepper.ts';
import { type ReducedEnergy, type TrainingStage, fit as train } from '../../src/flow/fit.ts';
import { flowDensity } from '../../src/flow/flowDensity.ts';
import { configurationInputs, pathScoreMap, trainingLoss } from '../../src/flow/losses.ts';
import { realNVP } from '../../src/flow/realNVP.ts';
import { scaling } from '../../src/flow/scaling.ts';
import { mapped, scatteredWeights } from '../contracts/bijector.ts';
import { tiltedDoubleWell } from './tiltedDoubleWell.ts';

const bijector = realNVP({ dim: 2, blocks: 1, hidden: [6] });
const weights = scatteredWeights(bijector, rootKey(1));
const VARIANCE = 1.5;
const score = (x: Float64Array, coldness: Float64Array): Float32Array =>
  tf.tidy(() => {
    const tensors = weights.map((w, i) => tf.tensor(w, [...bijector.parameters[i].shape]));
    const rows = tf.tensor2d(Float32Array.from(x), [x.length / 2, 2]);
    const [found] = pathScoreMap(bijector, VARIANCE)(tensors, [
      rows,
      tf.tensor1d(Float32Array.from(coldness)),
    ]);
    return Float32Array.from(found.dataSync());
  });

describe('the path gradient', () => {
  it('adds the score of the flow at the temperature of each latent point', () => {
    const x = normal(rootKey(2), 2 * 12);
    const tau = new Float64Array(12).map((_, b) => [1, 2, 0.5][b % 3]);
    const found = score(
      x,
      tau.map((t) => 1 / t),
    );
    const logProb = (points: Float64Array, b: number): number => {
      const { value, logDet } = mapped(bijector.exact(weights), 'inverse', points, 2);
      return logNormal(batch(value.slice(2 * b, 2 * b + 2), 2), VARIANCE * tau[b])[0] + logDet[b];
    };
    const h = 1e-5;
    for (let i = 0; i < x.length; i++) {
      const [plus, minus] = [h, -h].map((shift) =>
        logProb(
          x.map((v, k) => (k === i ? v + shift : v)),
          Math.floor(i / 2),
        ),
      );
      const numeric = (plus - minus) / (2 * h);
      expect(Math.abs(found[i] - numeric) / (1 + Math.abs(numeric))).toBeLessThan(1e-4);
    }
  });

  it.each([
    ['is the gradient of J_KL on average', 1, 'toBeLessThan'],
    ['is not, visibly so, with half of the score', 0.5, 'toBeGreaterThan'],
  ] as const)('%s', (_, share, judge) => {
    const count = 64;
    const differences = Array.from({ length: 200 }, (__, n) => {
      const latent = normal(at(rootKey(3), n), 2 * count);
      const tau = new Float64Array(count).map((___, b) => (b % 2 === 0 ? 1 : 2));
      const z = latent.map((v, i) => v * Math.sqrt(VARIANCE * tau[i >> 1]));
      const x = mapped(bijector.exact(weights), 'forward', z.slice(), 2).value;
      const { gradient } = configurationTerms(batch(x, 2), tau, {
        reducedEnergy: tiltedDoubleWell,
        cap: { high: 50, max: 1e10 },
        energyWeight: 1,
        coordinateWeight: 0,
        coordinate: undefined,
      });
      const added = score(
        x,
        tau.map((t) => 1 / t),
      );
      const input = { data: Float32Array.from(z), shape: [count, 2] };
      const usual = gradientOf(configurationInputs(input, gradient, 1));
      const pull = gradient.map((slope, i) => slope + (share * added[i]) / count);
      const path = gradientOf(configurationInputs(input, pull, 0));
      return usual.map((value, i) => value - path[i]);
    });
    const worst = Math.max(
      ...differences[0].map((_value, i) => {
        const values = differences.map((one) => one[i]);
        const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
        const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
        // Biases that every batch moves alike differ by rounding alone.
        return Math.abs(mean) / (Math.sqrt(variance / values.length) + 1e-5);
      }),
    );
    expect(worst)[judge](judge === 'toBeLessThan' ? 5 : 9);
  });

  it('is 0 for a flow that is the target, whatever the batch, where the usual one is noise', () => {
    const own = scaling(2);
    const model = { bijector: own, weights: [Float32Array.of(0.3, -0.5)], priorVariance: 1 };
    const density = flowDensity(model);
    const scales = density.forward(batch(Float64Array.of(1, 1), 2)).value.data;
    const reducedEnergy: ReducedEnergy = ({ data, count }) => ({
      energy: Float64Array.from(
        { length: count },
        (_, b) => 0.5 * ((data[2 * b] / scales[0]) ** 2 + (data[2 * b + 1] / scales[1]) ** 2),
      ),
      gradient: data.map((v, i) => v / scales[i % 2] ** 2),
    });
    const stage: TrainingStage = {
      steps: 3,
      exampleBatch: 0,
      energyBatch: 16,
      learningRate: 0,
      weights: { example: 0, energy: 1, reactionCoordinate: 0 },
      energyCap: { high: 100, max: 1e10 },
      temperatures: [1],
      earlyStop: undefined,
    };
    const normsOf = (pathGradient: boolean): number[] => {
      const training = train({
        model,
        data: batch(new Float64Array(2), 2),
        dataWeights: undefined,
        heldOut: batch(new Float64Array(0), 2),
        stages: [{ ...stage, pathGradient }],
        reducedEnergy,
        reactionCoordinate: undefined,
        clipNorm: 1e9,
        key: rootKey(4),
        createStepper: eagerStepper,
      });
      try {
        return Array.from(training, (step) => step.gradientNorm);
      } finally {
        training.dispose();
      }
    };
    for (const norm of normsOf(true)) expect(norm).toBeLessThan(1e-5);
    for (const norm of normsOf(false)) expect(norm).toBeGreaterThan(0.05);
  });
});

/** The gradient of the loss by all weights, one after the other. */
function gradientOf(inputs: ReturnType<typeof configurationInputs>): number[] {
  return tf.tidy(() => {
    const fed = inputs.map(({ data, shape }) => tf.tensor(data, [...shape]));
    const tensors = weights.map((w, i) => tf.tensor(w, [...bijector.parameters[i].shape]));
    const loss = trainingLoss(bijector, VARIANCE);
    const grads = tf.grads((...args: tf.Tensor[]) => loss(args, fed).loss)(tensors);
    return grads.flatMap((gradient) => Array.from(gradient.dataSync()));
  });
}
