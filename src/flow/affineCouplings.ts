import * as tf from '@tensorflow/tfjs-core';
import type { Bijector, ExactMap, Mapped } from './bijector.ts';
import { independentConditioner, sharedConditioner } from './conditioner.ts';
import { type CouplingOptions, couplingPlaces } from './couplingLayout.ts';
import { exactChannels } from './exact/exactChannels.ts';
import { channels } from './split.ts';

/** Size and networks of the affine couplings. */
export interface AffineCouplingsOptions extends CouplingOptions {
  /** Two networks for each coupling, or one with two heads. */
  readonly conditioner: 'independent' | 'shared';
}

/**
 * RealNVP: blocks of two affine couplings with channel swap. With channels x₁ and x₂, each block is
 *
 *     inverse   y₂ = x₂·exp S₁(x₁) + T₁(x₁),   z₁ = x₁·exp S₂(y₂) + T₂(y₂),   z₂ = y₂
 *     forward   x₁ = (z₁ − T₂(z₂))·exp(−S₂(z₂)),   x₂ = (z₂ − T₁(x₁))·exp(−S₁(x₁))
 *     log |det ∂z/∂x| = Σ S₁ + Σ S₂
 *
 * All blocks are one bijector, so that the channels are taken apart once and not once a coupling.
 *
 * Dinh, Sohl-Dickstein & Bengio, ICLR 2017, arXiv:1605.08803, as used by Noé, Olsson, Köhler & Wu,
 * Science 365, eaaw1147 (2019). @throws {RangeError} for options that make no flow.
 */
export function affineCouplings(options: AffineCouplingsOptions): Bijector {
  const { dim, blocks, hidden, conditioner } = options;
  const { split, places } = couplingPlaces(options);
  const create = conditioner === 'shared' ? sharedConditioner : independentConditioner;
  let end = 0;
  const couplings = places.map((place) => {
    const net = create({ ...place, hidden });
    const start = end;
    end += net.parameters.length;
    return { ...net, reads: place.reads, outputs: place.outputs, start, end };
  });
  const reversed = couplings.toReversed();

  function forward(z: tf.Tensor2D, weights: readonly tf.Tensor[]): Mapped {
    const { split: take, join } = channels(split, dim);
    const part = take(z);
    const scales: tf.Tensor2D[][] = [[], []];
    for (const { apply, reads, start, end: stop } of couplings) {
      const moves = 1 - reads;
      const { scale, shift } = apply(part[reads], weights.slice(start, stop));
      const factor = tf.neg(scale);
      part[moves] = tf.mul(tf.sub(part[moves], shift), tf.exp(factor));
      scales[moves].push(factor);
    }
    return { value: join(part[0], part[1]), logDet: total(scales) };
  }

  function inverse(x: tf.Tensor2D, weights: readonly tf.Tensor[]): Mapped {
    const { split: take, join } = channels(split, dim);
    const part = take(x);
    const scales: tf.Tensor2D[][] = [[], []];
    for (const { apply, reads, start, end: stop } of reversed) {
      const moves = 1 - reads;
      const { scale, shift } = apply(part[reads], weights.slice(start, stop));
      part[moves] = tf.add(tf.mul(part[moves], tf.exp(scale)), shift);
      scales[moves].push(scale);
    }
    return { value: join(part[0], part[1]), logDet: total(scales) };
  }

  return {
    name: `affine-couplings(dim=${dim}, blocks=${blocks}, hidden=${hidden.join('x')}, ${conditioner})`,
    dim,
    parameters: couplings.flatMap((coupling) => coupling.parameters),
    architecture: { kind: 'affine-couplings', dim, blocks, hidden, conditioner, split },
    initial: (key) => couplings.flatMap((coupling) => coupling.initial(key)),
    forward,
    inverse,
    exact(weights): ExactMap {
      const nets = couplings.map((coupling) => ({
        reads: coupling.reads,
        outputs: coupling.outputs,
        evaluate: coupling.exact(weights.slice(coupling.start, coupling.end)),
      }));
      const backwards = nets.toReversed();
      const { split: take, join } = exactChannels(split);
      let scale = new Float64Array(0);
      let shift = new Float64Array(0);
      const enlarge = (size: number): void => {
        if (scale.length >= size) return;
        scale = new Float64Array(size);
        shift = new Float64Array(size);
      };

      return {
        forward(x, logDet) {
          const count = logDet.length;
          enlarge(count * dim);
          const part = take(x, count);
          for (const { reads, outputs, evaluate } of nets) {
            evaluate(part[reads], count, scale, shift);
            const moving = part[1 - reads];
            for (let b = 0, i = 0; b < count; b++) {
              for (let j = 0; j < outputs; j++, i++) {
                moving[i] = (moving[i] - shift[i]) * Math.exp(-scale[i]);
                logDet[b] -= scale[i];
              }
            }
          }
          join(x, count);
        },
        inverse(x, logDet) {
          const count = logDet.length;
          enlarge(count * dim);
          const part = take(x, count);
          for (const { reads, outputs, evaluate } of backwards) {
            evaluate(part[reads], count, scale, shift);
            const moving = part[1 - reads];
            for (let b = 0, i = 0; b < count; b++) {
              for (let j = 0; j < outputs; j++, i++) {
                moving[i] = moving[i] * Math.exp(scale[i]) + shift[i];
                logDet[b] += scale[i];
              }
            }
          }
          join(x, count);
        },
      };
    },
  };
}

/** The sum of all entries of each row, over both channels, `[B]`; each channel has an entry. */
function total(scales: readonly (readonly tf.Tensor2D[])[]): tf.Tensor1D {
  const [first, second] = scales.map((list) =>
    tf.sum<tf.Tensor1D>(
      list.reduce((sum, term) => tf.add(sum, term)),
      1,
    ),
  );
  return tf.add(first, second);
}
