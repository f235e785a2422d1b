import { describe, expect, it } from 'vitest';
import { batch, row, rows } from '../../src/core/batch.ts';
import { at, normal, rootKey } from '../../src/core/rng.ts';
import { chain } from '../../src/flow/chain.ts';
import { flowDensity } from '../../src/flow/flowDensity.ts';
import type { FlowModel } from '../../src/flow/model.ts';
import { newModel } from '../../src/flow/model.ts';
import { realNVP } from '../../src/flow/realNVP.ts';
import { scaling } from '../../src/flow/scaling.ts';
import { largestDifference, scatteredWeights } from '../contracts/bijector.ts';

function scattered(priorVariance = 1): FlowModel {
  const bijector = realNVP({ dim: 2, blocks: 2, hidden: [16] });
  return { bijector, weights: scatteredWeights(bijector, rootKey(1)), priorVariance };
}

describe('flowDensity', () => {
  it('gives draws the density that it finds when it looks at them again', () => {
    for (const priorVariance of [1, 0.3, 4]) {
      const flow = flowDensity(scattered(priorVariance));
      const { z, x, logProb } = flow.sample(700, rootKey(2));
      expect(largestDifference(flow.logProb(x), logProb)).toBeLessThan(1e-10);
      expect(largestDifference(flow.inverse(x).value.data, z.data)).toBeLessThan(1e-10);
      expect(flow.forward(z).value.data).toEqual(x.data);
    }
  });

  it('integrates to one', () => {
    const flow = flowDensity(scattered());
    const [side, step] = [240, 0.08];
    const points = new Float64Array(2 * side * side);
    for (let n = 0; n < side * side; n++) {
      points[2 * n] = ((n % side) - side / 2) * step;
      points[2 * n + 1] = (Math.floor(n / side) - side / 2) * step;
    }
    const total = flow
      .logProb(batch(points, 2))
      .reduce((sum, logProb) => sum + Math.exp(logProb) * step * step, 0);
    expect(Math.abs(total - 1)).toBeLessThan(2e-3);
  });

  it('is the exact normal density for a scaling: log N(x; 0, τ e^2k)', () => {
    const bijector = scaling(2);
    const flow = flowDensity({
      bijector,
      weights: [Float32Array.of(0.5, -1)],
      priorVariance: 2,
    });
    const [x, y] = [0.7, -0.4];
    const variances = [2 * Math.exp(1), 2 * Math.exp(-2)];
    const expected =
      -0.5 * Math.log(4 * Math.PI ** 2 * variances[0] * variances[1]) -
      x ** 2 / (2 * variances[0]) -
      y ** 2 / (2 * variances[1]);
    expect(flow.logProb(batch(Float64Array.of(x, y), 2))[0]).toBeCloseTo(expected, 13);
  });

  it('gives a configuration the same bits alone, in company, and across blocks of rows', () => {
    const flow = flowDensity(scattered());
    const x = batch(normal(rootKey(3), 2 * 600), 2);
    const together = flow.logProb(x);
    for (const b of [0, 1, 255, 256, 257, 511, 599]) {
      expect(flow.logProb(batch(row(x, b).slice(), 2))[0]).toBe(together[b]);
    }
    expect(flow.logProb(rows(x, 100, 400))).toEqual(together.slice(100, 400));
  });

  it('leaves its argument alone and keeps the weights that it was made with', () => {
    const model = newModel(
      chain([scaling(3), realNVP({ dim: 3, blocks: 1, hidden: [8] })]),
      rootKey(4),
    );
    const flow = flowDensity(model);
    const x = batch(normal(rootKey(5), 30), 3);
    const before = x.data.slice();
    const logProb = flow.logProb(x);
    expect(x.data).toEqual(before);
    for (const weights of model.weights) weights.fill(0.7);
    expect(flow.logProb(x)).toEqual(logProb);
  });

  it('draws latent points of variance τ', () => {
    const count = 20_000;
    for (const priorVariance of [0.3, 1, 4]) {
      const { z } = flowDensity(scattered(priorVariance)).sample(count, rootKey(7));
      const variance = z.data.reduce((sum, v) => sum + v * v, 0) / (2 * count);
      expect(Math.abs(variance / priorVariance - 1)).toBeLessThan(4 * Math.sqrt(2 / (2 * count)));
    }
  });

  it('draws the same for the same key and other draws for another', () => {
    const flow = flowDensity(scattered());
    expect(flow.sample(5, rootKey(6))).toEqual(flow.sample(5, rootKey(6)));
    expect(flow.sample(5, rootKey(6)).x.data).not.toEqual(flow.sample(5, at(rootKey(6), 1)).x.data);
  });

  it('refuses configurations of another dimension', () => {
    expect(() => flowDensity(scattered()).logProb(batch(new Float64Array(6), 3))).toThrow(
      'maps 2 coordinates, got rows of 3',
    );
  });

  it('says not-a-number, and neither hangs nor throws, where the map overflows', () => {
    const flow = flowDensity(scattered());
    const { value } = flow.inverse(batch(Float64Array.of(1e308, 1e308, Number.NaN, 0), 2));
    expect(Number.isFinite(value.data[0] + value.data[1])).toBe(false);
    expect(Number.isFinite(value.data[2] + value.data[3])).toBe(false);
  });
});
