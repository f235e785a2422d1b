import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, rootKey, uniform } from '../../../src/core/rng.ts';
import { type Graph, newGraph, type Value } from '../../../src/flow/compiled/graph.ts';
import { reachable } from '../../../src/flow/compiled/savedModel.ts';
import { shardRows } from '../../../src/flow/compiled/shardRows.ts';
import { trace } from '../../../src/flow/compiled/trace.ts';
import type { Input } from '../../../src/flow/stepper.ts';
import { given, nativeTensorflow } from './native.ts';
import { runEagerly, runTraced, type TensorCode, withGradients } from './runTraced.ts';

const ROWS = 64;
const COLUMNS = 4;
const EVERY_THIRD = Array.from({ length: ROWS * COLUMNS }, (_, i) => i % 3 === 0);

interface Operands {
  /** [ROWS, COLUMNS] */
  readonly x: tf.Tensor2D;
  /** [COLUMNS, COLUMNS] */
  readonly w: tf.Tensor2D;
  /** [COLUMNS] */
  readonly b: tf.Tensor1D;
}

/** Ways from [ROWS, COLUMNS] to something that broadcasts with it, cut or not, along any axis. */
const steps: Readonly<Record<string, (operands: Operands) => tf.Tensor>> = {
  'adds a row': ({ x, b }) => tf.add(x, b),
  'divides by a row': ({ x, b }) => tf.div(x, tf.add(2, tf.square(b))),
  'selects from a row': ({ x, b }) =>
    tf.where(tf.tensor2d(EVERY_THIRD, [ROWS, COLUMNS], 'bool'), x, tf.broadcastTo(b, x.shape)),
  'is an affine layer': ({ x, w, b }) => tf.relu(tf.add(tf.matMul(x, w), b)),
  'multiplies by a transposed matrix': ({ x, w }) => tf.matMul(x, w, false, true),
  'multiplies by a transposed batch': ({ x, w }) =>
    tf.transpose(tf.matMul(w, x, true, true)) as tf.Tensor2D,
  'contracts its rows': ({ x }) => tf.matMul(x, tf.div(tf.matMul(x, x, true), ROWS)),
  'contracts rows with a constant': ({ x, w }) =>
    tf.matMul(x, tf.matMul(tf.fill([ROWS, COLUMNS], 0.02), tf.matMul(x, w), true)),
  'sums over rows': ({ x }) => tf.div(tf.sum(x, 0), ROWS),
  'subtracts sums over rows': ({ x, b }) =>
    tf.sub(tf.mul(0.1, tf.sum(x, 0)), tf.mul(b, tf.mean(x, 0))),
  'sums over everything': ({ x }) => tf.mul(x, tf.mean(x)),
  'divides by a sum over rows': ({ x }) => tf.div(x, tf.add(1, tf.mean(tf.square(x), 0))),
  'stretches a sum over rows': ({ x }) =>
    tf.slice(tf.tile(tf.reshape(tf.mean(x, 0), [2, 2]), [2, 2]), [1, 0], [1, COLUMNS]),
  'sums over columns': ({ x }) => tf.sum(x, 1, true),
  'turns sums over columns into a row': ({ x }) =>
    tf.slice(tf.broadcastTo(tf.sum(x, 1), [ROWS, ROWS]), [0, 3], [ROWS, COLUMNS]),
  'takes the largest of a row': ({ x }) => tf.max(x, 1, true),
  'takes the largest of a column': ({ x }) => tf.max(x, 0, true),
  'multiplies along a row': ({ x }) => tf.prod(x, 1, true),
  'accumulates along a row': ({ x }) => tf.cumsum(x, 1),
  'accumulates along a column': ({ x }) =>
    tf.div(tf.transpose(tf.cumsum(tf.transpose(x), 1)), ROWS),
  'reverses columns': ({ x }) => tf.reverse(x, 1),
  'reverses rows': ({ x }) => tf.reverse(x, 0),
  'swaps halves of columns': ({ x }) => tf.concat(tf.split(x, 2, 1).toReversed(), 1),
  'swaps halves of rows': ({ x }) => tf.concat(tf.split(x, 2, 0).toReversed(), 0),
  'appends a constant column': ({ x }) =>
    tf.slice(tf.concat([tf.ones([ROWS, 1]), x], 1), [0, 0], [ROWS, COLUMNS]),
  'permutes columns': ({ x }) => tf.gather(x, [2, 0, 3, 1], 1),
  'permutes rows': ({ x }) => tf.gather(x, [...Array(ROWS).keys()].toReversed(), 0),
  'normalises rows': ({ x }) => tf.softmax(x),
  'normalises rows in logarithms': ({ x }) => tf.mul(0.2, tf.logSoftmax(x)),
  'reshapes within rows': ({ x }) =>
    tf.reshape(tf.transpose(tf.reshape(x, [ROWS, 2, 2]), [0, 2, 1]), [ROWS, COLUMNS]),
  'reshapes across rows': ({ x }) =>
    tf.reshape(tf.reverse(tf.reshape(x, [ROWS / 2, 2 * COLUMNS]), 1), [ROWS, COLUMNS]),
  'pads columns': ({ x }) =>
    tf.slice(
      tf.pad(x, [
        [0, 0],
        [1, 0],
      ]),
      [0, 0],
      [ROWS, COLUMNS],
    ),
  'pads rows': ({ x }) =>
    tf.slice(
      tf.pad(x, [
        [1, 0],
        [0, 0],
      ]),
      [0, 0],
      [ROWS, COLUMNS],
    ),
};

