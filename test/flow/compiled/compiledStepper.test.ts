import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { batch } from '../../../src/core/batch.ts';
import { fold, normal, rootKey } from '../../../src/core/rng.ts';
import { compiledStepper } from '../../../src/flow/compiled/compiledStepper.ts';
import { TraceError } from '../../../src/flow/compiled/traceError.ts';
import { eagerStepper } from '../../../src/flow/eagerStepper.ts';
import {
  configurationInputs,
  exampleInputs,
  flowMaps,
  trainingLoss,
} from '../../../src/flow/losses.ts';
import { realNVP } from '../../../src/flow/realNVP.ts';
import type { Input, Stepper, StepperSpec, StepperState } from '../../../src/flow/stepper.ts';
import { scatteredWeights } from '../../contracts/bijector.ts';
import { given, nativeTensorflow } from './native.ts';

const bijector = realNVP({ dim: 3, blocks: 2, hidden: [12, 12] });
const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7, clipNorm: 5 };

const flowSpec: StepperSpec = {
  loss: trainingLoss(bijector, 1),
  maps: flowMaps(bijector),
  weights: scatteredWeights(bijector, rootKey(1)),
  shapes: bijector.parameters.map((parameter) => parameter.shape),
  adam,
};

/** One weight w and one input g, with loss g·w: the gradient is whatever is fed. */
const slopeSpec: StepperSpec = {
  loss: ([w], [g]) => ({ loss: tf.sum(tf.mul(w, g)), terms: [] }),
  maps: { twice: ([w], [g]) => [tf.mul(tf.mul(w, g), 2), g] },
  weights: [Float32Array.of(1, -2)],
  shapes: [[2]],
  adam: { ...adam, clipNorm: 1e9 },
};

const slope = (...values: number[]): Input[] => [
  { data: Float32Array.from(values), shape: [values.length] },
];

function examples(step: number, count = 24): Input[] {
  return exampleInputs(batch(normal(fold(rootKey(step), 'x'), 3 * count), 3), 0.7);
}

function configurations(step: number, count = 16): Input[] {
  const key = rootKey(step);
  const z = Float32Array.from(normal(fold(key, 'z'), 3 * count));
  return configurationInputs(
    { data: z, shape: [count, 3] },
    normal(fold(key, 'G'), 3 * count),
    0.3,
  );
}

const native = await nativeTensorflow();

/** Runs `use` with a compiled stepper that is disposed of afterwards. */
function withCompiled(spec: StepperSpec, use: (stepper: Stepper) => void): void {
  const stepper = compiledStepper(spec, given(native).runtime);
  try {
    use(stepper);
  } finally {
    stepper.dispose();
  }
}

/** The largest difference between the numbers of two states, relative to the larger ones. */
function distance(a: StepperState, b: StepperState): number {
  const numbers = ({ weights, firstMoments, secondMoments }: StepperState): number[] =>
    [...weights, ...firstMoments, ...secondMoments].flatMap((array) => Array.from(array));
  const right = numbers(b);
  return Math.max(
    ...numbers(a).map((v, i) => Math.abs(v - right[i]) / (1e-3 + Math.abs(right[i]))),
  );
}

