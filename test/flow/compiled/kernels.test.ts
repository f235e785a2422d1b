import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { fold, rootKey, uniform } from '../../../src/core/rng.ts';
import { RULES } from '../../../src/flow/compiled/traceBackend.ts';
import type { Input } from '../../../src/flow/stepper.ts';
import { cases } from './kernelCases.ts';
import { given, nativeTensorflow } from './native.ts';
import { runEagerly, runTraced, withGradients } from './runTraced.ts';

const native = await nativeTensorflow();

describe('the list of kernels', () => {
  it('has a test for every kernel that can be compiled', () => {
    expect(Object.keys(cases).sort()).toEqual(Object.keys(RULES).sort());
  });
});

describe.skipIf(native === undefined)('a compiled kernel', () => {
  it.each(Object.keys(cases))(
    '%s computes what it computes on the cpu, and its gradient',
    async (kernel) => {
      const { runtime } = given(native);
      const jobs = cases[kernel].flatMap(
        ({ code, shapes, between: [low, high], differentiable }) => {
          const inputs = shapes.map((shape, i): Input => {
            const size = shape.reduce((product, n) => product * n, 1);
            const u = uniform(fold(rootKey(i), kernel), size);
            return { data: Float32Array.from(u, (v) => low + v * (high - low)), shape };
          });
          const job = { code, inputs };
          return differentiable ? [job, { code: withGradients(code), inputs }] : [job];
        },
      );
      const found = runTraced(runtime, jobs);
      await tf.setBackend('cpu');
      jobs.forEach((job, n) => {
        expectClose(found[n], runEagerly(job));
      });
    },
  );
});

/** Equal to a few roundings of float32. */
function expectClose(found: readonly Float32Array[], expected: readonly Float32Array[]): void {
  expect(found.map((array) => array.length)).toEqual(expected.map((array) => array.length));
  found.forEach((array, n) => {
    array.forEach((value, i) => {
      const right = expected[n][i];
      if (Number.isFinite(right)) {
        expect(Math.abs(value - right), `result ${n}[${i}]: ${value} for ${right}`).toBeLessThan(
          2e-5 * (1 + Math.abs(right)),
        );
      } else expect(value).toEqual(right);
    });
  });
}
