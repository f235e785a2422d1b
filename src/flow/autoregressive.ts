import * as tf from '@tensorflow/tfjs-core';
import { softmax } from '../core/logSumExp.ts';
import type { Bijector } from './bijector.ts';
import { checkInteger } from './checkInteger.ts';
import { coordinateNetworks } from './coordinateNetworks.ts';
import { OneWayError } from './errors.ts';
import { gaussianMixture } from './exact/gaussianMixture.ts';
import { type MixtureTensors, mixtureLogDensity, mixtureToNormal } from './mixtureOnTensors.ts';

/** Size of the autoregressive flow. */
export interface AutoregressiveOptions {
  /** D */
  readonly dim: number;
  /** Widths of the hidden layers of every coordinate's network; one at least. */
  readonly hidden: readonly number[];
  /** K, Gaussians in the mixture of every coordinate. */
  readonly components: number;
}

/** ½ ln 2π */
const HALF_LOG_TWO_PI = 0.9189385332046728;

/**
 * An autoregressive mixture flow: coordinate i, given those before it, is a mixture of Gaussians whose
 * parameters come from a network of its own.
 *
 *     inverse   zᵢ = Φ⁻¹(Σₖ wᵢₖ Φ((xᵢ − μᵢₖ)/σᵢₖ)),   (w, μ, σ)ᵢ = netᵢ(x₁ … xᵢ₋₁)
 *     log |det ∂z/∂x| = Σᵢ [ln p(xᵢ | x₁ … xᵢ₋₁) − ln φ(zᵢ)]
 *
 * The Jacobian is triangular. With N(0, I) before it the log-density is Σᵢ ln p(xᵢ | …), without any z:
 * training by example needs no inverse of Φ. The order of the coordinates is that of the rows; a `permute`
 * or a `whitening` behind it gives them another.
 *
 * `forward` is sequential, one coordinate after the other, each by a root: it exists in float64 and not
 * on tensors, where it would be D networks' worth of graph and D root searches in every step. So this
 * flow is trained by example only; energies enter by weighted data and by annealing.
 *
 * Papamakarios, Pavlakou & Murray, NeurIPS 2017, arXiv:1705.07057, with mixtures for conditionals.
 * @throws {RangeError} for options that make no flow.
 */
export function autoregressive(options: AutoregressiveOptions): Bijector {
  const { dim, components } = options;
  checkInteger('dim', dim, 1);
  checkInteger('components', components, 1);
  const [first, ...others] = options.hidden;
  checkInteger('hidden[0]', first ?? 0, 1);
  others.forEach((width, l) => {
    checkInteger(`hidden[${l + 1}]`, width, 1);
  });
  const outputs = 3 * components;
  const hidden: [number, ...number[]] = [first, ...others];
  const nets = coordinateNetworks({ dim, hidden, outputs, start: standardNormal(components) });
  const name = `autoregressive(dim=${dim}, hidden=${hidden.join('x')}, components=${components})`;

  function mixtures(
    x: tf.Tensor2D,
    weights: readonly tf.Tensor[],
  ): { readonly at: tf.Tensor3D; readonly mixture: MixtureTensors } {
    const parameters: readonly tf.Tensor[] = tf.split(nets.apply(x, weights), 3, 2);
    const [logits, means, logSigmas] = parameters as readonly tf.Tensor3D[];
    const at = tf.expandDims<tf.Tensor3D>(tf.transpose(x), 2);
    return { at, mixture: { logits, means, logSigmas } };
  }

  return {
    name,
    dim,
    parameters: nets.parameters,
    architecture: { kind: 'autoregressive', dim, hidden, components },
    initial: nets.initial,
    forwardOnTensors: false,
    forward(): never {
      throw new OneWayError(
        `${name} maps z to x in float64 only: train it by example, without an energy`,
      );
    },
    inverse(x, weights) {
      const { at, mixture } = mixtures(x, weights);
      const z = mixtureToNormal(at, mixture);
      const slopes = tf.add(
        tf.add(mixtureLogDensity(at, mixture), HALF_LOG_TWO_PI),
        tf.mul(tf.square(z), 0.5),
      );
      return { value: tf.transpose(z), logDet: tf.sum(slopes, 0) };
    },
    logDensity(x, weights) {
      const { at, mixture } = mixtures(x, weights);
      return tf.sum<tf.Tensor1D>(mixtureLogDensity(at, mixture), 0);
    },
    exact(weights) {
      const networks = nets.exact(weights);
      const mixture = gaussianMixture(components);
      let before = new Float64Array(0);
      let parameters = new Float64Array(0);

      /** Maps coordinate after coordinate; networks read configurations, whichever way it goes. */
      function through(rows: Float64Array, logDet: Float64Array, known: Float64Array, way: 1 | -1) {
        const count = logDet.length;
        if (parameters.length < count * outputs) {
          before = new Float64Array(count * Math.max(1, dim - 1));
          parameters = new Float64Array(count * outputs);
        }
        for (let i = 0; i < dim; i++) {
          prefixes(known, count, dim, i, before);
          networks[i](before, count, parameters);
          for (let b = 0; b < count; b++) {
            mixture.set(parameters, b * outputs);
            const at = b * dim + i;
            rows[at] = way > 0 ? mixture.fromNormal(rows[at]) : mixture.toNormal(rows[at]);
            logDet[b] -= way * mixture.logSlope();
          }
        }
      }

      return {
        forward: (x, logDet) => through(x, logDet, x, 1),
        inverse: (x, logDet) => through(x, logDet, x.slice(), -1),
      };
    },
  };
}

/** The first `i` columns of `count` rows, side by side; one column of zeros where there are none. */
function prefixes(
  rows: Float64Array,
  count: number,
  dim: number,
  i: number,
  out: Float64Array,
): void {
  if (i === 0) {
    out.fill(0, 0, count);
    return;
  }
  for (let b = 0, to = 0; b < count; b++) {
    for (let j = 0; j < i; j++, to++) out[to] = rows[b * dim + j];
  }
}

/** Logits, means and ln σ of K Gaussians of equal width that are together nearly N(0, 1). */
function standardNormal(components: number): number[] {
  const outermost = 1.5 * (1 - 1 / components);
  const means = Array.from({ length: components }, (_, k) =>
    components === 1 ? 0 : outermost * ((2 * k) / (components - 1) - 1),
  );
  const logits = means.map((mean) => -0.5 * mean * mean);
  const shares = softmax(logits);
  // The width makes up what the means' own spread leaves of a variance of 1.
  const variance = 1 - means.reduce((sum, mean, k) => sum + shares[k] * mean * mean, 0);
  return [...logits, ...means, ...means.map(() => 0.5 * Math.log(variance))];
}
