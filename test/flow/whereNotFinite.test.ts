import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { batch } from '../../src/core/batch.ts';
import { normal, rootKey } from '../../src/core/rng.ts';
import { chain } from '../../src/flow/chain.ts';
import { configurationInputs, exampleInputs, trainingLoss } from '../../src/flow/losses.ts';
import { realNVP } from '../../src/flow/realNVP.ts';
import { scaling } from '../../src/flow/scaling.ts';
import { namedInputs, whereNotFinite } from '../../src/flow/whereNotFinite.ts';

const bijector = chain([
  realNVP({ dim: 2, blocks: 3, hidden: [4], conditioner: 'independent' }),
  scaling(2),
]);
const names = bijector.parameters.map(({ name }) => name);
const loss = trainingLoss(bijector, 1);
const x = batch(normal(rootKey(1), 20), 2);
const z = { data: Float32Array.from(normal(rootKey(2), 20)), shape: [10, 2] };

const byExample = (data = x) =>
  namedInputs('J_ML', ['configuration', 'weight'], exampleInputs(data, 1));
const byEnergy = (gradient = new Float64Array(20)) =>
  namedInputs('J_KL', ['draw', 'gradient of draw', 'weight'], configurationInputs(z, gradient, 1));

/** The starting weights with those of one parameter replaced by `value`. */
function weightsWith(name: string, value: number): Float32Array[] {
  expect(names).toContain(name);
  return bijector
    .initial(rootKey(3))
    .map((array, i) => (names[i] === name ? new Float32Array(array.length).fill(value) : array));
}

describe('a training step that is not finite is traced', () => {
  const whole = bijector.initial(rootKey(3));

  it('to the row of the input that is not, and to its term', () => {
    const data = x.data.slice();
    data[13] = Number.NaN;
    const bad = byExample(batch(data, 2));
    expect(whereNotFinite(bijector, loss, whole, bad)).toBe('J_ML: configuration 6 is NaN');
    const gradient = new Float64Array(20);
    gradient[5] = Number.NEGATIVE_INFINITY;
    expect(whereNotFinite(bijector, loss, whole, [...byExample(), ...byEnergy(gradient)])).toBe(
      'J_KL: gradient of draw 2 is -Infinity',
    );
  });

  it('to parameters that are not', () => {
    const weights = weightsWith(names[3], Number.NaN);
    expect(whereNotFinite(bijector, loss, weights, byExample())).toBe(
      `the parameters ${names[3]} are not finite`,
    );
  });

  // A bias of the scale's last layer that makes exp overflow, in each of the six couplings.
  const biases = names.filter((name) => /scale.*bias$/.test(name));
  const lastBiases = biases.filter(
    (name, i) => biases[i + 1]?.split('.')[1] !== name.split('.')[1],
  );

  it.each(lastBiases)('to the layer of %s where that one overflows', (name) => {
    const bad = whereNotFinite(bijector, loss, weightsWith(name, 3e38), [
      ...byExample(),
      ...byEnergy(),
    ]);
    expect(bad).toBe(`J_ML is not finite in the layer of ${name} (Exp)`);
  });

  it('to the term that alone is not', () => {
    // Forward divides by exp(S), so that a negative one overflows there and not in the inverse.
    const [name] = lastBiases;
    const bad = whereNotFinite(bijector, loss, weightsWith(name, -100), [
      ...byExample(),
      ...byEnergy(),
    ]);
    expect(bad).toMatch(/^J_KL is not finite/);
    expect(bad).toContain(name);
  });

  it('to nothing where all is finite, and leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    expect(whereNotFinite(bijector, loss, whole, [...byExample(), ...byEnergy()])).toBe(
      'the float32 sums of the whole step; each of its values is finite',
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});
