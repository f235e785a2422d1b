import * as tf from '@tensorflow/tfjs-core';
import { ShapeError } from '../core/errors.ts';
import type { Input, Stepper, StepperSpec, StepReport } from './stepper.ts';

/**
 * Training on whatever tfjs backend is set, one op at a time: the tier that runs everywhere.
 *
 *     g ← g · min(1, clip/|g|),   m ← m + (g − m)(1 − β₁),   v ← v + (g² − v)(1 − β₂)
 *     w ← w − α √(1 − β₂ᵗ)/(1 − β₁ᵗ) · m/(√v + ε √(1 − β₂ᵗ))
 *
 * Weights and moments are one long vector each, so that an update is a dozen ops rather than a dozen
 * for every layer; a layer's weights are cut out of the vector once a step. One number is read back a
 * step, before anything is changed, so that a step that is not finite leaves all as it was.
 * Kingma & Ba, ICLR 2015, arXiv:1412.6980.
 */
export function eagerStepper(spec: StepperSpec): Stepper {
  const { loss, maps, shapes } = spec;
  const { beta1, beta2, epsilon, clipNorm } = spec.adam;
  const sizes = shapes.map((shape) => shape.reduce((product, n) => product * n, 1));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total === 0) throw new RangeError('"weights" expected something to train, got none');

  let steps = 0;
  let weights = flat(spec.weights, sizes);
  let first: tf.Tensor1D = tf.zeros([total]);
  let second: tf.Tensor1D = tf.zeros([total]);
  let layers = cut(weights);

  function cut(vector: tf.Tensor1D): tf.Tensor[] {
    return tf.tidy(() =>
      // The slice along a vector's only axis; parts of rank 1 need no new shape.
      tf
        .split(vector, sizes)
        .map((part, i) => (shapes[i].length === 1 ? part : tf.reshape(part, [...shapes[i]]))),
    );
  }

  function replace(next: readonly [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D]): void {
    tf.dispose([weights, first, second, layers]);
    [weights, first, second] = next;
    layers = cut(weights);
  }

  /** Loss, gradient and report; the caller disposes of the gradient. */
  function differentiate(inputs: readonly Input[]): {
    readonly gradient: tf.Tensor1D;
    readonly report: Omit<StepReport, 'skipped'>;
  } {
    let numbers: ArrayLike<number> = [];
    const gradient = tf.tidy(() => {
      const fed = tensors(inputs);
      let terms: readonly tf.Scalar[] = [];
      const { value, grads } = tf.engine().gradients(
        () => {
          const result = loss(layers, fed);
          // What the loss does not return dies with its tape.
          terms = result.terms.map((term) => tf.keep(tf.clone(term)));
          return result.loss;
        },
        layers,
        undefined,
        true,
      );
      // A weight that the loss does not reach has no gradient at all.
      const parts = layers.map((layer, i) =>
        tf.reshape(grads[i] ?? tf.zerosLike(layer), [sizes[i]]),
      );
      const vector = tf.concat1d(parts as tf.Tensor1D[]);
      const norm = tf.sqrt(tf.sum(tf.square(vector)));
      numbers = tf.stack([value, norm, ...terms]).dataSync();
      tf.dispose([...terms]);
      return vector;
    });
    const [value, gradientNorm, ...terms] = Array.from(numbers);
    return { gradient, report: { loss: value, gradientNorm, terms } };
  }

  return {
    tier: 'eager',
    step(inputs, learningRate) {
      const { gradient, report } = differentiate(inputs);
      const skipped = !Number.isFinite(report.loss) || !Number.isFinite(report.gradientNorm);
      if (!skipped) {
        steps++;
        const shrink = Math.min(1, clipNorm / report.gradientNorm);
        const correction = Math.sqrt(1 - beta2 ** steps);
        const rate = (learningRate * correction) / (1 - beta1 ** steps);
        replace(
          tf.tidy((): [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D] => {
            const g = shrink < 1 ? tf.mul<tf.Tensor1D>(gradient, shrink) : gradient;
            const m = tf.add<tf.Tensor1D>(first, tf.mul(tf.sub(g, first), 1 - beta1));
            const v = tf.add<tf.Tensor1D>(second, tf.mul(tf.sub(tf.square(g), second), 1 - beta2));
            const move = tf.div(tf.mul(m, rate), tf.add(tf.sqrt(v), epsilon * correction));
            return [tf.sub(weights, move), m, v];
          }),
        );
      }
      gradient.dispose();
      return { ...report, skipped };
    },
    evaluate(name, inputs) {
      const map = Object.hasOwn(maps, name) ? maps[name] : undefined;
      if (map === undefined) {
        throw new RangeError(`"map" expected one of ${Object.keys(maps).join(', ')}, got ${name}`);
      }
      const results: Float32Array[] = [];
      tf.tidy(() => {
        for (const result of map(layers, tensors(inputs))) {
          results.push(Float32Array.from(result.dataSync()));
        }
      });
      return results;
    },
    weights: () => parted(weights, sizes),
    state: () => ({
      weights: parted(weights, sizes),
      firstMoments: parted(first, sizes),
      secondMoments: parted(second, sizes),
      steps,
    }),
    restore(state) {
      replace([
        flat(state.weights, sizes),
        flat(state.firstMoments, sizes),
        flat(state.secondMoments, sizes),
      ]);
      steps = state.steps;
    },
    dispose() {
      tf.dispose([weights, first, second, layers]);
    },
  };
}

function tensors(inputs: readonly Input[]): tf.Tensor[] {
  return inputs.map(({ data, shape }) => tf.tensor(data, [...shape]));
}

/** All arrays as one vector. @throws {ShapeError} where they do not have the sizes of the model. */
function flat(arrays: readonly Float32Array[], sizes: readonly number[]): tf.Tensor1D {
  const found = arrays.map((array) => array.length);
  if (found.length !== sizes.length || found.some((length, i) => length !== sizes[i])) {
    throw new ShapeError(`stepper: expected weights of sizes [${sizes}], got [${found}]`);
  }
  const vector = new Float32Array(sizes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  for (const array of arrays) {
    vector.set(array, at);
    at += array.length;
  }
  return tf.tensor1d(vector);
}

function parted(vector: tf.Tensor1D, sizes: readonly number[]): Float32Array[] {
  const data = vector.dataSync();
  let end = 0;
  return sizes.map((size) => {
    end += size;
    return Float32Array.from(data.subarray(end - size, end));
  });
}
