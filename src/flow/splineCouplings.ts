import * as tf from '@tensorflow/tfjs-core';
import type { Bijector, ExactMap, Mapped } from './bijector.ts';
import { checkInteger } from './checkInteger.ts';
import { type CouplingOptions, couplingPlaces } from './couplingLayout.ts';
import { exactChannels } from './exact/exactChannels.ts';
import { LEAST, rationalQuadratic } from './exact/rationalQuadratic.ts';
import { network } from './network.ts';
import { splined, splinesFrom } from './splineOnTensors.ts';
import { channels } from './split.ts';

/** Size of the spline couplings. */
export interface SplineCouplingsOptions extends CouplingOptions {
  /** K, bins of every spline; two or more, and fewer than 1000. */
  readonly bins: number;
  /** R: coordinates beyond ±R stay where they are. */
  readonly reach: number;
}

/**
 * Neural spline flow: blocks of two couplings with channel swap, each of which moves a coordinate by a
 * monotonic rational-quadratic spline of K bins. With channels x₁ and x₂, each block is
 *
 *     inverse   y₂ = S(x₂; net₁(x₁)),   z₁ = S(x₁; net₂(y₂)),   z₂ = y₂
 *     forward   x₁ = S⁻¹(z₁; net₂(z₂)),   x₂ = S⁻¹(z₂; net₁(x₁))
 *     log |det ∂z/∂x| = Σ ln S'(x₂; …) + Σ ln S'(x₁; …)
 *
 * S maps [−R, R] onto itself and is the identity with slope 1 outside, so the flow's tails are those of
 * its latent space. A ReLU network for each coupling gives 3K − 1 numbers for each coordinate that moves:
 * for the widths and the heights of the bins, and for the slopes at the inner knots, none of the three
 * below 10⁻³ (of the whole, for the sizes). Its last layer starts at zero, where S is the identity.
 * `rationalQuadratic` has the spline's own formulas.
 *
 * Where an affine coupling stretches a whole line by one factor, a spline does so piece by piece: it can
 * open a gap between two states in one step. R has to take in what is to be shaped; behind a whitening
 * 5 is enough for nearly everything.
 *
 * Durkan, Bekasov, Murray & Papamakarios, NeurIPS 2019, arXiv:1906.04032.
 * @throws {RangeError} for options that make no flow.
 */
export function splineCouplings(options: SplineCouplingsOptions): Bijector {
  const { dim, blocks, hidden, bins, reach } = options;
  const { split, places } = couplingPlaces(options);
  checkInteger('bins', bins, 2);
  if (bins * LEAST >= 1) {
    throw new RangeError(`"bins" expected an integer below ${1 / LEAST}, got ${bins}`);
  }
  if (!(reach > 0 && Number.isFinite(reach))) {
    throw new RangeError(`"reach" expected a positive number, got ${reach}`);
  }
  let end = 0;
  const couplings = places.map(({ name, inputs, outputs, reads }) => {
    const numbers = outputs * (3 * bins - 1);
    const net = network({
      name: `${name}.spline`,
      inputs,
      hidden,
      outputs: numbers,
      activation: 'relu',
      zeroOutputs: numbers,
    });
    const start = end;
    end += net.parameters.length;
    return { ...net, reads, outputs, numbers, start, end };
  });
  const reversed = couplings.toReversed();
  const widest = Math.max(...couplings.map(({ numbers }) => numbers));

  function through(
    input: tf.Tensor2D,
    weights: readonly tf.Tensor[],
    way: 'forward' | 'inverse',
  ): Mapped {
    const { split: take, join } = channels(split, dim);
    const part = take(input);
    const slopes: tf.Tensor2D[][] = [[], []];
    const order = way === 'forward' ? couplings : reversed;
    for (const { apply, reads, outputs, start, end: stop } of order) {
      const moves = 1 - reads;
      const numbers = apply(part[reads], weights.slice(start, stop));
      const splines = splinesFrom(numbers, outputs, bins);
      const { value, logSlope } = splined(part[moves], splines, reach, way);
      part[moves] = value;
      slopes[moves].push(logSlope);
    }
    const [first, second] = slopes.map((list) => tf.sum<tf.Tensor1D>(tf.addN(list), 1));
    return { value: join(part[0], part[1]), logDet: tf.add(first, second) };
  }

  return {
    name:
      `spline-couplings(dim=${dim}, blocks=${blocks}, hidden=${hidden.join('x')}, ` +
      `bins=${bins}, reach=${reach})`,
    dim,
    parameters: couplings.flatMap((coupling) => coupling.parameters),
    architecture: { kind: 'spline-couplings', dim, blocks, hidden, bins, reach, split },
    initial: (key) => couplings.flatMap((coupling) => coupling.initial(key)),
    forward: (z, weights) => through(z, weights, 'forward'),
    inverse: (x, weights) => through(x, weights, 'inverse'),
    exact(weights): ExactMap {
      const nets = couplings.map(({ exact, reads, outputs, start, end: stop }) => ({
        reads,
        outputs,
        evaluate: exact(weights.slice(start, stop)),
      }));
      const backwards = nets.toReversed();
      const { split: take, join } = exactChannels(split);
      const spline = rationalQuadratic(bins, reach);
      let numbers = new Float64Array(0);

      function move(x: Float64Array, logDet: Float64Array, way: 'forward' | 'inverse'): void {
        const count = logDet.length;
        if (numbers.length < count * widest) numbers = new Float64Array(count * widest);
        const part = take(x, count);
        for (const { reads, outputs, evaluate } of way === 'forward' ? nets : backwards) {
          evaluate(part[reads], count, numbers);
          const moving = part[1 - reads];
          for (let b = 0, i = 0; b < count; b++) {
            const widths = b * outputs * (3 * bins - 1);
            const heights = widths + outputs * bins;
            const slopes = heights + outputs * bins;
            for (let j = 0; j < outputs; j++, i++) {
              spline.set(numbers, widths + j * bins, heights + j * bins, slopes + j * (bins - 1));
              moving[i] = spline[way](moving[i]);
              const logSlope = spline.logSlope();
              logDet[b] += way === 'inverse' ? logSlope : -logSlope;
            }
          }
        }
        join(x, count);
      }

      return {
        forward: (x, logDet) => move(x, logDet, 'forward'),
        inverse: (x, logDet) => move(x, logDet, 'inverse'),
      };
    },
  };
}
