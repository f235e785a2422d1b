import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { determinant, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { batch } from '../../src/core/batch.ts';
import { logNormal } from '../../src/core/gaussian.ts';
import { fold, type Key, normal, rootKey } from '../../src/core/rng.ts';
import type { Bijector, ExactMap } from '../../src/flow/bijector.ts';
import { bijectorFrom } from '../../src/flow/bijectorFrom.ts';
import { scoreMap } from '../../src/flow/flowScore.ts';

export interface BijectorExpectation {
  /** Its log-determinant depends on where it is taken, by more than one nat over the test's points. */
  readonly logDetVaries: boolean;
  /** The bijector of an architecture; `bijectorFrom` for all that are part of the package. */
  readonly rebuild?: (architecture: unknown) => Bijector;
}

/** Weights away from where training starts, so that no term of the map is zero. */
export function scatteredWeights(bijector: Bijector, key: Key, strength = 0.8): Float32Array[] {
  return bijector.parameters.map(({ name, shape }) => {
    const size = shape.reduce((product, n) => product * n, 1);
    // Kernels by their fan-in, so that the activations stay of order one in depth.
    const scale = shape.length === 2 ? strength / Math.sqrt(shape[0]) : 0.3;
    return Float32Array.from(normal(fold(key, name), size), (v) => scale * v);
  });
}

/** What every `Bijector` must satisfy; each kind joins the table in `test/flow/bijectors.test.ts`. */
export function describeBijector(
  name: string,
  make: () => Bijector,
  expected: BijectorExpectation,
): void {
  describe(name, () => {
    const bijector = make();
    const { dim } = bijector;
    const key = fold(rootKey(0), name);
    const weights = scatteredWeights(bijector, fold(key, 'weights'));
    const exact = bijector.exact(weights);
    const count = 37;
    const points = normal(fold(key, 'points'), count * dim);

    it.each(['forward', 'inverse'] as const)(
      'undoes %s within 1e-9, and its log-determinant',
      (way) => {
        const back = way === 'forward' ? 'inverse' : 'forward';
        const there = mapped(exact, way, points, dim);
        const again = mapped(exact, back, there.value, dim);
        expect(largestDifference(again.value, points)).toBeLessThan(1e-9);
        expect(
          largestDifference(
            again.logDet,
            there.logDet.map((v) => -v),
          ),
        ).toBeLessThan(1e-9);
      },
    );

    it('reports the log-determinant of its own Jacobian within 1e-8', () => {
      const { logDet } = mapped(exact, 'forward', points, dim);
      let smooth = 0;
      for (let b = 0; b < count; b++) {
        const numeric = numericLogDet(exact, points.slice(b * dim, (b + 1) * dim));
        if (numeric === undefined) continue;
        smooth++;
        expect(Math.abs(logDet[b] - numeric), `point ${b}`).toBeLessThan(1e-8);
      }
      expect(smooth, 'points away from kinks').toBeGreaterThan(count / 3);
    });

    it(`has a log-determinant that ${expected.logDetVaries ? 'varies' : 'does not vary'}`, () => {
      const { logDet } = mapped(exact, 'forward', points, dim);
      const spread = Math.max(...logDet) - Math.min(...logDet);
      if (expected.logDetVaries) expect(spread).toBeGreaterThan(1);
      else expect(spread).toBeLessThan(1e-12);
    });

    const onTensorsToo = (['forward', 'inverse'] as const).filter(
      (way) => way === 'inverse' || bijector.forwardOnTensors !== false,
    );

    it.each(onTensorsToo)('is the same map on tensors, %s, within 1e-4', (way) => {
      const oracle = mapped(exact, way, Float64Array.from(Float32Array.from(points)), dim);
      const { value, logDet } = onTensors(bijector, way, points, weights);
      expect(largestDifference(value, oracle.value, 1)).toBeLessThan(1e-4);
      expect(largestDifference(logDet, oracle.logDet, 1)).toBeLessThan(1e-4);
    });

    it('has no other density than its own short way to it, within 1e-4', () => {
      const { logDensity } = bijector;
      if (logDensity === undefined) return;
      const rounded = Float64Array.from(Float32Array.from(points));
      const { value, logDet } = mapped(exact, 'inverse', rounded, dim);
      const expected = logNormal(batch(value, dim), 1).map((prior, b) => prior + logDet[b]);
      const found = tf.tidy(() =>
        logDensity(
          tf.tensor2d(Float32Array.from(points), [count, dim]),
          tensorsOf(bijector, weights),
        )
          .dataSync()
          .slice(),
      );
      expect(largestDifference(found, expected, 1)).toBeLessThan(1e-4);
    });

    it('has a score that is the gradient of its log-density (central differences)', () => {
      const few = 5;
      const x = Float64Array.from(Float32Array.from(points.subarray(0, few * dim)));
      const logProb = (at: Float64Array): Float64Array => {
        const { value, logDet } = mapped(exact, 'inverse', at, dim);
        return logNormal(batch(value, dim), 1).map((prior, b) => prior + logDet[b]);
      };
      const score = tf.tidy(() =>
        scoreMap(bijector, 1)(tensorsOf(bijector, weights), [
          tf.tensor2d(Float32Array.from(x), [few, dim]),
        ])[0].dataSync(),
      );
      let smooth = 0;
      for (let i = 0; i < dim; i++) {
        const [coarse, fine] = [1e-4, 1e-5].map((h) => {
          const [plus, minus] = [h, -h].map((shift) =>
            logProb(x.map((value, at) => (at % dim === i ? value + shift : value))),
          );
          return plus.map((value, b) => (value - minus[b]) / (2 * h));
        });
        for (let b = 0; b < few; b++) {
          const size = 1 + Math.abs(fine[b]);
          // Across a kink of a ReLU there is no derivative.
          if (Math.abs(coarse[b] - fine[b]) > 1e-5 * size) continue;
          smooth++;
          expect(Math.abs(score[b * dim + i] - fine[b]) / size).toBeLessThan(2e-3);
        }
      }
      expect(smooth, 'coordinates away from kinks').toBeGreaterThan((few * dim) / 2);
    });

    it('adds to the log-determinants that it is given', () => {
      const zero = mapped(exact, 'forward', points, dim);
      const logDet = new Float64Array(count).fill(1);
      exact.forward(points.slice(), logDet);
      expect(
        largestDifference(
          logDet,
          zero.logDet.map((v) => v + 1),
        ),
      ).toBeLessThan(1e-12);
    });

    it('gives a row the same bits alone as in company', () => {
      const together = mapped(exact, 'forward', points, dim);
      for (const b of [0, 5, count - 1]) {
        const alone = mapped(exact, 'forward', points.slice(b * dim, (b + 1) * dim), dim);
        expect(alone.value).toEqual(together.value.slice(b * dim, (b + 1) * dim));
        expect(alone.logDet[0]).toBe(together.logDet[b]);
      }
    });

    it('is the same map, bit for bit, once its architecture has been through JSON', () => {
      const { rebuild = bijectorFrom } = expected;
      const again = rebuild(JSON.parse(JSON.stringify(bijector.architecture)));
      expect(again.parameters).toEqual(bijector.parameters);
      expect(again.architecture).toEqual(bijector.architecture);
      expect(mapped(again.exact(weights), 'forward', points, dim)).toEqual(
        mapped(exact, 'forward', points, dim),
      );
    });

    it('starts from the same weights for the same key, in the shapes that it names', () => {
      const initial = bijector.initial(key);
      expect(initial).toEqual(bijector.initial(key));
      expect(initial.map((w) => w.length)).toEqual(
        bijector.parameters.map(({ shape }) => shape.reduce((product, n) => product * n, 1)),
      );
      const names = bijector.parameters.map((parameter) => parameter.name);
      expect(new Set(names).size).toBe(names.length);
    });

    it('leaks no tensor', () => {
      const before = tf.memory().numTensors;
      for (const way of onTensorsToo) onTensors(bijector, way, points, weights);
      expect(tf.memory().numTensors).toBe(before);
    });
  });
}

export interface ExactImage {
  readonly value: Float64Array;
  readonly logDet: Float64Array;
}

/** The image of the rows of `x` and the log-determinants, leaving `x` alone. */
export function mapped(
  exact: ExactMap,
  way: 'forward' | 'inverse',
  x: Float64Array,
  dim: number,
): ExactImage {
  const value = x.slice();
  const logDet = new Float64Array(x.length / dim);
  exact[way](value, logDet);
  return { value, logDet };
}

/** max |a − b| / (1 or 1 + scale |b|); NaN where anything is not a number. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>, scale = 0): number {
  let worst = a.length === b.length ? 0 : Number.NaN;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]) / (1 + scale * Math.abs(b[i]));
    if (!(difference <= worst)) worst = difference;
  }
  return worst;
}

function onTensors(
  bijector: Bijector,
  way: 'forward' | 'inverse',
  points: Float64Array,
  weights: readonly Float32Array[],
): { readonly value: Float32Array; readonly logDet: Float32Array } {
  return readInTidy(() => {
    const { value, logDet } = bijector[way](
      tf.tensor2d(Float32Array.from(points), [points.length / bijector.dim, bijector.dim]),
      tensorsOf(bijector, weights),
    );
    return [value, logDet];
  });
}

function tensorsOf(bijector: Bijector, weights: readonly Float32Array[]): tf.Tensor[] {
  return weights.map((w, i) => tf.tensor(w, [...bijector.parameters[i].shape]));
}

function readInTidy(run: () => [tf.Tensor, tf.Tensor]): {
  readonly value: Float32Array;
  readonly logDet: Float32Array;
} {
  let value = new Float32Array(0);
  let logDet = new Float32Array(0);
  tf.tidy(() => {
    const results = run();
    value = Float32Array.from(results[0].dataSync());
    logDet = Float32Array.from(results[1].dataSync());
  });
  return { value, logDet };
}

/**
 * log |det J| by central differences with two Richardson steps, or undefined where two step sizes
 * disagree: a stencil then crosses a kink of a ReLU, where no derivative exists.
 */
function numericLogDet(exact: ExactMap, z: Float64Array): number | undefined {
  const [coarse, fine] = [1.1e-3, 4e-4].map((step) =>
    Math.log(Math.abs(determinant(jacobian(exact, z, step)))),
  );
  return Math.abs(coarse - fine) < 5e-9 ? coarse : undefined;
}

function jacobian(exact: ExactMap, z: Float64Array, step: number): Matrix {
  const dim = z.length;
  const out = Matrix.zeros(dim, dim);
  const at = (j: number, shift: number): Float64Array => {
    const moved = z.slice();
    moved[j] += shift;
    return mapped(exact, 'forward', moved, dim).value;
  };
  for (let j = 0; j < dim; j++) {
    const slopes = [1, 1 / 2, 1 / 4].map((part) => {
      const h = step * part;
      const plus = at(j, h);
      const minus = at(j, -h);
      return plus.map((value, i) => (value - minus[i]) / (2 * h));
    });
    for (let i = 0; i < dim; i++) {
      const first = (4 * slopes[1][i] - slopes[0][i]) / 3;
      const second = (4 * slopes[2][i] - slopes[1][i]) / 3;
      out.set(i, j, (16 * second - first) / 15);
    }
  }
  return out;
}
