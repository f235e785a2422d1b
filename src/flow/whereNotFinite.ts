import * as tf from '@tensorflow/tfjs-core';
import type { Bijector } from './bijector.ts';
import type { Input, LossFunction } from './stepper.ts';

/** One input of a training step, what to call it, and the term of the loss that it enters. */
export interface NamedInput extends Input {
  /** `configuration`: what one of its rows is. */
  readonly row: string;
  /** `J_ML` */
  readonly term: string;
}

/** The inputs of one term of the loss, in the order of `trainingLoss`. */
export function namedInputs(
  term: string,
  rows: readonly string[],
  inputs: readonly Input[],
): NamedInput[] {
  return inputs.map((input, i) => ({ ...input, term, row: rows[i] }));
}

/** What the value of an op was made from. */
interface Origin {
  /** Terms of the loss that it belongs to. */
  readonly terms: ReadonlySet<string>;
  /** The parameter that came in last on the way to it, and the op that it came in by. */
  readonly parameter: string | undefined;
  readonly since: number;
}

/**
 * Where a training step stopped being finite, in words: a row of an input, the layer behind which a value
 * of the loss is not finite, or the layer whose gradient is not.
 *
 * The loss is run once more, one op at a time on whatever tfjs backend is set, so that it costs a step of
 * the eager tier. Where another tier overflows and this one does not, that is what it says.
 *
 * @param weights as the step found them, in the order of `bijector.parameters`.
 */
export function whereNotFinite(
  bijector: Bijector,
  loss: LossFunction,
  weights: readonly Float32Array[],
  inputs: readonly NamedInput[],
): string {
  for (const { data, shape, row, term } of inputs) {
    const at = data.findIndex((value) => !Number.isFinite(value));
    if (at >= 0)
      return `${term}: ${row} ${Math.floor((at * shape[0]) / data.length)} is ${data[at]}`;
  }
  const names = bijector.parameters.map(({ name }) => name);
  const broken = weights.findIndex((array) => !array.every(Number.isFinite));
  if (broken >= 0) return `the parameters ${names[broken]} are not finite`;
  return tf.tidy(() => {
    const parameters = weights.map((array, i) =>
      tf.tensor(array, [...bijector.parameters[i].shape]),
    );
    const fed = inputs.map(({ data, shape }) => tf.tensor(data, [...shape]));
    let found: string | undefined;
    const { grads } = tf.engine().gradients(
      () => {
        const value = loss(parameters, fed).loss;
        found = firstInTape(parameters, names, fed, inputs);
        return value;
      },
      parameters,
      undefined,
      true,
    );
    if (found !== undefined) return found;
    const bad = names.filter((_, i) => !allFinite(grads[i]));
    if (bad.length === 0) return 'the float32 sums of the whole step; each of its values is finite';
    const others = bad.length === 1 ? '' : ` and ${bad.length - 1} more`;
    return `the gradient of the loss in ${bad[0]}${others}, although the loss is finite`;
  });
}

/** The first op so far whose result is not finite although all that it was given is. */
function firstInTape(
  parameters: readonly tf.Tensor[],
  names: readonly string[],
  fed: readonly tf.Tensor[],
  inputs: readonly NamedInput[],
): string | undefined {
  const origins = new Map<number, Origin>();
  parameters.forEach(({ id }, i) => {
    origins.set(id, { terms: new Set(), parameter: names[i], since: Number.POSITIVE_INFINITY });
  });
  fed.forEach(({ id }, i) => {
    origins.set(id, { terms: new Set([inputs[i].term]), parameter: undefined, since: -1 });
  });
  for (const [step, node] of tf.engine().state.activeTape.entries()) {
    const { kernelName, inputs: given, outputs } = node;
    // Copies for the way back, which stand on the tape before the op itself.
    if (kernelName.endsWith('__op')) continue;
    // What an op used in passing is gone by now; what it gave is there.
    const from = Object.values(given).flatMap(({ id }) => origins.get(id) ?? []);
    const [last] = from.toSorted((a, b) => b.since - a.since);
    const origin: Origin = {
      terms: new Set(from.flatMap(({ terms }) => [...terms])),
      parameter: last?.parameter,
      since: Math.min(last?.since ?? -1, step),
    };
    for (const output of outputs) {
      origins.set(output.id, origin);
      if (allFinite(output)) continue;
      const terms = [...origin.terms].join(' + ') || 'the loss';
      const layer = origin.parameter === undefined ? '' : ` in the layer of ${origin.parameter}`;
      return `${terms} is not finite${layer} (${kernelName})`;
    }
  }
  return undefined;
}

function allFinite(tensor: tf.Tensor | null | undefined): boolean {
  if (tensor === null || tensor === undefined || tensor.isDisposed) return true;
  return tensor.dataSync<'float32'>().every(Number.isFinite);
}
