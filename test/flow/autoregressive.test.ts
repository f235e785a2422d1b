import { describe, expect, it } from 'vitest';
import { gaussLegendre } from '../../src/analysis/gaussLegendre.ts';
import { batch } from '../../src/core/batch.ts';
import { fold, normal, rootKey } from '../../src/core/rng.ts';
import { autoregressive } from '../../src/flow/autoregressive.ts';
import { chain } from '../../src/flow/chain.ts';
import { eagerStepper } from '../../src/flow/eagerStepper.ts';
import { OneWayError } from '../../src/flow/errors.ts';
import { gaussianMixture } from '../../src/flow/exact/gaussianMixture.ts';
import { fit as train } from '../../src/flow/fit.ts';
import { flowDensity } from '../../src/flow/flowDensity.ts';
import { invert } from '../../src/flow/invert.ts';
import { newModel } from '../../src/flow/model.ts';
import { scaling } from '../../src/flow/scaling.ts';
import { scatteredWeights } from '../contracts/bijector.ts';

/** Narrow and wide, far apart: [logits, means, ln σ]. */
const mixtures: Readonly<Record<string, number[]>> = {
  'one Gaussian': [0.3, -1.2, Math.log(0.4)],
  'three of unlike widths': [0, 1, -2, -1.5, 0.2, 2, Math.log(0.3), Math.log(1.1), Math.log(0.05)],
  'two with a gap': [0, 0, -1, 1, Math.log(0.25), Math.log(0.25)],
  'one whose weight is no double': [0, -800, 1, -1, 0, 0.5],
};

describe.each(Object.entries(mixtures))('a mixture of %s', (_, parameters) => {
  const mixture = gaussianMixture(parameters.length / 3);
  mixture.set(Float64Array.from(parameters), 0);

  it('comes back from x to z with all digits, in the middle and at 8 and 30 sigma', () => {
    for (const z of [0, 1e-3, 0.7, -0.7, 2.5, -2.5, 8, -8, 30, -30]) {
      const x = mixture.fromNormal(z);
      const slope = Math.exp(mixture.logSlope());
      // What one rounding of x does to z is not the map's error.
      const rounding = slope * Math.abs(x) * Number.EPSILON;
      expect(Math.abs(mixture.toNormal(x) - z), `z = ${z}`).toBeLessThan(
        4e-15 * (1 + Math.abs(z)) + 2 * rounding,
      );
    }
  });

  it('has the slope that its logarithm says, out to 30 sigma', () => {
    for (const z of [0, 1.3, -1.3, 8, -8, 30, -30]) {
      const x = mixture.fromNormal(z);
      const log = mixture.logSlope();
      const h = 1e-5 * Math.min(1, Math.exp(-log));
      const numeric = (mixture.toNormal(x + h) - mixture.toNormal(x - h)) / (2 * h);
      expect(Math.abs(Math.log(numeric) - log), `z = ${z}`).toBeLessThan(1e-6);
    }
  });

  it('is increasing, and passes NaN and infinity on', () => {
    const points = Array.from({ length: 400 }, (_unused, i) => mixture.toNormal(-20 + 0.1 * i));
    for (let i = 1; i < points.length; i++) expect(points[i]).toBeGreaterThan(points[i - 1]);
    expect(mixture.toNormal(Number.NaN)).toBeNaN();
    expect(mixture.fromNormal(Number.NaN)).toBeNaN();
    expect(mixture.toNormal(-Infinity)).toBe(-Infinity);
  });
});

describe('the density of an autoregressive flow', () => {
  function density(dim: number) {
    const bijector = autoregressive({ dim, hidden: [8], components: 3 });
    const key = fold(rootKey(3), `${dim}`);
    // Strong enough that the second coordinate's mixture depends on the first.
    return flowDensity({ ...newModel(bijector, key), weights: scatteredWeights(bijector, key, 2) });
  }
  const panels = 40;
  const { nodes, weights } = gaussLegendre(20);
  const range = 14;
  const line = Array.from({ length: panels }, (_, p) => p).flatMap((p) =>
    Array.from(nodes, (node, i) => {
      const half = range / panels;
      return { x: -range + half * (2 * p + 1 + node), weight: half * weights[i] };
    }),
  );

  it('integrates to 1 in one dimension', () => {
    const q = density(1).logProb(
      batch(
        Float64Array.from(line, ({ x }) => x),
        1,
      ),
    );
    const integral = line.reduce((sum, { weight }, i) => sum + weight * Math.exp(q[i]), 0);
    expect(Math.abs(integral - 1)).toBeLessThan(1e-9);
  });

  it('integrates to 1 in two dimensions, given any first coordinate its share', () => {
    const flow = density(2);
    const outer = line.filter((_, i) => i % 4 === 0);
    let largest = 0;
    for (const { x: first } of outer.filter((_, i) => i % 10 === 0)) {
      const points = batch(Float64Array.from(line.flatMap(({ x }) => [first, x])), 2);
      const q = flow.logProb(points);
      const share = line.reduce((sum, { weight }, i) => sum + weight * Math.exp(q[i]), 0);
      const marginal = flowDensityOfFirst(first);
      largest = Math.max(largest, Math.abs(share - marginal));
    }
    // The marginal by finite differences is good to 1e-7.
    expect(largest).toBeLessThan(1e-6);

    /** The first coordinate's own mixture, from the map's first row alone. */
    function flowDensityOfFirst(x: number): number {
      const far = flow.inverse(batch(Float64Array.of(x, 0), 2));
      const h = 1e-4;
      const [plus, minus] = [h, -h].map(
        (shift) => flow.inverse(batch(Float64Array.of(x + shift, 0), 2)).value.data[0],
      );
      const z = far.value.data[0];
      return (Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)) * ((plus - minus) / (2 * h));
    }
  });

  it('samples what it says: the mean of p/q over draws is 1 for another density p', () => {
    const q = density(2);
    const { x, logProb } = q.sample(4000, rootKey(5));
    const again = q.logProb(x);
    let worst = 0;
    logProb.forEach((log, b) => {
      worst = Math.max(worst, Math.abs(log - again[b]));
    });
    expect(worst).toBeLessThan(1e-9);
    // p: a narrow normal around the draws' mean, well inside q.
    const mean = [0, 1].map(
      (i) => x.data.reduce((s, v, at) => s + (at % 2 === i ? v : 0), 0) / 4000,
    );
    const terms = Array.from(logProb, (log, b) => {
      const square = (x.data[2 * b] - mean[0]) ** 2 + (x.data[2 * b + 1] - mean[1]) ** 2;
      return Math.exp(-square / (2 * 0.25) - log) / (2 * Math.PI * 0.25);
    });
    const average = terms.reduce((s, v) => s + v, 0) / terms.length;
    const variance = terms.reduce((s, v) => s + (v - average) ** 2, 0) / terms.length;
    expect(Math.abs(average - 1)).toBeLessThan(4.5 * Math.sqrt(variance / terms.length));
  });
});

