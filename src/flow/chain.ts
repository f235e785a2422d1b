import * as tf from '@tensorflow/tfjs-core';
import { ShapeError } from '../core/errors.ts';
import { at } from '../core/rng.ts';
import type { Bijector, Mapped } from './bijector.ts';

/**
 * The composition last ∘ … ∘ first: `forward` applies the parts in the order given, `inverse` in the
 * opposite one. Log-determinants add up.
 *
 * @throws {ShapeError} where the parts differ in dimension.
 */
export function chain(parts: readonly [Bijector, ...Bijector[]]): Bijector {
  const { dim, name } = parts[0];
  let end = 0;
  const links = parts.map((part, n) => {
    if (part.dim !== dim) {
      throw new ShapeError(`chain: ${part.name} maps ${part.dim} coordinates, ${name} maps ${dim}`);
    }
    const start = end;
    end += part.parameters.length;
    return { part, n, start, end };
  });
  const reversed = links.toReversed();
  const [innermost, ...outer] = links;
  const { logDensity } = innermost.part;

  function through(
    input: tf.Tensor2D,
    weights: readonly tf.Tensor[],
    order: typeof links,
    direction: 'forward' | 'inverse',
  ): Mapped {
    const [first, ...others] = order;
    let { value, logDet } = first.part[direction](input, weights.slice(first.start, first.end));
    for (const { part, start, end: stop } of others) {
      const mapped = part[direction](value, weights.slice(start, stop));
      value = mapped.value;
      logDet = tf.add(logDet, mapped.logDet);
    }
    return { value, logDet };
  }

  return {
    name: `chain(${parts.map((part) => part.name).join(', ')})`,
    dim,
    parameters: links.flatMap(({ part, n }) =>
      part.parameters.map((parameter) => ({ ...parameter, name: `${n}.${parameter.name}` })),
    ),
    architecture: { kind: 'chain', parts: parts.map((part) => part.architecture) },
    initial: (key) => links.flatMap(({ part, n }) => part.initial(at(key, n))),
    forward: (z, weights) => through(z, weights, links, 'forward'),
    inverse: (x, weights) => through(x, weights, reversed, 'inverse'),
    ...(logDensity !== undefined && {
      logDensity(x: tf.Tensor2D, weights: readonly tf.Tensor[]) {
        const own = weights.slice(innermost.start, innermost.end);
        if (outer.length === 0) return logDensity(x, own);
        const { value, logDet } = through(x, weights, outer.toReversed(), 'inverse');
        return tf.add(logDensity(value, own), logDet);
      },
    }),
    ...(parts.some((part) => part.forwardOnTensors === false) && { forwardOnTensors: false }),
    exact(weights) {
      const maps = links.map(({ part, start, end: stop }) =>
        part.exact(weights.slice(start, stop)),
      );
      const backwards = maps.toReversed();
      return {
        forward(x, logDet) {
          for (const map of maps) map.forward(x, logDet);
        },
        inverse(x, logDet) {
          for (const map of backwards) map.inverse(x, logDet);
        },
      };
    },
  };
}
