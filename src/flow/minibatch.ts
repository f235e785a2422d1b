import { type Batch, select } from '../core/batch.ts';
import { integers, type Key, uniform } from '../core/rng.ts';

/** Draws `count` configurations of a data set with replacement. */
export type Minibatch = (count: number, key: Key) => Batch;

/**
 * Minibatches of `data`, each configuration drawn with probability proportional to its weight.
 *
 * Weights are sampling probabilities and not factors in the loss: the expectation of the gradient is
 * the same, but a batch is not wasted on configurations that hardly count.
 *
 * @throws {RangeError} for weights that are no probabilities, or too many or too few.
 */
export function minibatch(data: Batch, weights: Float64Array | undefined): Minibatch {
  if (weights === undefined) return (count, key) => select(data, integers(key, count, data.count));

  if (weights.length !== data.count) {
    throw new RangeError(
      `"dataWeights" expected one for each of ${data.count} configurations, got ${weights.length}`,
    );
  }
  const upTo = new Float64Array(weights.length);
  let sum = 0;
  weights.forEach((weight, i) => {
    if (!(weight >= 0 && weight < Infinity)) {
      throw new RangeError(`"dataWeights[${i}]" expected a number of at least 0, got ${weight}`);
    }
    sum += weight;
    upTo[i] = sum;
  });
  if (!(sum > 0)) throw new RangeError('"dataWeights" expected a positive sum, got 0');
  return (count, key) =>
    select(
      data,
      Uint32Array.from(uniform(key, count), (u) => firstAbove(upTo, u * sum)),
    );
}

/** The first index whose entry in the rising list `upTo` is above `target`. */
function firstAbove(upTo: Float64Array, target: number): number {
  let low = 0;
  let high = upTo.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (upTo[middle] > target) high = middle;
    else low = middle + 1;
  }
  return low;
}
