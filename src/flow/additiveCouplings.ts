import * as tf from '@tensorflow/tfjs-core';
import type { Bijector } from './bijector.ts';
import { type CouplingOptions, couplingPlaces } from './couplingLayout.ts';
import { exactChannels } from './exact/exactChannels.ts';
import { network } from './network.ts';
import { channels } from './split.ts';

/**
 * NICE: blocks of two additive couplings with channel swap. With channels x₁ and x₂, each block is
 *
 *     inverse   y₂ = x₂ + T₁(x₁),   z₁ = x₁ + T₂(y₂),   z₂ = y₂
 *     forward   x₁ = z₁ − T₂(z₂),   x₂ = z₂ − T₁(x₁)
 *
 * It keeps volumes (log det = 0), so it needs a `scaling` beside it to fit any distribution.
 *
 * Dinh, Krueger & Bengio, ICLR 2015, arXiv:1410.8516. @throws {RangeError} for options that make no
 * flow.
 */
export function additiveCouplings(options: CouplingOptions): Bijector {
  const { dim, blocks, hidden } = options;
  const { split, places } = couplingPlaces(options);
  let end = 0;
  const couplings = places.map((place) => {
    const net = network({
      ...place,
      name: `${place.name}.shift`,
      hidden,
      activation: 'relu',
      zeroOutputs: 0,
    });
    const start = end;
    end += net.parameters.length;
    return { ...net, reads: place.reads, outputs: place.outputs, start, end };
  });
  const reversed = couplings.toReversed();

  return {
    name: `additive-couplings(dim=${dim}, blocks=${blocks}, hidden=${hidden.join('x')})`,
    dim,
    parameters: couplings.flatMap((coupling) => coupling.parameters),
    architecture: { kind: 'additive-couplings', dim, blocks, hidden, split },
    initial: (key) => couplings.flatMap((coupling) => coupling.initial(key)),
    forward(z, weights) {
      const { split: take, join } = channels(split, dim);
      const part = take(z);
      for (const { apply, reads, start, end: stop } of couplings) {
        const shift = apply(part[reads], weights.slice(start, stop));
        part[1 - reads] = tf.sub(part[1 - reads], shift);
      }
      return { value: join(part[0], part[1]), logDet: tf.zeros([z.shape[0]]) };
    },
    inverse(x, weights) {
      const { split: take, join } = channels(split, dim);
      const part = take(x);
      for (const { apply, reads, start, end: stop } of reversed) {
        const shift = apply(part[reads], weights.slice(start, stop));
        part[1 - reads] = tf.add(part[1 - reads], shift);
      }
      return { value: join(part[0], part[1]), logDet: tf.zeros([x.shape[0]]) };
    },
    exact(weights) {
      const nets = couplings.map((coupling) => ({
        reads: coupling.reads,
        outputs: coupling.outputs,
        evaluate: coupling.exact(weights.slice(coupling.start, coupling.end)),
      }));
      const backwards = nets.toReversed();
      const { split: take, join } = exactChannels(split);
      let shift = new Float64Array(0);

      function move(order: typeof nets, sign: 1 | -1, x: Float64Array, count: number): void {
        if (shift.length < count * dim) shift = new Float64Array(count * dim);
        const part = take(x, count);
        for (const { reads, outputs, evaluate } of order) {
          evaluate(part[reads], count, shift);
          const moving = part[1 - reads];
          for (let i = 0; i < count * outputs; i++) moving[i] += sign * shift[i];
        }
        join(x, count);
      }

      return {
        forward: (x, logDet) => move(nets, -1, x, logDet.length),
        inverse: (x, logDet) => move(backwards, 1, x, logDet.length),
      };
    },
  };
}
