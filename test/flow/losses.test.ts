import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Batch, batch } from '../../src/core/batch.ts';
import { linear } from '../../src/core/collectiveVariable.ts';
import { fold, normal, rootKey } from '../../src/core/rng.ts';
import { type ConfigurationLoss, configurationTerms } from '../../src/flow/configurationTerms.ts';
import { linearLog } from '../../src/flow/linearLog.ts';
import { configurationInputs, exampleInputs, trainingLoss } from '../../src/flow/losses.ts';
import { reactionCoordinateEntropy } from '../../src/flow/reactionCoordinateEntropy.ts';
import { realNVP } from '../../src/flow/realNVP.ts';
import { mapped, scatteredWeights } from '../contracts/bijector.ts';
import { tiltedDoubleWell } from './tiltedDoubleWell.ts';

describe('linearLog', () => {
  const cap = { high: 100, max: 1e4 };

  it('is the identity below E_high, logarithmic above, and constant from E_max on', () => {
    expect(linearLog(-3.5, cap)).toEqual({ value: -3.5, slope: 1 });
    expect(linearLog(100, cap)).toEqual({ value: 100, slope: 1 });
    expect(linearLog(109, cap)).toEqual({ value: 100 + Math.log(10), slope: 0.1 });
    const beyond = { value: 100 + Math.log(1e4 - 99), slope: 0 };
    for (const u of [1e4, 1e300, Infinity, -Infinity, Number.NaN]) {
      expect(linearLog(u, cap)).toEqual(beyond);
    }
  });

  it('is continuous, with a continuous slope at E_high', () => {
    const below = linearLog(100 - 1e-9, cap);
    const above = linearLog(100 + 1e-9, cap);
    expect(Math.abs(above.value - below.value - 2e-9)).toBeLessThan(1e-12);
    expect(Math.abs(above.slope - below.slope)).toBeLessThan(2e-9);
    expect(linearLog(1e4 - 1e-6, cap).value).toBeCloseTo(linearLog(1e4, cap).value, 9);
  });
});

describe('reactionCoordinateEntropy', () => {
  it('is at least 11 ln 11 = 26.3769 for any batch, and that much at equal occupancies', () => {
    const least = 11 * Math.log(11);
    expect(least).toBeCloseTo(26.37685, 5);
    // Far outside the floor of 10⁻⁶ is all that is left of every kernel: eleven equal shares.
    const even = new Float64Array(40).fill(1e3);
    expect(reactionCoordinateEntropy(even, -1, 1).value).toBeCloseTo(least, 12);
    const point = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 30 }), (points) => {
        const { value } = reactionCoordinateEntropy(Float64Array.from(points), -1, 1);
        expect(value).toBeGreaterThan(least - 1e-12);
      }),
      { seed: 1 },
    );
    // A batch spread over the interval comes close, one in a single place does not.
    const spread = new Float64Array(201).map((_, b) => -1 + b / 100);
    expect(reactionCoordinateEntropy(spread, -1, 1).value).toBeLessThan(least + 1);
    expect(reactionCoordinateEntropy(spread.fill(0.5), -1, 1).value).toBeGreaterThan(least + 30);
  });

  it('has the gradient of its value (central differences)', () => {
    const s = normal(rootKey(1), 9).map((v) => 0.7 * v);
    s[3] = 2.6;
    const { gradient } = reactionCoordinateEntropy(s, -1, 1.5);
    const h = 1e-5;
    for (let b = 0; b < s.length; b++) {
      const at = (shift: number): number =>
        reactionCoordinateEntropy(
          s.map((v, i) => (i === b ? v + shift : v)),
          -1,
          1.5,
        ).value;
      expect(gradient[b]).toBeCloseTo((at(h) - at(-h)) / (2 * h), 7);
    }
  });

  it('draws a lone point out of a crowd towards empty kernels', () => {
    const crowd = new Float64Array(20).fill(-0.8);
    crowd[0] = 0.2;
    const { gradient } = reactionCoordinateEntropy(crowd, -1, 1);
    // Downhill is towards the empty side.
    expect(gradient[0]).toBeLessThan(0);
  });

  it('refuses an empty interval', () => {
    expect(() => reactionCoordinateEntropy(new Float64Array(1), 1, 1)).toThrow(
      'expected an interval',
    );
  });
});

describe('configurationTerms', () => {
  const loss: ConfigurationLoss = {
    reducedEnergy: tiltedDoubleWell,
    cap: { high: 20, max: 500 },
    energyWeight: 0.7,
    coordinateWeight: 0.4,
    coordinate: { variable: linear('x', [1, 0]), min: -2.5, max: 2.5 },
  };
  // Rows below E_high, above it, and beyond E_max.
  const x = batch(Float64Array.of(-1.5, 0.3, 1.2, -0.8, 3, 1, 0.1, 2, 6, 1), 2);
  const temperatures = Float64Array.of(1, 2, 1, 0.5, 1);

  function value(at: Batch): number {
    const terms = configurationTerms(at, temperatures, loss);
    return loss.energyWeight * terms.energy + loss.coordinateWeight * terms.coordinate;
  }

  it('has the gradient of w_KL ⟨u/τ⟩ + w_RC J_RC by every coordinate (central differences)', () => {
    const { gradient } = configurationTerms(x, temperatures, loss);
    const h = 1e-5;
    for (let i = 0; i < x.data.length; i++) {
      const at = (shift: number): number =>
        value(
          batch(
            x.data.map((v, k) => (k === i ? v + shift : v)),
            2,
          ),
        );
      expect(Math.abs(gradient[i] - (at(h) - at(-h)) / (2 * h)), `coordinate ${i}`).toBeLessThan(
        1e-7,
      );
    }
  });

  it('gives a forbidden configuration no pull, whatever its gradient says', () => {
    const terms = configurationTerms(x, temperatures, {
      ...loss,
      coordinateWeight: 0,
      reducedEnergy: ({ count }) => ({
        energy: new Float64Array(count).map(
          (_, b) => [Infinity, Number.NaN, 1e300, -Infinity, 1][b],
        ),
        gradient: new Float64Array(2 * count).fill(Number.NaN).map((v, i) => (i < 8 ? v : 1)),
      }),
    });
    expect(Array.from(terms.gradient)).toEqual(
      [0, 0, 0, 0, 0, 0, 0, 0, 0.14, 0.14].map((v) => expect.closeTo(v, 15)),
    );
    expect(terms.energy).toBeCloseTo((4 * (20 + Math.log(481)) + 1) / 5, 12);
    expect(terms.coordinate).toBeNaN();
  });
});

