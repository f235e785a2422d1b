import '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { batch, concat, rows } from '../../src/core/batch.ts';
import { normal, rootKey } from '../../src/core/rng.ts';
import { autoregressive } from '../../src/flow/autoregressive.ts';
import { eagerStepper } from '../../src/flow/eagerStepper.ts';
import { flowScore } from '../../src/flow/flowScore.ts';
import { newModel } from '../../src/flow/model.ts';
import { realNVP } from '../../src/flow/realNVP.ts';
import { scatteredWeights } from '../contracts/bijector.ts';

describe('flowScore', () => {
  const bijector = autoregressive({ dim: 3, hidden: [6], components: 2 });
  const model = {
    ...newModel(bijector, rootKey(1)),
    weights: scatteredWeights(bijector, rootKey(2)),
  };
  const x = batch(normal(rootKey(3), 3 * 21), 3);

  it('gives a row the same gradient whatever the number of rows', () => {
    const { score, dispose } = flowScore(model, eagerStepper);
    const together = score(x);
    for (const [from, to] of [
      [0, 1],
      [4, 9],
      [13, 21],
    ]) {
      const part = score(rows(x, from, to));
      part.forEach((value, i) => {
        expect(value).toBeCloseTo(together[3 * from + i], 5);
      });
    }
    dispose();
  });

  it('takes more rows than fit in one evaluation', () => {
    const { score, dispose } = flowScore(model, eagerStepper);
    const many = score(concat(Array.from({ length: 26 }, () => x)));
    const once = score(x);
    many.forEach((value, i) => {
      expect(value).toBeCloseTo(once[i % once.length], 5);
    });
    dispose();
  });

  it('is that of the tempered prior: the score of N(0, τ I) is −x/τ', () => {
    const identity = realNVP({ dim: 2, blocks: 1, hidden: [] });
    const weights = identity.parameters.map(
      ({ shape }) => new Float32Array(shape.reduce((product, n) => product * n, 1)),
    );
    const { score, dispose } = flowScore(
      { bijector: identity, weights, priorVariance: 4 },
      eagerStepper,
    );
    expect(Array.from(score(batch(Float64Array.of(2, -6), 2)))).toEqual([-0.5, 1.5]);
    dispose();
  });

  it('refuses rows of another width, naming both', () => {
    const { score, dispose } = flowScore(model, eagerStepper);
    expect(() => score(batch(new Float64Array(4), 2))).toThrow('maps 3 coordinates, got rows of 2');
    dispose();
  });
});