describe('an autoregressive flow', () => {
  it('starts as nearly the identity', () => {
    for (const components of [1, 2, 10]) {
      const bijector = autoregressive({ dim: 2, hidden: [8], components });
      const x = normal(rootKey(1), 200);
      const z = x.slice();
      bijector.exact(bijector.initial(rootKey(2))).inverse(z, new Float64Array(100));
      z.forEach((value, i) => {
        expect(Math.abs(value - x[i])).toBeLessThan(0.1 + 0.3 * x[i] ** 2);
      });
    }
  });

  it('learns by example what no Gaussian can say', () => {
    // x₁ ~ N(0, 1), x₂ ~ N(½ x₁², 0.3²): the nearest Gaussian is ½ ln (0.59/0.09) = 0.94 nats away.
    const draw = (seed: number, count: number) => {
      const data = normal(rootKey(seed), 2 * count);
      let logProb = 0;
      for (let b = 0; b < count; b++) {
        const [u, v] = [data[2 * b], data[2 * b + 1]];
        data[2 * b + 1] = 0.5 * u * u + 0.3 * v;
        logProb -= (0.5 * (u * u + v * v) + Math.log(0.3 * 2 * Math.PI)) / count;
      }
      return { x: batch(data, 2), logProb };
    };
    const heldOut = draw(2, 1000);
    const fitting = train({
      model: newModel(autoregressive({ dim: 2, hidden: [10], components: 3 }), rootKey(3)),
      data: draw(1, 2000).x,
      dataWeights: undefined,
      heldOut: heldOut.x,
      stages: [
        {
          steps: 100,
          exampleBatch: 64,
          energyBatch: 0,
          learningRate: { from: 3e-2, to: 2e-3 },
          weights: { example: 1, energy: 0, reactionCoordinate: 0 },
          energyCap: { high: 1, max: 2 },
          temperatures: [1],
          earlyStop: undefined,
        },
      ],
      reducedEnergy: undefined,
      reactionCoordinate: undefined,
      clipNorm: 20,
      key: rootKey(4),
      createStepper: eagerStepper,
    });
    for (const _ of fitting);
    const logQ = flowDensity(fitting.model()).logProb(heldOut.x);
    fitting.dispose();
    const mean = logQ.reduce((sum, log) => sum + log, 0) / logQ.length;
    expect(heldOut.logProb - mean).toBeLessThan(0.3);
  });

  it('refuses to run from latent space on tensors, and to be trained by energy, by name', () => {
    const bijector = chain([autoregressive({ dim: 2, hidden: [4], components: 2 }), scaling(2)]);
    const byEnergy = () =>
      train({
        model: newModel(bijector, rootKey(1)),
        data: batch(new Float64Array(4), 2),
        dataWeights: undefined,
        heldOut: batch(new Float64Array(4), 2),
        stages: [
          {
            steps: 1,
            exampleBatch: 2,
            energyBatch: 2,
            learningRate: 1e-3,
            weights: { example: 1, energy: 1, reactionCoordinate: 0 },
            energyCap: { high: 1, max: 2 },
            temperatures: [1],
            earlyStop: undefined,
          },
        ],
        reducedEnergy: (x) => ({ energy: new Float64Array(x.count), gradient: x.data }),
        reactionCoordinate: undefined,
        clipNorm: 1,
        key: rootKey(1),
        createStepper: eagerStepper,
      });
    expect(byEnergy).toThrow('which is trained by example only');
    expect(() =>
      autoregressive({ dim: 2, hidden: [4], components: 2 }).forward({} as never, []),
    ).toThrow(OneWayError);
    expect(() => invert(bijector)).toThrow('has one direction on tensors');
  });

  it.each([
    [{ dim: 0 }, '"dim" expected an integer of at least 1, got 0'],
    [{ components: 0 }, '"components" expected an integer of at least 1, got 0'],
    [{ hidden: [] }, '"hidden[0]" expected an integer of at least 1, got 0'],
    [{ hidden: [4, 0.5] }, '"hidden[1]" expected an integer of at least 1, got 0.5'],
  ])('refuses %j', (wrong, message) => {
    expect(() => autoregressive({ dim: 2, hidden: [4], components: 2, ...wrong })).toThrow(message);
  });
});
