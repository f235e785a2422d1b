import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { batch } from '../../src/core/batch.ts';
import { at, normal, rootKey } from '../../src/core/rng.ts';
import { eagerStepper } from '../../src/flow/eagerStepper.ts';
import { exampleInputs, flowMaps, trainingLoss } from '../../src/flow/losses.ts';
import { newModel } from '../../src/flow/model.ts';
import { nicer } from '../../src/flow/nicer.ts';
import { realNVP } from '../../src/flow/realNVP.ts';
import type { Input, Stepper, StepperSpec } from '../../src/flow/stepper.ts';
import { mapped } from '../contracts/bijector.ts';

const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7, clipNorm: 1e9 };

/** ½ Σ aᵢ wᵢ² over a matrix and a vector, scaled by the input: its gradient is a·w·input. */
function quadratic(overrides: Partial<StepperSpec> = {}): StepperSpec {
  return {
    loss: ([matrix, vector], [factor]) => ({
      loss: tf.mul(
        tf.add(tf.sum(tf.square(matrix)), tf.mul(tf.sum(tf.square(vector)), 3)),
        tf.mul(factor.asScalar(), 0.5),
      ),
      terms: [tf.sum(vector), tf.scalar(5)],
    }),
    maps: { double: ([matrix], [x]) => [tf.add(x, x), tf.sum(matrix)] },
    weights: [Float32Array.of(1, -2, 0.5, 4), Float32Array.of(-1, 3)],
    shapes: [[2, 2], [2]],
    adam,
    ...overrides,
  };
}

const factor = (value: number): Input[] => [{ data: Float32Array.of(value), shape: [1] }];

function stepperOfFlow(): { readonly stepper: Stepper; readonly inputs: (n: number) => Input[] } {
  const model = newModel(nicer({ dim: 2, blocks: 1, hidden: [8] }), rootKey(1));
  return {
    stepper: eagerStepper({
      loss: trainingLoss(model.bijector, 1),
      maps: { ...flowMaps(model.bijector) },
      weights: model.weights,
      shapes: model.bijector.parameters.map((parameter) => parameter.shape),
      adam,
    }),
    inputs: (n) => exampleInputs(batch(normal(at(rootKey(2), n), 32), 2), 1),
  };
}