describe.skipIf(native === undefined)('compiledStepper', () => {
  it.each([
    ['by example', (step: number) => examples(step)],
    ['by energy', (step: number) => configurations(step)],
    ['by both at once', (step: number) => [...examples(step), ...configurations(step)]],
  ])('trains %s as the eager stepper does, clipped and unclipped steps alike', (_, inputs) => {
    withCompiled(flowSpec, (compiled) => {
      const eager = eagerStepper(flowSpec);
      let clipped = 0;
      for (let step = 0; step < 25; step++) {
        const found = compiled.step(inputs(step), 1e-3);
        const expected = eager.step(inputs(step), 1e-3);
        expect(found.skipped).toBe(false);
        expect(found.loss).toBeCloseTo(expected.loss, 4);
        expect(found.terms).toHaveLength(expected.terms.length);
        found.terms.forEach((term, i) => {
          expect(term).toBeCloseTo(expected.terms[i], 4);
        });
        expect(Math.abs(found.gradientNorm / expected.gradientNorm - 1)).toBeLessThan(1e-4);
        if (found.gradientNorm > adam.clipNorm) clipped++;
      }
      expect(clipped, 'clipped steps').toBeGreaterThan(0);
      expect(compiled.state().steps).toBe(25);
      expect(distance(compiled.state(), eager.state())).toBeLessThan(2e-3);
      eager.dispose();
    });
  });

  it('makes the steps of Adam as the paper has them', () => {
    withCompiled(slopeSpec, (stepper) => {
      const w = [1, -2];
      const m = [0, 0];
      const v = [0, 0];
      const gradients = [
        [0.5, -3],
        [1e-6, 2],
        [-0.2, 1e-9],
      ];
      gradients.forEach((g, n) => {
        stepper.step(slope(...g), 0.01);
        for (const i of [0, 1]) {
          m[i] = 0.9 * m[i] + 0.1 * g[i];
          v[i] = 0.999 * v[i] + 0.001 * g[i] ** 2;
          const [first, second] = [m[i] / (1 - 0.9 ** (n + 1)), v[i] / (1 - 0.999 ** (n + 1))];
          w[i] -= (0.01 * first) / (Math.sqrt(second) + 1e-7);
        }
      });
      const [found] = stepper.weights();
      for (const i of [0, 1]) expect(found[i]).toBeCloseTo(w[i], 6);
    });
  });

  it('scales a gradient down to the largest norm, and reports what it was before', () => {
    withCompiled({ ...slopeSpec, adam: { ...adam, clipNorm: 1 } }, (stepper) => {
      expect(stepper.step(slope(30, 40), 0.1).gradientNorm).toBeCloseTo(50, 4);
      const [first] = stepper.state().firstMoments;
      expect(first[0]).toBeCloseTo(0.1 * 0.6, 6);
      expect(first[1]).toBeCloseTo(0.1 * 0.8, 6);
    });
  });

  it.each([
    ['an infinite loss', [Number.POSITIVE_INFINITY, 1]],
    ['a loss that is no number', [Number.NaN, 1]],
    ['a gradient whose norm is not finite', [1e30, 1e30]],
  ])('skips a step with %s: nothing changes, not the step count either', (_, bad) => {
    withCompiled(slopeSpec, (stepper) => {
      stepper.step(slope(0.5, -1), 0.01);
      const before = stepper.state();
      expect(stepper.step(slope(...bad), 0.01).skipped).toBe(true);
      expect(stepper.state()).toEqual(before);
      expect(stepper.step(slope(0.5, -1), 0.01).skipped).toBe(false);
      expect(stepper.state().steps).toBe(2);
    });
  });

  it('skips a step whose loss alone is not finite', () => {
    const spec: StepperSpec = {
      ...slopeSpec,
      loss: ([w], [g, h]) => ({ loss: tf.add(tf.sum(tf.mul(w, g)), tf.sum(h)), terms: [] }),
    };
    withCompiled(spec, (stepper) => {
      const before = stepper.state();
      const report = stepper.step([...slope(1, 1), ...slope(Number.NaN)], 0.1);
      expect(report.skipped).toBe(true);
      expect(report.gradientNorm).toBeCloseTo(Math.SQRT2, 5);
      expect(stepper.state()).toEqual(before);
    });
  });

  it('is the same training whether a batch size comes and goes or a checkpoint is taken', () => {
    const inputs = [24, 24, 8, 24, 8].map((count, step) => examples(step, count));
    withCompiled(flowSpec, (stepper) => {
      for (const input of inputs) stepper.step(input, 1e-3);
      const expected = stepper.state();
      withCompiled(flowSpec, (resumed) => {
        let state = resumed.state();
        for (const input of inputs) {
          resumed.restore(state);
          resumed.step(input, 1e-3);
          state = resumed.state();
        }
        expect(state).toEqual(expected);
      });
    });
  });

  it('gives the same bits again from the same start', () => {
    const run = (): StepperState => {
      let state: StepperState | undefined;
      withCompiled(flowSpec, (stepper) => {
        for (let step = 0; step < 10; step++) stepper.step(examples(step, 200), 1e-3);
        state = stepper.state();
      });
      if (state === undefined) throw new Error('no state');
      return state;
    };
    expect(run()).toEqual(run());
  });

  it('evaluates maps with the weights of the moment, before and after steps', () => {
    withCompiled(slopeSpec, (stepper) => {
      expect(stepper.evaluate('twice', slope(3, 4))[0]).toEqual(Float32Array.of(6, -16));
      stepper.step(slope(1, 1), 0.5);
      const [w] = stepper.weights();
      const [found, same] = stepper.evaluate('twice', slope(1, 1));
      expect(found).toEqual(w.map((value) => 2 * value));
      expect(same).toEqual(Float32Array.of(1, 1));
      stepper.restore({ ...stepper.state(), weights: [Float32Array.of(7, 8)] });
      expect(stepper.evaluate('twice', slope(1, 1))[0]).toEqual(Float32Array.of(14, 16));
    });
  });

  it('never writes to the arrays that it is given, nor keeps them', () => {
    const weights = [Float32Array.of(1, -2)];
    withCompiled({ ...slopeSpec, weights }, (stepper) => {
      const input = slope(1, 1);
      stepper.step(input, 0.5);
      stepper.step(input, 0.5);
      expect(weights[0]).toEqual(Float32Array.of(1, -2));
      expect(input).toEqual(slope(1, 1));
      const state = stepper.state();
      stepper.restore(state);
      const expected = stepper.weights();
      stepper.step(input, 0.5);
      expect(state.weights).toEqual(expected);
    });
  });

  it('leaves a parameter alone that the loss does not depend on', () => {
    const spec: StepperSpec = {
      ...slopeSpec,
      weights: [Float32Array.of(1, -2), Float32Array.of(5)],
      shapes: [[2], [1]],
    };
    withCompiled(spec, (stepper) => {
      stepper.step(slope(1, 1), 0.1);
      expect(stepper.weights()[1]).toEqual(Float32Array.of(5));
    });
  });

  it('refuses inputs that are not of their shape, unknown maps and weights of a wrong size', () => {
    withCompiled(slopeSpec, (stepper) => {
      const short = [{ data: new Float32Array(3), shape: [2, 2] }];
      expect(() => stepper.step(short, 0.1)).toThrow(/shape \[2,2\] expected 4 numbers, got 3/);
      expect(() => stepper.evaluate('thrice', [])).toThrow(/expected one of twice, got thrice/);
      expect(() => stepper.evaluate('toString', [])).toThrow(RangeError);
      const wrong = { ...stepper.state(), weights: [new Float32Array(3)] };
      expect(() => stepper.restore(wrong)).toThrow(/expected 2 numbers, got 3/);
    });
    const wrong = { ...slopeSpec, weights: [] };
    expect(() => compiledStepper(wrong, given(native).runtime)).toThrow(/1 parameters, got 0/);
  });

  it('keeps its state when a loss cannot be traced', () => {
    const spec: StepperSpec = {
      ...slopeSpec,
      loss: ([w], [g]) =>
        g.size === 2
          ? { loss: tf.sum(tf.mul(w, g)), terms: [] }
          : { loss: tf.scalar(g.dataSync()[0]), terms: [] },
    };
    withCompiled(spec, (stepper) => {
      stepper.step(slope(1, 1), 0.1);
      const before = stepper.state();
      expect(() => stepper.step(slope(1, 1, 1), 0.1)).toThrow(TraceError);
      expect(stepper.state()).toEqual(before);
      expect(tf.getBackend()).toBe('tensorflow');
    });
  });

  it('refuses a loss that is not a scalar', () => {
    const spec: StepperSpec = {
      ...slopeSpec,
      loss: ([w], [g]) => ({ loss: tf.mul(w, g) as tf.Scalar, terms: [] }),
    };
    withCompiled(spec, (stepper) => {
      expect(() => stepper.step(slope(1, 1), 0.1)).toThrow(/expected a scalar.*\[2\]/);
    });
  });

  it('holds no more tensors after 300 steps and evaluations than after three', () => {
    const { binding } = given(native);
    const count = (): number[] => [tf.memory().numTensors, binding.getNumOfTensors()];
    withCompiled(flowSpec, (stepper) => {
      const inputs = examples(0);
      const z = [configurations(0)[0]];
      const round = (): void => {
        stepper.step(inputs, 1e-3);
        stepper.evaluate('forward', z);
      };
      for (let n = 0; n < 3; n++) round();
      const before = count();
      for (let n = 0; n < 300; n++) round();
      expect(count()).toEqual(before);
    });
  });

  it('gives back sessions and tensors when it is disposed of', () => {
    const { binding } = given(native);
    const count = (): number[] => [binding.getNumOfSavedModels(), binding.getNumOfTensors()];
    const before = count();
    withCompiled(flowSpec, (stepper) => {
      stepper.step(examples(0), 1e-3);
      stepper.evaluate('inverse', [examples(0)[0]]);
      expect(count()[0]).toBe(before[0] + 2);
    });
    expect(count()).toEqual(before);
  });
});
