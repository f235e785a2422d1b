import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { gaussLegendre } from '../../src/analysis/gaussLegendre.ts';
import { batch } from '../../src/core/batch.ts';
import { normal, rootKey } from '../../src/core/rng.ts';
import { eagerStepper } from '../../src/flow/eagerStepper.ts';
import { fit as train } from '../../src/flow/fit.ts';
import { flowDensity } from '../../src/flow/flowDensity.ts';
import { newModel } from '../../src/flow/model.ts';
import { splineCouplings } from '../../src/flow/splineCouplings.ts';
import { largestDifference, mapped, scatteredWeights } from '../contracts/bijector.ts';

const ways = ['forward', 'inverse'] as const;

describe('spline couplings', () => {
  const bijector = splineCouplings({ dim: 3, blocks: 2, hidden: [7], bins: 6, reach: 2 });

  it('start as the identity, in float64 and on tensors', () => {
    const weights = bijector.initial(rootKey(1));
    const points = normal(rootKey(2), 3 * 40).map((v) => 2 * v);
    for (const way of ways) {
      const { value, logDet } = mapped(bijector.exact(weights), way, points, 3);
      expect(largestDifference(value, points)).toBeLessThan(1e-14);
      expect(largestDifference(logDet, new Float64Array(40))).toBeLessThan(1e-13);
      const single = onTensors(bijector, way, points, weights);
      expect(largestDifference(single.value, points)).toBeLessThan(3e-6);
      expect(largestDifference(single.logDet, new Float64Array(40))).toBeLessThan(3e-5);
    }
  });

  it('leave rows alone all of whose coordinates are beyond the reach', () => {
    const exact = bijector.exact(scatteredWeights(bijector, rootKey(3)));
    const far = Float64Array.of(2, -2, 2.5, 1e6, -3, 40);
    for (const way of ways) {
      const { value, logDet } = mapped(exact, way, far, 3);
      expect(value).toEqual(far);
      expect(Array.from(logDet, Math.abs)).toEqual([0, 0]);
    }
  });

  it('have numbers and gradients on knots, at the ends, far out, and for weights of any size', () => {
    for (const strength of [0, 1, 40]) {
      const weights = scatteredWeights(bijector, rootKey(4), strength);
      // Without weights all knots are at multiples of a third of the reach.
      const places = [-1e4, -2, -4 / 3, -2 / 3, 0, 2 / 3, 4 / 3, 2, 1e4];
      const points = Float64Array.from(
        places.flatMap((a, i) =>
          [1, 3, 5].flatMap((n) => [a, places[(i + n) % 9], places[(2 * i) % 9]]),
        ),
      );
      for (const way of ways) {
        const { value, logDet } = mapped(bijector.exact(weights), way, points, 3);
        expect(value.every(Number.isFinite) && logDet.every(Number.isFinite)).toBe(true);
        const single = onTensors(bijector, way, points, weights);
        expect(single.value.every(Number.isFinite)).toBe(true);
        expect(single.logDet.every(Number.isFinite)).toBe(true);
        for (const gradient of gradients(way, points, weights)) {
          expect(gradient.every(Number.isFinite), `${way}, ${strength}`).toBe(true);
        }
      }
    }
  });

  function gradients(
    way: 'forward' | 'inverse',
    points: Float64Array,
    weights: readonly Float32Array[],
  ): Float32Array[] {
    return tf.tidy(() => {
      const sum = (...tensors: tf.Tensor[]): tf.Tensor => {
        const { value, logDet } = bijector[way](tensors[0] as tf.Tensor2D, tensors.slice(1));
        return tf.add(tf.sum(tf.sin(value)), tf.sum(logDet));
      };
      const x = tf.tensor2d(Float32Array.from(points), [points.length / 3, 3]);
      const parameters = weights.map((w, i) => tf.tensor(w, [...bijector.parameters[i].shape]));
      return tf
        .grads(sum)([x, ...parameters])
        .map((g) => Float32Array.from(g.dataSync()));
    });
  }

  it('have the density that their knots say: as much of it up to a knot as N(0, 1) has to its image', () => {
    // Without hidden layers the biases alone are the splines' numbers; the second coupling moves x₁ too.
    const fixed = splineCouplings({ dim: 2, blocks: 1, hidden: [], bins: 3, reach: 4 });
    const weights = fixed.parameters.map(({ name, shape }) =>
      name.endsWith('kernel')
        ? new Float32Array(shape[0] * shape[1])
        : Float32Array.of(0.4, -1, 0.6, -0.3, 0.9, 0.2, 0.7, -1.1),
    );
    const density = flowDensity({ bijector: fixed, weights, priorVariance: 1 });
    const shares = (logits: number[]): number[] => {
      const sum = logits.reduce((total, v) => total + Math.exp(v), 0);
      return logits.map((v) => 1e-3 + (1 - 3e-3) * (Math.exp(v) / sum));
    };
    const knots = (logits: number[]): number[] => {
      const [a, b] = shares(logits.map(Math.fround));
      return [-4, -4 + 8 * a, -4 + 8 * (a + b), 4];
    };
    const [xs, zs] = [knots([0.4, -1, 0.6]), knots([-0.3, 0.9, 0.2])];
    const integral = (from: number, to: number, f: (x: number) => number): number => {
      const { nodes, weights: own } = gaussLegendre(60);
      const half = (to - from) / 2;
      return nodes.reduce((sum, node, i) => sum + half * own[i] * f(from + half * (1 + node)), 0);
    };
    const bell = (z: number): number => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
    for (const [moving, other] of [
      [0, 1],
      [1, 0],
    ]) {
      for (let k = 0; k < 3; k++) {
        const mass = integral(xs[k], xs[k + 1], (x) => {
          // Far out the other coordinate is as in latent space.
          const at = [0, 0];
          at[moving] = x;
          at[other] = 5;
          return Math.exp(density.logProb(batch(Float64Array.from(at), 2))[0]) / bell(5);
        });
        expect(Math.abs(mass - integral(zs[k], zs[k + 1], bell)), `bin ${k}`).toBeLessThan(1e-9);
      }
    }
  });

  it('open a gap between two states in one block', () => {
    // x₁ ~ N(0, 1), x₂ = ±1.6 + 0.3 v: ½ ln (2.65/0.09) − ln 2 = 0.998 nats from the nearest Gaussian.
    const draw = (seed: number, count: number) => {
      const data = normal(rootKey(seed), 2 * count);
      let logProb = 0;
      for (let b = 0; b < count; b++) {
        const [u, v] = [data[2 * b], data[2 * b + 1]];
        data[2 * b + 1] = (b % 2 === 0 ? 1.6 : -1.6) + 0.3 * v;
        logProb -= (0.5 * (u * u + v * v) + Math.log(2 * 0.3 * 2 * Math.PI)) / count;
      }
      return { x: batch(data, 2), logProb };
    };
    const heldOut = draw(2, 1000);
    const training = train({
      model: newModel(
        splineCouplings({ dim: 2, blocks: 1, hidden: [4], bins: 6, reach: 4 }),
        rootKey(3),
      ),
      data: draw(1, 1000).x,
      dataWeights: undefined,
      heldOut: heldOut.x,
      stages: [
        {
          steps: 40,
          exampleBatch: 32,
          energyBatch: 0,
          learningRate: { from: 8e-2, to: 2e-3 },
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
    for (const _ of training);
    const logQ = flowDensity(training.model()).logProb(heldOut.x);
    training.dispose();
    const mean = logQ.reduce((sum, log) => sum + log, 0) / logQ.length;
    expect(heldOut.logProb - mean).toBeLessThan(0.3);
  });

  it.each([
    [{ bins: 1 }, '"bins" expected an integer of at least 2, got 1'],
    [{ bins: 2.5 }, '"bins" expected an integer of at least 2, got 2.5'],
    [{ bins: 1000 }, '"bins" expected an integer below 1000, got 1000'],
    [{ reach: 0 }, '"reach" expected a positive number, got 0'],
    [{ reach: Number.NaN }, '"reach" expected a positive number, got NaN'],
    [{ reach: Number.POSITIVE_INFINITY }, '"reach" expected a positive number, got Infinity'],
    [{ dim: 1 }, '"dim" expected an integer of at least 2, got 1'],
  ])('refuse %j', (wrong, message) => {
    const options = { dim: 2, blocks: 1, hidden: [4], bins: 4, reach: 5, ...wrong };
    expect(() => splineCouplings(options)).toThrow(message);
    expect(() => splineCouplings(options)).toThrow(RangeError);
  });
});

function onTensors(
  bijector: ReturnType<typeof splineCouplings>,
  way: 'forward' | 'inverse',
  points: Float64Array,
  weights: readonly Float32Array[],
): { readonly value: Float32Array; readonly logDet: Float32Array } {
  return tf.tidy(() => {
    const { value, logDet } = bijector[way](
      tf.tensor2d(Float32Array.from(points), [points.length / bijector.dim, bijector.dim]),
      weights.map((w, i) => tf.tensor(w, [...bijector.parameters[i].shape])),
    );
    return {
      value: Float32Array.from(value.dataSync()),
      logDet: Float32Array.from(logDet.dataSync()),
    };
  });
}
