import * as tf from '@tensorflow/tfjs';
import { nameOf, newGraph } from '../../../src/flow/compiled/graph.ts';
import { cast } from '../../../src/flow/compiled/kernels/elementwise.ts';
import { placed, taken, withResidents } from '../../../src/flow/compiled/residents.ts';
import type { GraphRuntime } from '../../../src/flow/compiled/runtime.ts';
import { savedModel } from '../../../src/flow/compiled/savedModel.ts';
import { shardRows } from '../../../src/flow/compiled/shardRows.ts';
import { trace } from '../../../src/flow/compiled/trace.ts';
import { after } from '../../../src/flow/compiled/variables.ts';
import type { Input } from '../../../src/flow/stepper.ts';

export type TensorCode = (inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];

/** Code with the inputs to run it on. */
export interface Job {
  readonly code: TensorCode;
  readonly inputs: readonly Input[];
}

/** The results of each job, all computed by one compiled graph, in two halves of the rows if `sharded`. */
export function runTraced(
  runtime: GraphRuntime,
  jobs: readonly Job[],
  sharded = false,
): Float32Array[][] {
  const graph = newGraph('float32');
  const parts = jobs.map(({ code, inputs }) => {
    const fed = inputs.map((input) => graph.placeholder('float32', input.shape));
    const traced = trace(graph, fed, ({ tensors, valueBehind }) =>
      [code([...tensors])].flat().map(valueBehind),
    );
    const results = sharded ? shardRows(graph, traced, fed, () => true) : traced;
    // Under names of their own, since code may return what it was given.
    return {
      fed,
      results: results.map((value) => after(graph, cast(graph, value, 'float32'), [])),
    };
  });
  const fed = parts.flatMap((part) => part.fed);
  const results = parts.flatMap((part) => part.results);
  const session = runtime.load(savedModel([...fed, ...results]));
  try {
    const call = session.prepare(fed.map(nameOf), results.map(nameOf));
    const inputs = jobs.flatMap((job) => job.inputs);
    const found = taken(withResidents(placed(runtime, inputs), call));
    return parts.map((part) => found.splice(0, part.results.length));
  } finally {
    session.dispose();
  }
}

/** The results of `code` on the backend that is set. */
export function runEagerly({ code, inputs }: Job): Float32Array[] {
  const results: Float32Array[] = [];
  tf.tidy(() => {
    const tensors = inputs.map(({ data, shape }) => tf.tensor(data, [...shape]));
    for (const result of [code(tensors)].flat()) {
      results.push(Float32Array.from(result.dataSync()));
    }
  });
  return results;
}

/** `code` followed by the gradients of the weighted sum of its results with respect to its inputs. */
export function withGradients(code: TensorCode): TensorCode {
  return (inputs) => {
    const weighted = (): tf.Scalar => {
      const sums = [code(inputs)].flat().map((result) => {
        const weights = Array.from({ length: result.size }, (_, i) => Math.cos(1 + i));
        return tf.sum(tf.mul(result, tf.tensor(weights, result.shape)));
      });
      return sums.reduce((a, b) => tf.add(a, b)) as tf.Scalar;
    };
    const { value, grads } = tf.engine().gradients(weighted, inputs, undefined, true);
    return [value, ...inputs.map((input, i) => grads[i] ?? tf.zerosLike(input))];
  };
}