describe('eagerStepper', () => {
  it('takes the steps of Adam as published (float64 by hand, 20 steps)', () => {
    // An ε that can be seen: the default is below float32 here.
    const stepper = eagerStepper(quadratic({ adam: { ...adam, epsilon: 0.3 } }));
    const w = [1, -2, 0.5, 4, -1, 3];
    const [m, v] = [w.map(() => 0), w.map(() => 0)];
    for (let t = 1; t <= 20; t++) {
      const rate = 0.1 / t;
      const scale = 1 + 0.1 * t;
      const report = stepper.step(factor(scale), rate);
      const g = w.map((value, i) => scale * value * (i < 4 ? 1 : 3));
      const energy = w.reduce(
        (sum, value, i) => sum + 0.5 * scale * value ** 2 * (i < 4 ? 1 : 3),
        0,
      );
      expect(report.loss).toBeCloseTo(energy, 3);
      expect(report.terms[0]).toBeCloseTo(w[4] + w[5], 4);
      expect(report.terms[1]).toBe(5);
      expect(report.gradientNorm).toBeCloseTo(Math.hypot(...g), 3);
      g.forEach((slope, i) => {
        m[i] = 0.9 * m[i] + 0.1 * slope;
        v[i] = 0.999 * v[i] + 0.001 * slope ** 2;
        const correctedM = m[i] / (1 - 0.9 ** t);
        const correctedV = v[i] / (1 - 0.999 ** t);
        w[i] -= (rate * correctedM) / (Math.sqrt(correctedV) + 0.3);
      });
    }
    const found = stepper.weights().flatMap((part) => Array.from(part));
    found.forEach((value, i) => {
      expect(value).toBeCloseTo(w[i], 4);
    });
    stepper.dispose();
  });

  it('scales a large gradient down to clipNorm and reports its norm before that', () => {
    const stepper = eagerStepper(quadratic({ adam: { ...adam, clipNorm: 0.5 } }));
    const { gradientNorm } = stepper.step(factor(1), 0);
    const g = [1, -2, 0.5, 4, -3, 9];
    expect(gradientNorm).toBeCloseTo(Math.hypot(...g), 4);
    const moments = stepper.state().firstMoments.flatMap((part) => Array.from(part));
    moments.forEach((moment, i) => {
      expect(moment).toBeCloseTo((0.1 * g[i] * 0.5) / Math.hypot(...g), 6);
    });
    stepper.dispose();
  });

  it.each([
    ['loss and gradient', Number.NaN],
    ['loss', Infinity],
    ['gradient alone', 3e38],
  ])('changes nothing, the step count included, where %s is not finite', (_, value) => {
    const stepper = eagerStepper(quadratic());
    stepper.step(factor(1), 0.1);
    const before = stepper.state();
    const report = stepper.step(factor(value), 0.1);
    expect(report.skipped).toBe(true);
    expect(stepper.state()).toEqual(before);
    expect(before.steps).toBe(1);
    expect(stepper.step(factor(1), 0.1).skipped).toBe(false);
    stepper.dispose();
  });

  it('skips a step whose loss is not finite though its gradient is', () => {
    const stepper = eagerStepper(
      quadratic({
        loss: ([matrix], [added]) => ({
          loss: tf.add(tf.sum(tf.square(matrix)), tf.sum(added)),
          terms: [],
        }),
      }),
    );
    const before = stepper.state();
    const report = stepper.step(factor(Infinity), 0.1);
    expect(report.skipped).toBe(true);
    expect(report.gradientNorm).toBeCloseTo(2 * Math.hypot(1, -2, 0.5, 4), 4);
    expect(stepper.state()).toEqual(before);
    stepper.dispose();
  });

  it('leaves a weight alone that the loss does not reach', () => {
    const stepper = eagerStepper(
      quadratic({ loss: ([matrix]) => ({ loss: tf.sum(tf.square(matrix)), terms: [] }) }),
    );
    stepper.step(factor(1), 0.1);
    expect(stepper.weights()[1]).toEqual(Float32Array.of(-1, 3));
    stepper.dispose();
  });

  it('keeps the number of tensors flat over 200 steps and evaluations, and frees them all', () => {
    const before = tf.memory().numTensors;
    const { stepper, inputs } = stepperOfFlow();
    stepper.step(inputs(0), 1e-3);
    stepper.evaluate('forward', inputs(0).slice(0, 1));
    const running = tf.memory().numTensors;
    for (let n = 1; n <= 200; n++) {
      stepper.step(inputs(n), 1e-3);
      if (n % 10 === 0) stepper.evaluate('inverse', inputs(n).slice(0, 1));
      if (n % 50 === 0) stepper.restore(stepper.state());
    }
    expect(tf.memory().numTensors).toBe(running);
    stepper.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('goes on from a restored state as if it had never stopped, bit for bit', () => {
    const whole = stepperOfFlow();
    const parts = [stepperOfFlow(), stepperOfFlow()];
    for (let n = 0; n < 12; n++) {
      whole.stepper.step(whole.inputs(n), 1e-2);
      if (n === 6) parts[1].stepper.restore(parts[0].stepper.state());
      parts[n < 6 ? 0 : 1].stepper.step(whole.inputs(n), 1e-2);
    }
    expect(parts[1].stepper.state()).toEqual(whole.stepper.state());
    for (const { stepper } of [whole, ...parts]) stepper.dispose();
  });

  it('evaluates maps with the weights of the moment', () => {
    const bijector = realNVP({ dim: 2, blocks: 1, hidden: [8] });
    const model = newModel(bijector, rootKey(1));
    const stepper = eagerStepper({
      loss: trainingLoss(bijector, 1),
      maps: { ...flowMaps(bijector) },
      weights: model.weights,
      shapes: bijector.parameters.map((parameter) => parameter.shape),
      adam,
    });
    const z = normal(rootKey(3), 10);
    for (let n = 0; n < 5; n++) {
      stepper.step(exampleInputs(batch(normal(at(rootKey(2), n), 32), 2), 1), 0.05);
    }
    const [x, logDet] = stepper.evaluate('forward', [
      { data: Float32Array.from(z), shape: [5, 2] },
    ]);
    const oracle = mapped(bijector.exact(stepper.weights()), 'forward', z, 2);
    x.forEach((value, i) => {
      expect(value).toBeCloseTo(oracle.value[i], 4);
    });
    logDet.forEach((value, b) => {
      expect(value).toBeCloseTo(oracle.logDet[b], 4);
    });
    expect(oracle.logDet[0]).not.toBe(0);
    stepper.dispose();
  });

  it('names the maps that it has when asked for another', () => {
    const stepper = eagerStepper(quadratic());
    expect(() => stepper.evaluate('triple', [])).toThrow(
      '"map" expected one of double, got triple',
    );
    stepper.dispose();
  });

  it('refuses a state of another model', () => {
    const stepper = eagerStepper(quadratic());
    const state = stepper.state();
    expect(() => stepper.restore({ ...state, weights: [new Float32Array(4)] })).toThrow(
      'expected weights of sizes [4,2], got [4]',
    );
    stepper.dispose();
  });
});
