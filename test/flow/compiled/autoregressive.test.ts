import '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { batch, rows } from '../../../src/core/batch.ts';
import { normal, rootKey } from '../../../src/core/rng.ts';
import { autoregressive } from '../../../src/flow/autoregressive.ts';
import { chain } from '../../../src/flow/chain.ts';
import {
  CompiledDensityError,
  compiledDensity,
} from '../../../src/flow/compiled/compiledDensity.ts';
import { compiledStepper } from '../../../src/flow/compiled/compiledStepper.ts';
import { eagerStepper } from '../../../src/flow/eagerStepper.ts';
import { flowDensity } from '../../../src/flow/flowDensity.ts';
import { flowScore, scoreMap } from '../../../src/flow/flowScore.ts';
import { exampleInputs, flowMaps, trainingLoss } from '../../../src/flow/losses.ts';
import { newModel } from '../../../src/flow/model.ts';
import { standardise } from '../../../src/flow/standardise.ts';
import type { StepperSpec } from '../../../src/flow/stepper.ts';
import { scatteredWeights } from '../../contracts/bijector.ts';
import { given, nativeTensorflow } from './native.ts';

const native = await nativeTensorflow();

const data = batch(normal(rootKey(1), 5 * 128), 5);
const bijector = chain([
  autoregressive({ dim: 5, hidden: [9, 7], components: 3 }),
  standardise(data),
]);
const model = {
  ...newModel(bijector, rootKey(2)),
  weights: scatteredWeights(bijector, rootKey(3)),
};
const spec: StepperSpec = {
  loss: trainingLoss(bijector, 1),
  maps: { ...flowMaps(bijector), score: scoreMap(bijector, 1) },
  weights: model.weights,
  shapes: bijector.parameters.map((parameter) => parameter.shape),
  adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-7, clipNorm: 5 },
};

describe.skipIf(native === undefined)('an autoregressive flow, compiled', () => {
  it('takes the steps of the eager tier', () => {
    const { runtime } = given(native);
    const compiled = compiledStepper(spec, runtime);
    const eager = eagerStepper(spec);
    for (let n = 0; n < 4; n++) {
      const one = compiled.step(exampleInputs(data, 1), 1e-2);
      const other = eager.step(exampleInputs(data, 1), 1e-2);
      expect(Math.abs(one.terms[0] - other.terms[0])).toBeLessThan(1e-4);
      expect(Math.abs(one.gradientNorm / other.gradientNorm - 1)).toBeLessThan(1e-3);
    }
    compiled.weights().forEach((array, i) => {
      const expected = eager.weights()[i];
      array.forEach((value, j) => {
        // Adam takes full steps along gradients that are rounding alone.
        expect(Math.abs(value - expected[j])).toBeLessThan(2e-2);
      });
    });
    compiled.dispose();
    eager.dispose();
  });

  it('has the score of its float64 density', () => {
    const { runtime } = given(native);
    const { score, dispose } = flowScore(model, (of) => compiledStepper(of, runtime));
    const density = flowDensity(model);
    const found = score(data);
    const h = 1e-5;
    for (let d = 0; d < 5; d++) {
      const [plus, minus] = [h, -h].map((shift) =>
        density.logProb(
          batch(
            data.data.map((v, i) => (i % 5 === d ? v + shift : v)),
            5,
          ),
        ),
      );
      plus.forEach((value, b) => {
        const numeric = (value - minus[b]) / (2 * h);
        expect(Math.abs(found[5 * b + d] - numeric) / (1 + Math.abs(numeric))).toBeLessThan(2e-3);
      });
    }
    dispose();
  });

  it('has the log-density of the float64 tier, the same bits in any batch', () => {
    const { runtime } = given(native);
    const compiled = compiledDensity(model, runtime);
    const x = batch(normal(rootKey(5), 5 * 700), 5);
    const found = compiled.logProb(x);
    flowDensity(model)
      .logProb(x)
      .forEach((log, b) => {
        expect(Math.abs(found[b] - log) / (1 + Math.abs(log))).toBeLessThan(1e-12);
      });
    for (const [from, count] of [
      [0, 1],
      [7, 3],
      [40, 16],
      [100, 84],
      [3, 256],
    ]) {
      expect(compiled.logProb(rows(x, from, from + count))).toEqual(
        found.slice(from, from + count),
      );
    }
    compiled.dispose();
  });

  it('goes through z at another prior variance, where float32 functions are found out', () => {
    const hot = compiledDensity({ ...model, priorVariance: 2 }, given(native).runtime);
    expect(() => hot.logProb(data)).toThrow(CompiledDensityError);
    hot.dispose();
  });
});
