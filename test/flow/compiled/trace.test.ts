import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { newGraph, type Value } from '../../../src/flow/compiled/graph.ts';
import { reachable } from '../../../src/flow/compiled/savedModel.ts';
import { trace } from '../../../src/flow/compiled/trace.ts';
import { TRACE_BACKEND } from '../../../src/flow/compiled/traceBackend.ts';
import { TraceError } from '../../../src/flow/compiled/traceError.ts';
import { constant } from '../../../src/flow/constant.ts';

/** Traces code of one matrix, `[3, 4]`, in `real` numbers. */
function traced(
  code: (x: tf.Tensor2D) => tf.Tensor,
  real: 'float32' | 'float64' = 'float32',
): Value {
  const graph = newGraph(real);
  return trace(graph, [graph.placeholder(real, [3, 4])], ({ tensors: [x], valueBehind }) =>
    valueBehind(code(x as tf.Tensor2D)),
  );
}

/** The operations that a value needs, constants left out. */
function operations(value: Value): string[] {
  return reachable([value])
    .map((node) => node.op)
    .filter((op) => op !== 'Const' && op !== 'Placeholder');
}

beforeEach(async () => {
  await tf.setBackend('cpu');
});

describe('a trace', () => {
  it('leaves the backend and the number of tensors as they were', () => {
    const before = tf.memory().numTensors;
    traced((x) => tf.sum(tf.exp(tf.mul(x, 2))));
    expect(tf.getBackend()).toBe('cpu');
    expect(tf.memory().numTensors).toBe(before);
    expect(tf.findBackend(TRACE_BACKEND)).toBeNull();
  });

  it('restores the backend when the code throws', () => {
    const failure = new RangeError('my own mistake');
    expect(() =>
      traced(() => {
        throw failure;
      }),
    ).toThrow(failure);
    expect(tf.getBackend()).toBe('cpu');
    expect(tf.scalar(2).dataSync()[0]).toBe(2);
  });

  it('works where no backend has been chosen yet, and chooses none', () => {
    const engine = tf.engine();
    const { backendName } = engine;
    // A fresh process is in this state; setting it here saves starting one.
    engine.backendName = '';
    traced((x) => tf.neg(x));
    expect(engine.backendName ?? '').toBe('');
    engine.backendName = backendName;
  });

  it('refuses to start inside another trace', () => {
    expect(() => traced(() => tf.scalar(traced((y) => y).shape.length))).toThrow(TraceError);
    expect(tf.getBackend()).toBe('cpu');
  });

  it('says that a value cannot be read, synchronously or not', async () => {
    expect(() => traced((x) => tf.scalar(x.dataSync()[0]))).toThrow(/must not read the numbers/);
    let waiting: Promise<unknown> | undefined;
    traced((x) => {
      waiting = x.data();
      return x;
    });
    await expect(waiting).rejects.toThrow(TraceError);
  });

  it('lets code read constants that it made itself', () => {
    const value = traced((x) => tf.mul(x, tf.add(tf.tensor1d([1, 2, 3, 4]), 0).dataSync()[2]));
    expect(value.node.inputs[1].node.constant?.values[0]).toBe(3);
  });

  it('names a kernel that it does not know and where it was called', () => {
    function strangeLayer(x: tf.Tensor2D): tf.Tensor {
      return tf.spectral.fft(tf.complex(x, x));
    }
    expect(() => traced(strangeLayer)).toThrow(/kernel Complex cannot be compiled.*strangeLayer/);
    expect(() => traced(strangeLayer)).toThrow(/trace\.test\.ts/);
    expect(() => traced(strangeLayer)).toThrow(TraceError);
  });

  it('refuses random numbers, which would be the same at every call', () => {
    expect(() => traced((x) => tf.multinomial(x, 2, 1))).toThrow(/kernel Multinomial/);
  });

  it('takes tensors of another backend as constants and leaves them alive', () => {
    const outside = tf.tensor1d([5, 6, 7, 8]);
    const value = traced((x) => tf.sub(x, outside));
    expect(Array.from(value.node.inputs[1].node.constant?.values ?? [])).toEqual([5, 6, 7, 8]);
    expect(Array.from(outside.dataSync())).toEqual([5, 6, 7, 8]);
    outside.dispose();
  });

  it('keeps the digits of `constant` in a float64 graph, and only there', () => {
    const third = 1 / 3;
    const code = (x: tf.Tensor2D): tf.Tensor => tf.mul(x, constant([third, 1, 2, 3], 1, 4));
    const numbers = (value: Value): number => value.node.inputs[1].node.constant?.values[0] ?? 0;
    expect(numbers(traced(code, 'float64'))).toBe(third);
    expect(numbers(traced(code, 'float32'))).toBe(Math.fround(third));
  });
});

describe('a traced graph', () => {
  it('has no trace of taking columns apart and joining them again', () => {
    const even = [1, 0, 0, 0, 0, 1, 0, 0];
    const odd = [0, 0, 1, 0, 0, 0, 0, 1];
    const value = traced((x) => {
      const pick = [constant(even, 4, 2), constant(odd, 4, 2)];
      const join = (a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D =>
        tf.add(tf.matMul(a, pick[0], false, true), tf.matMul(b, pick[1], false, true));
      const there = join(tf.matMul(x, pick[0]), tf.matMul(x, pick[1]));
      return tf.exp(tf.matMul(join(tf.matMul(there, pick[0]), tf.matMul(there, pick[1])), pick[1]));
    });
    // Every second column is one block of memory under another shape.
    expect(operations(value)).toEqual(['Reshape', 'Slice', 'Reshape', 'Exp']);
  });

  it('has a layer as a product, a bias and a rectifier, which TensorFlow fuses', () => {
    const layer = (x: tf.Tensor2D): tf.Tensor =>
      tf.relu(tf.add(tf.matMul(x, tf.ones([4, 2])), tf.tensor1d([1, 2])));
    expect(operations(traced(layer))).toEqual(['MatMul', 'BiasAdd', 'Relu']);
  });

  it('has the derivatives of activations as one operation each', () => {
    const slope = (f: (x: tf.Tensor) => tf.Tensor) => (x: tf.Tensor2D) =>
      tf.grad((y: tf.Tensor) => tf.sum(tf.mul(f(y), tf.square(f(y)))))(x);
    expect(operations(traced(slope(tf.relu)))).toContain('ReluGrad');
    expect(operations(traced(slope(tf.relu)))).not.toContain('Greater');
    expect(operations(traced(slope(tf.tanh)))).toContain('TanhGrad');
    expect(operations(traced(slope(tf.sigmoid)))).toContain('SigmoidGrad');
  });

  it('has the gradient of a mean as a number, not as tensors of ones', () => {
    const gradient = traced((x) => tf.grad((y: tf.Tensor) => tf.mean(tf.sum(tf.mul(y, 3), 1)))(x));
    expect(gradient.node.op).toBe('Const');
    expect(gradient.node.constant).toMatchObject({ uniform: true, values: [1] });
  });

  it('says what it is worth where a sum is taken of a negative', () => {
    const value = traced((x) => tf.add(tf.square(x), tf.neg(tf.exp(x))));
    expect(operations(value).sort()).toEqual(['Exp', 'Square', 'Sub']);
  });
});
