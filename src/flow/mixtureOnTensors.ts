import * as tf from '@tensorflow/tfjs-core';
import { constant } from './constant.ts';

/** ½ ln 2π */
const HALF_LOG_TWO_PI = 0.9189385332046728;

/** Mixtures of K Gaussians as tensors: `logits`, `means` and `logSigmas`, `[D, B, K]` each. */
export interface MixtureTensors {
  readonly logits: tf.Tensor3D;
  readonly means: tf.Tensor3D;
  readonly logSigmas: tf.Tensor3D;
}

/** ln p(x) of the mixtures, `[D, B]`, for `x` of `[D, B, 1]`. */
export function mixtureLogDensity(
  x: tf.Tensor3D,
  { logits, means, logSigmas }: MixtureTensors,
): tf.Tensor2D {
  const u = tf.mul(tf.sub(x, means), tf.exp(tf.neg(logSigmas)));
  const terms = tf.sub<tf.Tensor3D>(tf.sub(logits, logSigmas), tf.mul(tf.square(u), 0.5));
  // In full for the tier that evaluates it in float64.
  const volume = constant([HALF_LOG_TWO_PI], 1, 1);
  return tf.sub(tf.sub(logSumOfExp(terms), logSumOfExp(logits)), volume);
}

/**
 * z = Φ⁻¹(F(x)) of the mixtures, `[D, B]`, for `x` of `[D, B, 1]`: from the logarithm of the smaller tail, so that
 * it keeps float32's digits far out, where F itself is 0 or 1.
 */
export function mixtureToNormal(
  x: tf.Tensor3D,
  { logits, means, logSigmas }: MixtureTensors,
): tf.Tensor2D {
  const u = tf.mul(tf.sub(x, means), tf.exp(tf.neg(logSigmas)));
  const { below, above } = logTails(u);
  const total = logSumOfExp(logits);
  const logBelow = tf.sub(logSumOfExp(tf.add<tf.Tensor3D>(logits, below)), total);
  const logAbove = tf.sub(logSumOfExp(tf.add<tf.Tensor3D>(logits, above)), total);
  const size = quantileSize(tf.minimum(logBelow, logAbove) as tf.Tensor2D);
  return tf.where(tf.lessEqual(logBelow, logAbove), tf.neg(size), size) as tf.Tensor2D;
}

/** ln Σₖ exp over the last axis; the largest term is a constant in the gradient, where it cancels. */
function logSumOfExp(terms: tf.Tensor3D): tf.Tensor2D {
  const largest = constantOf(tf.max(terms, 2, true));
  const sum = tf.sum(tf.exp(tf.sub(terms, largest)), 2);
  return tf.add(tf.log(sum), tf.reshape(largest, sum.shape)) as tf.Tensor2D;
}

/** The same numbers, through which no gradient goes. */
function constantOf<Kind extends tf.Tensor>(x: Kind): Kind {
  const still = tf.customGrad((value) => ({
    value: (value as tf.Tensor).clone(),
    gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
  }));
  return still(x) as Kind;
}

/** ln Φ(u) and ln Φ(−u). */
function logTails(u: tf.Tensor): { readonly below: tf.Tensor; readonly above: tf.Tensor } {
  const size = tf.abs(u);
  const near = logTail(size);
  const rest = tf.log1p(tf.neg(tf.exp(near)));
  const isLow = tf.less(u, 0);
  return { below: tf.where(isLow, near, rest), above: tf.where(isLow, rest, near) };
}

/**
 * ln Φ(−a) for a ≥ 0, to float32's digits:
 *
 *     ln erfc t = ln s − t² + P(s),   s = 1/(1 + t/2),   t = a/√2
 *
 * Press, Teukolsky, Vetterling & Flannery, Numerical Recipes in C, 2nd ed., §6.2, `erfcc`.
 */
function logTail(a: tf.Tensor): tf.Tensor {
  const t = tf.mul(a, Math.SQRT1_2);
  const s = tf.reciprocal(tf.add(tf.mul(t, 0.5), 1));
  let polynomial: tf.Tensor = tf.mul(s, ERFC[0]);
  for (const coefficient of ERFC.slice(1, -1)) {
    polynomial = tf.mul(tf.add(polynomial, coefficient), s);
  }
  const shift = (ERFC[ERFC.length - 1] as number) - Math.LN2;
  return tf.add(tf.sub(tf.add(polynomial, shift), tf.square(t)), tf.log(s));
}

/** |z| with ln Φ(−|z|) = `logP` ≤ ln ½: Newton's method from below, as in `core/normalTails.ts`. */
function quantileSize(logP: tf.Tensor2D): tf.Tensor2D {
  let size: tf.Tensor = tf.sqrt(tf.relu(tf.mul(tf.add(logP, Math.LN2), -2)));
  for (let turn = 0; turn < NEWTON_STEPS; turn++) {
    const found = logTail(size);
    const slope = tf.exp(
      tf.neg(tf.add(tf.add(tf.mul(tf.square(size), 0.5), found), HALF_LOG_TWO_PI)),
    );
    size = tf.add(size, tf.div(tf.sub(found, logP), slope));
  }
  return size as tf.Tensor2D;
}

const NEWTON_STEPS = 4;

const ERFC = [
  0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196,
  1.00002368, -1.26551223,
];
