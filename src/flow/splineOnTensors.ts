import * as tf from '@tensorflow/tfjs-core';
import { constant } from './constant.ts';
import { LEAST, SLOPE_OFFSET } from './exact/rationalQuadratic.ts';

/** The splines of m coordinates of B rows as tensors, K bins each. */
export interface SplineTensors {
  /** Widths and heights of the bins as shares of the whole, `[B, 2, m, K]`. */
  readonly sizes: tf.Tensor4D;
  /** What the slopes at the K − 1 inner knots come from, `[B, 1, m, K − 1]`; 0 is a slope of 1. */
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
  const logits = tf.reshape<tf.Rank.R4>(sizes, [rows, 2, moving, bins]);
  const shares = tf.mul(tf.softmax(logits), single(1 - LEAST * bins));
  return {
    sizes: tf.add(shares, single(LEAST)),
    slopes: tf.reshape(slopes, [rows, 1, moving, bins - 1]),
  };
}

/**
 * The splines of `exact/rationalQuadratic.ts`, in the direction `way`. Comparisons with the knots mark the
 * bin of a coordinate; sums in which all else is 0 pick its numbers, the same bits in whatever order.
 */
export function splined(
  at: tf.Tensor2D,
  { sizes, slopes }: SplineTensors,
  reach: number,
  way: 'forward' | 'inverse',
): Splined {
  const [rows, , moving, bins] = sizes.shape;
  const one: [number, number, number] = [rows, 1, moving];
  // Outside the reach a coordinate is at one of the two ends, which keep their places and have slope 1.
  const inReach = tf.div<tf.Tensor2D>(tf.add(at, single(reach)), single(2 * reach));
  const share = tf.reshape<tf.Rank.R3>(tf.clipByValue(inReach, 0, 1), one);

  const begins = tf.cumsum<tf.Tensor4D>(sizes, 3, true);
  const knots = tf.slice(begins, [0, way === 'inverse' ? 0 : 1, 0, 1], [...one, bins - 1]);
  const reached = tf.cast<tf.Tensor4D>(tf.greaterEqual(tf.expandDims(share, 3), knots), 'float32');
  const here = tf.sub<tf.Tensor4D>(padded(reached, [1, 0], 1), padded(reached, [0, 1], 0));
  const places = picked(tf.concat<tf.Tensor4D>([begins, sizes], 1), here);
  const [left, bottom, width, height] = tf.split<tf.Tensor3D>(places, 4, 1);
  // The inner knot behind the bin and the one before it; an end of the reach is neither, and has number 0.
  const ends = [1, 0].map((first) => tf.slice(here, [0, 0, 0, first], [...one, bins - 1]));
  const numbers = picked(slopes, tf.concat(ends, 1));
  const raised = tf.add(tf.softplus(tf.add(numbers, single(SLOPE_OFFSET))), single(LEAST));
  const [low, high] = tf.split<tf.Tensor3D>(raised, 2, 1);
  const bend = { s: tf.div<tf.Tensor3D>(height, width), low, high };

  const isInverse = way === 'inverse';
  const [from, size] = isInverse ? [left, width] : [bottom, height];
  // Rounding may leave a bin by its last digit, and beyond its ends the logarithms have no values.
  const part = tf.clipByValue<tf.Tensor3D>(tf.div(tf.sub(share, from), size), 0, 1);
  const { u, v } = isInverse ? { u: part, v: complement(part) } : root(bend, part);
  const { rise, sum, logSlope } = rising(bend, u, v);
  const end = isInverse
    ? tf.add(bottom, tf.mul(height, tf.div(rise, sum)))
    : tf.add(left, tf.mul(width, u));
  const flat = (x: tf.Tensor): tf.Tensor2D => tf.reshape(x, [rows, moving]);
  return {
    value: tf.add(at, tf.mul(flat(tf.sub(end, share)), single(2 * reach))),
    logSlope: flat(isInverse ? logSlope : tf.neg(logSlope)),
  };
}

/**
 * Of each row of `table` the number that `mask` marks, without the last axis; either may be one row for
 * several of the other. A mask of comparisons has no gradient, and is spared the product that would find it.
 */
function picked(table: tf.Tensor4D, mask: tf.Tensor4D): tf.Tensor3D {
  const pick = tf.customGrad((x, save) => {
    // tfjs types both arguments as if either could be the other.
    (save as tf.GradSaveFunc)([mask]);
    return {
      value: tf.sum(tf.mul(x as tf.Tensor4D, mask), 3),
      gradFunc: (dy: tf.Tensor, [marked]: tf.Tensor[]) => {
        const gradient = tf.mul(tf.expandDims(dy, 3), marked);
        return table.shape[1] === gradient.shape[1] ? gradient : tf.sum(gradient, 1, true);
      },
    };
  });
  return pick(table) as tf.Tensor3D;
}

/** Of one bin: its mean slope and the slopes at its two ends, `[B, 1, m]` each. */
interface Bend {
  readonly s: tf.Tensor3D;
  readonly low: tf.Tensor3D;
  readonly high: tf.Tensor3D;
}

/** u and v = 1 − u of η, as shares of two positive numbers. */
function root(
  { s, low, high }: Bend,
  eta: tf.Tensor3D,
): { readonly u: tf.Tensor3D; readonly v: tf.Tensor3D } {
  const rest = complement(eta);
  const p = tf.sub(tf.mul(low, rest), tf.mul(high, eta));
  const below = twice(tf.mul(s, eta));
  const above = twice(tf.mul(s, rest));
  const r = tf.sqrt<tf.Tensor3D>(tf.add(tf.square(p), tf.mul(below, above)));
  const rises = tf.greaterEqual(p, 0);
  const first = tf.where<tf.Tensor3D>(rises, below, tf.sub(r, p));
  const second = tf.where<tf.Tensor3D>(rises, tf.add(r, p), above);
  const sum = tf.add(first, second);
  return { u: tf.div(first, sum), v: tf.div(second, sum) };
}

/** u a and u a + v b, whose quotient is η, and ln dz/dx. */
function rising(
  { s, low, high }: Bend,
  u: tf.Tensor3D,
  v: tf.Tensor3D,
): { readonly rise: tf.Tensor3D; readonly sum: tf.Tensor3D; readonly logSlope: tf.Tensor3D } {
  const a = tf.add(tf.mul(s, u), tf.mul(low, v));
  const b = tf.add(tf.mul(s, v), tf.mul(high, u));
  const rise = tf.mul<tf.Tensor3D>(u, a);
  const sum = tf.add<tf.Tensor3D>(rise, tf.mul(v, b));
  const across = tf.add(tf.mul(u, b), tf.mul(v, a));
  // Two logarithms: the square of the quotient is no float32 where the slopes are very unlike.
  const logSlope = tf.add<tf.Tensor3D>(tf.log(across), twice(tf.log(tf.div(s, sum))));
  return { rise, sum, logSlope };
}

function complement(x: tf.Tensor3D): tf.Tensor3D {
  return tf.sub(1, x);
}

function twice(x: tf.Tensor3D): tf.Tensor3D {
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
