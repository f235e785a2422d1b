import * as tf from '@tensorflow/tfjs-core';
import { constant } from './constant.ts';
import { LEAST, SLOPE_OFFSET } from './exact/rationalQuadratic.ts';

/** The splines of m coordinates of B rows as tensors, K bins each. */
export interface SplineTensors {
  /** Widths and heights of the bins as shares of the whole, `[B, 2, m, K]`. */
  readonly sizes: tf.Tensor4D;
  /** Slopes at the K − 1 inner knots, `[B, 1, m, K − 1]`. */
  readonly slopes: tf.Tensor4D;
}

/** One direction of the splines. */
export interface Splined {
  /** `[B, m]` */
  readonly value: tf.Tensor2D;
  /** ln dvalue/dargument, `[B, m]` */
  readonly logSlope: tf.Tensor2D;
}

/** The splines that a network's numbers describe, `[B, m (3K − 1)]`: all widths, all heights, all slopes. */
export function splinesFrom(numbers: tf.Tensor2D, moving: number, bins: number): SplineTensors {
  const [rows] = numbers.shape;
  const inner = moving * (bins - 1);
  const [sizes, slopes] = tf.split<tf.Tensor2D>(numbers, [2 * moving * bins, inner], 1);
  const logits = tf.reshape(sizes, [rows, 2, moving, bins]);
  const shares = tf.mul(tf.softmax(logits), single(1 - LEAST * bins));
  const raised = tf.softplus(tf.add(slopes, single(SLOPE_OFFSET)));
  return {
    sizes: tf.add(shares, single(LEAST)),
    slopes: tf.reshape(tf.add(raised, single(LEAST)), [rows, 1, moving, bins - 1]),
  };
}

/**
 * The splines of `exact/rationalQuadratic.ts`, in the direction `way`. The bin of a coordinate is the
 * difference of two rows of comparisons with the knots; sums over what it masks then pick the bin's numbers.
 */
export function splined(
  at: tf.Tensor2D,
  { sizes, slopes }: SplineTensors,
  reach: number,
  way: 'forward' | 'inverse',
): Splined {
  const [rows, , moving, bins] = sizes.shape;
  // Outside the reach a coordinate is at one of the two ends, which keep their places and have slope 1.
  const inReach = tf.div<tf.Tensor2D>(tf.add(at, single(reach)), single(2 * reach));
  const share = tf.clipByValue<tf.Tensor2D>(inReach, 0, 1);

  const lefts = tf.cumsum(sizes, 3, true);
  const knots = tf.slice(lefts, [0, way === 'inverse' ? 0 : 1, 0, 1], [rows, 1, moving, bins - 1]);
  const reached = tf.cast<tf.Tensor4D>(
    tf.greaterEqual(tf.reshape(share, [rows, 1, moving, 1]), knots),
    'float32',
  );
  const bin = tf.sub(padded(reached, [1, 0], 1), padded(reached, [0, 1], 0));
  const table = tf.concat([lefts, sizes, padded(slopes, [1, 0], 1), padded(slopes, [0, 1], 1)], 1);
  const [left, below, width, height, low, high] = tf
    .split<tf.Tensor3D>(tf.sum<tf.Tensor3D>(tf.mul(table, bin), 3), 6, 1)
    .map((column) => tf.reshape<tf.Rank.R2>(column, [rows, moving]));

  const s = tf.div<tf.Tensor2D>(height, width);
  const bend = { s, low, high };
  if (way === 'inverse') {
    const u = fraction(tf.div(tf.sub(share, left), width));
    const v = complement(u);
    const denominator = denominatorOf(bend, u, v);
    const image = tf.div(tf.mul(u, tf.add(tf.mul(s, u), tf.mul(low, v))), denominator);
    const end = tf.add(below, tf.mul(height, image));
    return {
      value: moved(at, end, share, reach),
      logSlope: logSlopeOf(bend, u, v, denominator),
    };
  }
  const eta = fraction(tf.div(tf.sub(share, below), height));
  const { u, v } = root(bend, eta);
  const end = tf.add(left, tf.mul(width, u));
  return {
    value: moved(at, end, share, reach),
    logSlope: tf.neg(logSlopeOf(bend, u, v, denominatorOf(bend, u, v))),
  };
}

/** Of one bin: its mean slope and the slopes at its two ends, `[B, m]` each. */
interface Bend {
  readonly s: tf.Tensor2D;
  readonly low: tf.Tensor2D;
  readonly high: tf.Tensor2D;
}

/** u and v = 1 − u of η, as shares of two positive numbers. */
function root(
  { s, low, high }: Bend,
  eta: tf.Tensor2D,
): { readonly u: tf.Tensor2D; readonly v: tf.Tensor2D } {
  const rest = complement(eta);
  const p = tf.sub(tf.mul(low, rest), tf.mul(high, eta));
  const below = twice(tf.mul(s, eta));
  const above = twice(tf.mul(s, rest));
  const r = tf.sqrt<tf.Tensor2D>(tf.add(tf.square(p), tf.mul(below, above)));
  const rises = tf.greaterEqual(p, 0);
  const first = tf.where<tf.Tensor2D>(rises, below, tf.sub(r, p));
  const second = tf.where<tf.Tensor2D>(rises, tf.add(r, p), above);
  const sum = tf.add(first, second);
  return { u: tf.div(first, sum), v: tf.div(second, sum) };
}

function denominatorOf({ s, low, high }: Bend, u: tf.Tensor2D, v: tf.Tensor2D): tf.Tensor2D {
  const ends = tf.mul(s, tf.add(tf.square(u), tf.square(v)));
  return tf.add(ends, tf.mul(tf.add(low, high), tf.mul(u, v)));
}

/** ln dz/dx. */
function logSlopeOf(
  { s, low, high }: Bend,
  u: tf.Tensor2D,
  v: tf.Tensor2D,
  denominator: tf.Tensor2D,
): tf.Tensor2D {
  const ends = tf.add(tf.mul(high, tf.square(u)), tf.mul(low, tf.square(v)));
  const numerator = tf.add(ends, twice(tf.mul(s, tf.mul(u, v))));
  // Two logarithms: the square of the quotient is no float32 where the slopes are very unlike.
  return tf.add(tf.log(numerator), twice(tf.log(tf.div(s, denominator))));
}

/** `at`, moved by what the shares of the whole differ. */
function moved(at: tf.Tensor2D, end: tf.Tensor, share: tf.Tensor, reach: number): tf.Tensor2D {
  return tf.add(at, tf.mul(tf.sub(end, share), single(2 * reach)));
}

/** Rounding may leave a bin by its last digit, and beyond its ends the logarithms have no values. */
function fraction(x: tf.Tensor2D): tf.Tensor2D {
  return tf.clipByValue(x, 0, 1);
}

function complement(x: tf.Tensor2D): tf.Tensor2D {
  return tf.sub(1, x);
}

function twice(x: tf.Tensor2D): tf.Tensor2D {
  return tf.mul(x, 2);
}

/** A number in full for the tier that evaluates it in float64. */
function single(value: number): tf.Tensor2D {
  return constant([value], 1, 1);
}

/** `x` with so many columns of `value` before and behind it on the last axis. */
function padded(x: tf.Tensor4D, columns: [number, number], value: number): tf.Tensor4D {
  return tf.pad(x, [[0, 0], [0, 0], [0, 0], columns], value);
}
