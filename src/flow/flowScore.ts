import * as tf from '@tensorflow/tfjs-core';
import { type Batch, rows } from '../core/batch.ts';
import { ShapeError } from '../core/errors.ts';
import type { Bijector } from './bijector.ts';
import { exampleLoss, trainingLoss } from './losses.ts';
import type { FlowModel } from './model.ts';
import type { MapFunction, Stepper, StepperSpec } from './stepper.ts';

/** The gradient of a flow's log-density, to the digits of float32. */
export interface FlowScore {
  readonly dim: number;
  /** ∂ log q/∂x, `[B, D]`. */
  score(x: Batch): Float64Array;
  /** Frees the memory that it holds at once rather than when it is collected. */
  dispose(): void;
}

/** Rows evaluated at once: bounds the memory that the layers take. */
const MOST_ROWS = 512;

/**
 * The score of a model, computed on the tensors of a training tier, in float32.
 *
 * It steers proposals and decides nothing (design rule 8): a leapfrog step along any function of the
 * positions keeps volumes and can be reversed, so that a trajectory with a rounded force is accepted or
 * rejected, in float64, as exactly as one without. Each number of rows is evaluated as the next power of
 * two, so that few graphs are compiled, however many chains there are.
 */
export function flowScore(
  model: FlowModel,
  createStepper: (spec: StepperSpec) => Stepper,
): FlowScore {
  const { bijector, weights, priorVariance } = model;
  const { name, dim } = bijector;
  const stepper = createStepper({
    loss: trainingLoss(bijector, priorVariance),
    maps: { score: scoreMap(bijector, priorVariance) },
    weights,
    shapes: bijector.parameters.map((parameter) => parameter.shape),
    adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-7, clipNorm: 1 },
  });

  const own: FlowScore = {
    dim,
    score(x) {
      if (x.dim !== dim) {
        throw new ShapeError(`flow ${name} maps ${dim} coordinates, got rows of ${x.dim}`);
      }
      const out = new Float64Array(x.data.length);
      for (let from = 0; from < x.count; from += MOST_ROWS) {
        const part = rows(x, from, Math.min(from + MOST_ROWS, x.count));
        const padded = 2 ** Math.ceil(Math.log2(part.count));
        const data = new Float32Array(padded * dim);
        data.set(part.data);
        const [gradient] = stepper.evaluate('score', [{ data, shape: [padded, dim] }]);
        out.set(gradient.subarray(0, part.data.length), from * dim);
      }
      return out;
    },
    dispose() {
      if (abandoned.unregister(stepper)) stepper.dispose();
    },
  };
  abandoned.register(own, stepper, stepper);
  return own;
}

/** Tensors and graphs are freed with the object that stands for them, if nobody did it before. */
const abandoned = new FinalizationRegistry((stepper: Stepper) => stepper.dispose());

/** x → [∂ log q/∂x], for `Stepper.evaluate`. */
export function scoreMap(bijector: Bijector, priorVariance: number): MapFunction {
  return (weights, [x]) => {
    const total = (rowsOfX: tf.Tensor): tf.Tensor =>
      tf.neg(tf.sum(exampleLoss(bijector, priorVariance, rowsOfX as tf.Tensor2D, weights)));
    return [tf.grad(total)(x)];
  };
}