describe('trainingLoss', () => {
  const bijector = realNVP({ dim: 2, blocks: 1, hidden: [6] });
  const weights = scatteredWeights(bijector, rootKey(3));
  const count = 24;
  const z = Float32Array.from(normal(rootKey(4), 2 * count));
  const temperatures = new Float64Array(count).map((_, b) => (b % 2 === 0 ? 1 : 2));
  const configuration: ConfigurationLoss = {
    reducedEnergy: tiltedDoubleWell,
    cap: { high: 5, max: 1e10 },
    energyWeight: 0.8,
    coordinateWeight: 0.3,
    coordinate: { variable: linear('x', [1, 0]), min: -2.5, max: 2.5 },
  };

  /** w_KL J_KL + w_RC J_RC in float64. */
  function trueLoss(at: readonly Float32Array[]): number {
    const image = mapped(bijector.exact(at), 'forward', Float64Array.from(z), 2);
    const terms = configurationTerms(batch(image.value, 2), temperatures, configuration);
    const volume = image.logDet.reduce((sum, v) => sum + v, 0) / count;
    return 0.8 * (terms.energy - volume) + 0.3 * terms.coordinate;
  }

  function gradientsOf(inputs: ReturnType<typeof exampleInputs>): {
    readonly loss: number;
    readonly terms: readonly number[];
    readonly gradients: Float32Array[];
  } {
    const loss = trainingLoss(bijector, 1.5);
    const gradients: Float32Array[] = [];
    let numbers: number[] = [];
    tf.tidy(() => {
      const fed = inputs.map(({ data, shape }) => tf.tensor(data, [...shape]));
      const tensors = weights.map((w, i) => tf.tensor(w, [...bijector.parameters[i].shape]));
      let terms: number[] = [];
      const { value, grads } = tf.valueAndGrads((...args: tf.Tensor[]) => {
        const result = loss(args, fed);
        terms = result.terms.map((term) => term.dataSync()[0]);
        return result.loss;
      })(tensors);
      numbers = [value.dataSync()[0], ...terms];
      for (const gradient of grads) gradients.push(Float32Array.from(gradient.dataSync()));
    });
    const [value, ...terms] = numbers;
    return { loss: value, terms, gradients };
  }

  it('has, as a surrogate, the gradient of the true reverse KL and RC terms by every weight', () => {
    const image = mapped(bijector.exact(weights), 'forward', Float64Array.from(z), 2);
    const { gradient } = configurationTerms(batch(image.value, 2), temperatures, configuration);
    const { gradients, terms } = gradientsOf(
      configurationInputs({ data: z, shape: [count, 2] }, gradient, configuration.energyWeight),
    );
    expect(terms).toEqual([]);
    const largest = Math.max(...gradients.map((g) => Math.max(...g.map(Math.abs))));
    weights.forEach((w, n) => {
      for (let i = 0; i < w.length; i++) {
        const at = (shift: number): number => {
          const moved = weights.map((other) => other.slice());
          moved[n][i] += shift;
          return trueLoss(moved);
        };
        const h = 2 ** -11;
        // Float32 weights move by less or more than h.
        const moved = Math.fround(w[i] + h) - Math.fround(w[i] - h);
        const numeric = (at(h) - at(-h)) / moved;
        expect(
          Math.abs(gradients[n][i] - numeric),
          `${bijector.parameters[n].name}[${i}]`,
        ).toBeLessThan(1e-3 * largest);
      }
    });
  });

  it('is w_ML J_ML for examples, and reports J_ML without its weight', () => {
    const x = batch(normal(rootKey(5), 2 * count), 2);
    const { value, logDet } = mapped(bijector.exact(weights), 'inverse', x.data, 2);
    let example = 0;
    for (let b = 0; b < count; b++) {
      const square = value[2 * b] ** 2 + value[2 * b + 1] ** 2;
      example += (square / (2 * 1.5) - logDet[b]) / count;
    }
    const { loss, terms } = gradientsOf(exampleInputs(x, 0.25));
    expect(loss).toBeCloseTo(0.25 * example, 4);
    expect(terms).toEqual([expect.closeTo(example, 4)]);
  });

  it('adds both parts where both are given', () => {
    const x = batch(normal(fold(rootKey(5), 'x'), 2 * count), 2);
    const examples = exampleInputs(x, 0.25);
    const configurations = configurationInputs(
      { data: z, shape: [count, 2] },
      normal(rootKey(6), 2 * count),
      0.5,
    );
    const [both, first, second] = [
      gradientsOf([...examples, ...configurations]),
      gradientsOf(examples),
      gradientsOf(configurations),
    ];
    expect(both.loss).toBeCloseTo(first.loss + second.loss, 4);
    both.gradients.forEach((gradient, n) => {
      gradient.forEach((value, i) => {
        expect(value).toBeCloseTo(first.gradients[n][i] + second.gradients[n][i], 3);
      });
    });
  });
});