/** Code that takes the named steps one after the other. */
function program(names: readonly string[]): TensorCode {
  return ([x, w, b]) => {
    const operands = { w: w as tf.Tensor2D, b: b as tf.Tensor1D };
    return names.reduce<tf.Tensor>((value, name) => {
      const batch = tf.broadcastTo(value, [ROWS, COLUMNS]) as tf.Tensor2D;
      return tf.tanh(tf.add(steps[name]({ x: batch, ...operands }), tf.mul(0.3, batch)));
    }, x);
  };
}

function inputsFor(seed: number): Input[] {
  return [[ROWS, COLUMNS], [COLUMNS, COLUMNS], [COLUMNS]].map((shape, i) => ({
    data: Float32Array.from(
      uniform(
        fold(rootKey(seed), String(i)),
        shape.reduce((a, b) => a * b),
      ),
      (u) => 2 * u - 1,
    ),
    shape,
  }));
}

const native = await nativeTensorflow();

describe.skipIf(native === undefined)('a batch cut into halves', () => {
  it('gives what the whole one gives, and its gradients, through each single step', async () => {
    await expectSame(Object.keys(steps).map((name) => [name]));
  });

  it('gives what the whole one gives, and its gradients, through random programs', async () => {
    const sequences = fc.array(fc.constantFrom(...Object.keys(steps)), {
      minLength: 2,
      maxLength: 5,
    });
    await expectSame(fc.sample(sequences, { numRuns: 12, seed: 7 }));
  });

  async function expectSame(programs: readonly (readonly string[])[]): Promise<void> {
    const { runtime } = given(native);
    const jobs = programs.map((names, n) => ({
      code: withGradients(program(names)),
      inputs: inputsFor(n),
    }));
    const found = runTraced(runtime, jobs, true);
    await tf.setBackend('cpu');
    jobs.forEach((job, n) => {
      const worst = runEagerly(job).map((expected, which) =>
        expected.reduce((largest, right, i) => {
          const error = Math.abs(found[n][which][i] - right) / (1 + Math.abs(right));
          return Math.max(largest, error);
        }, 0),
      );
      expect(Math.max(...worst), programs[n].join(', ')).toBeLessThan(5e-5);
    });
  }
});

describe('what is cut', () => {
  const products = (results: readonly Value[]): number =>
    reachable(results).filter(({ op }) => op === 'MatMul').length;

  /** A layer and its gradients for a batch of `rows`. */
  function layer(rows: number, width: number): { graph: Graph; batch: Value; results: Value[] } {
    const graph = newGraph('float32');
    const batch = graph.placeholder('float32', [rows, width]);
    const weights = graph.placeholder('float32', [width, width]);
    const results = trace(graph, [batch, weights], ({ tensors, valueBehind }) =>
      (
        withGradients(([x, w]) => tf.relu(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D)))([
          ...tensors,
        ]) as tf.Tensor[]
      ).map(valueBehind),
    );
    return { graph, batch, results };
  }

  it('is every product of a batch that is large enough', () => {
    const { graph, batch, results } = layer(64, 200);
    expect(products(shardRows(graph, results, [batch]))).toBe(2 * products(results));
  });

  it.each([
    [62, 200, 'too few rows'],
    [65, 200, 'an odd number of rows'],
    [64, 100, 'small products'],
    [4096, 32, 'small matrices'],
  ])('is nothing of %i rows of %i columns: %s', (rows, width) => {
    const { graph, batch, results } = layer(rows, width);
    expect(shardRows(graph, results, [batch])).toEqual(results);
  });
});
