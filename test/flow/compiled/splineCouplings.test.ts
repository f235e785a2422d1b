import '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { batch, rows } from '../../../src/core/batch.ts';
import { fold, normal, rootKey } from '../../../src/core/rng.ts';
import { chain } from '../../../src/flow/chain.ts';
import { compiledDensity } from '../../../src/flow/compiled/compiledDensity.ts';
import { compiledStepper } from '../../../src/flow/compiled/compiledStepper.ts';
import { eagerStepper } from '../../../src/flow/eagerStepper.ts';
import { flowDensity } from '../../../src/flow/flowDensity.ts';
import {
  configurationInputs,
  exampleInputs,
  flowMaps,
  trainingLoss,
} from '../../../src/flow/losses.ts';
import { splineCouplings } from '../../../src/flow/splineCouplings.ts';
import type { Input, StepperSpec } from '../../../src/flow/stepper.ts';
import { whiten } from '../../../src/flow/whiten.ts';
import { scatteredWeights } from '../../contracts/bijector.ts';
import { given, nativeTensorflow } from './native.ts';

const native = await nativeTensorflow();

const data = batch(normal(rootKey(1), 3 * 128), 3);
const splines = splineCouplings({ dim: 3, blocks: 1, hidden: [12, 10], bins: 9, reach: 2.2 });
const bijector = chain([splines, whiten(data)]);
const model = { bijector, weights: scatteredWeights(bijector, rootKey(3)), priorVariance: 1 };
const spec: StepperSpec = {
  loss: trainingLoss(bijector, 1),
  maps: flowMaps(bijector),
  weights: model.weights,
  shapes: bijector.parameters.map((parameter) => parameter.shape),
  adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-7, clipNorm: 5 },
};

function byEnergy(step: number, count: number): Input[] {
  const key = rootKey(step);
  const z = Float32Array.from(normal(fold(key, 'z'), 3 * count));
  return configurationInputs(
    { data: z, shape: [count, 3] },
    normal(fold(key, 'G'), 3 * count),
    0.3,
  );
}

describe.skipIf(native === undefined)('spline couplings, compiled', () => {
  it('take the steps of the eager tier, by example and by energy', () => {
    const compiled = compiledStepper(spec, given(native).runtime);
    const eager = eagerStepper(spec);
    for (let step = 0; step < 8; step++) {
      const inputs = [...exampleInputs(data, 0.7), ...byEnergy(step, 32)];
      const [one, other] = [compiled.step(inputs, 1e-3), eager.step(inputs, 1e-3)];
      expect(one.skipped).toBe(false);
      expect(one.loss).toBeCloseTo(other.loss, 4);
      expect(Math.abs(one.gradientNorm / other.gradientNorm - 1)).toBeLessThan(1e-3);
    }
    compiled.weights().forEach((array, i) => {
      const expected = eager.weights()[i];
      array.forEach((value, j) => {
        // Adam takes full steps along gradients that are rounding alone.
        expect(Math.abs(value - expected[j])).toBeLessThan(4e-3);
      });
    });
    compiled.dispose();
    eager.dispose();
  });

  it('give a row the same bits in any batch, either way', () => {
    const compiled = compiledDensity({ ...model, bijector: splines }, given(native).runtime);
    const z = batch(normal(rootKey(5), 3 * 700), 3);
    const all = compiled.forward(z);
    const found = compiled.logProb(all.value);
    for (const [from, count] of [
      [0, 1],
      [7, 3],
      [40, 16],
      [100, 84],
      [3, 256],
    ]) {
      const to = from + count;
      const some = compiled.forward(rows(z, from, to));
      expect(some.value).toEqual(rows(all.value, from, to));
      expect(some.logDet).toEqual(all.logDet.slice(from, to));
      expect(compiled.logProb(some.value)).toEqual(found.slice(from, to));
    }
    compiled.dispose();
  });

  it('have the float64 density on knots, at the ends of the reach and beyond it', () => {
    const plain = splineCouplings({ dim: 2, blocks: 1, hidden: [9], bins: 4, reach: 2 });
    // Equal bins and scattered slopes: the knots are at −1, 0 and 1.
    const weights = scatteredWeights(plain, rootKey(6)).map((array, i) => {
      const { shape } = plain.parameters[i];
      const columns = shape[shape.length - 1];
      return columns === 11 ? array.map((v, at) => (at % 11 < 8 ? 0 : v)) : array;
    });
    const own = { bijector: plain, weights, priorVariance: 1 };
    const places = [-1e6, -7, -2, -1, 0, 1, 2, 7, 1e6];
    const x = batch(Float64Array.from(places.flatMap((a) => places.flatMap((b) => [a, b]))), 2);
    const compiled = compiledDensity(own, given(native).runtime);
    const oracle = flowDensity(own);
    for (const way of ['forward', 'inverse'] as const) {
      const [found, expected] = [compiled[way](x), oracle[way](x)];
      expected.value.data.forEach((v, i) => {
        expect(Math.abs(found.value.data[i] - v) / Math.max(1, Math.abs(v))).toBeLessThan(1e-12);
      });
      expected.logDet.forEach((v, b) => {
        expect(Math.abs(found.logDet[b] - v)).toBeLessThan(1e-12);
      });
    }
    expect(Math.max(...oracle.inverse(x).logDet)).toBeGreaterThan(0.1);
    compiled.dispose();
  });
});
