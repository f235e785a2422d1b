import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { batch } from '../../../src/core/batch.ts';
import { at, normal, rootKey } from '../../../src/core/rng.ts';
import { compiledDensity } from '../../../src/flow/compiled/compiledDensity.ts';
import { compiledStepper } from '../../../src/flow/compiled/compiledStepper.ts';
import { exampleInputs, flowMaps, trainingLoss } from '../../../src/flow/losses.ts';
import { newModel } from '../../../src/flow/model.ts';
import { realNVP } from '../../../src/flow/realNVP.ts';
import { given, nativeTensorflow } from '../../flow/compiled/native.ts';

const native = await nativeTensorflow();
const bijector = realNVP({ dim: 2, blocks: 2, hidden: [32, 32] });

setFlagsFromString('--expose-gc');
const collectGarbage: unknown = runInNewContext('gc');

/** Tensors of tfjs, tensors of TensorFlow, sessions; and the process's memory in MiB. */
function held(): { readonly counts: number[]; readonly memory: number } {
  const { binding } = given(native);
  if (typeof collectGarbage === 'function') collectGarbage();
  return {
    counts: [tf.memory().numTensors, binding.getNumOfTensors(), binding.getNumOfSavedModels()],
    memory: process.memoryUsage().rss / 2 ** 20,
  };
}

/** What `count` calls of `work` add, after `warmUp` of them. */
function growth(
  warmUp: number,
  count: number,
  work: (n: number) => void,
): { readonly counts: number[]; readonly memory: number } {
  for (let n = 0; n < warmUp; n++) work(n);
  const before = held();
  for (let n = 0; n < count; n++) work(n);
  const after = held();
  return {
    counts: after.counts.map((value, i) => value - before.counts[i]),
    memory: after.memory - before.memory,
  };
}

describe.skipIf(native === undefined)('memory', () => {
  it('is flat over 20 000 compiled steps with evaluations between them', () => {
    const { weights } = newModel(bijector, rootKey(1));
    const stepper = compiledStepper(
      {
        loss: trainingLoss(bijector, 1),
        maps: flowMaps(bijector),
        weights,
        shapes: bijector.parameters.map((parameter) => parameter.shape),
        adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-7, clipNorm: 100 },
      },
      given(native).runtime,
    );
    const { counts, memory } = growth(2000, 20_000, (n) => {
      const inputs = exampleInputs(batch(normal(at(rootKey(2), n), 2 * 64), 2), 1);
      stepper.step(inputs, 1e-4);
      if (n % 10 === 0) stepper.evaluate('inverse', [inputs[0]]);
    });
    expect(counts).toEqual([0, 0, 0]);
    // One leaked weight vector a step would be 200 MiB, one leaked batch 10.
    expect(memory).toBeLessThan(8);
    stepper.dispose();
  });

  it('is flat over 20 000 samples of a compiled density, and over 2 000 densities', () => {
    const { runtime } = given(native);
    const density = compiledDensity(newModel(bijector, rootKey(1)), runtime);
    const samples = growth(2000, 20_000, (n) => density.sample(16, at(rootKey(3), n)));
    expect(samples.counts).toEqual([0, 0, 0]);
    expect(samples.memory).toBeLessThan(8);
    // The plain density that each is checked against has an arena of its own, bounded: it fills first.
    const densities = growth(1500, 2000, (n) => {
      const next = compiledDensity(newModel(bijector, at(rootKey(4), n)), runtime);
      next.sample(4, rootKey(n));
      next.dispose();
    });
    expect(densities.counts).toEqual([0, 0, 0]);
    expect(densities.memory).toBeLessThan(8);
    density.dispose();
  });
});
