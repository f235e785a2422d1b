import type { Bijector } from './bijector.ts';

/**
 * The same map the other way round: `forward` is `inverse` and `inverse` is `forward`.
 * @throws {RangeError} for a bijector that could then not be trained by example.
 */
export function invert(bijector: Bijector): Bijector {
  if (bijector.forwardOnTensors === false) {
    throw new RangeError(
      `invert: ${bijector.name} has one direction on tensors, and inverted it would lack the one ` +
        'that training by example takes',
    );
  }
  return {
    name: `invert(${bijector.name})`,
    dim: bijector.dim,
    parameters: bijector.parameters,
    architecture: { kind: 'invert', of: bijector.architecture },
    initial: (key) => bijector.initial(key),
    forward: (z, weights) => bijector.inverse(z, weights),
    inverse: (x, weights) => bijector.forward(x, weights),
    exact(weights) {
      const { forward, inverse } = bijector.exact(weights);
      return { forward: inverse, inverse: forward };
    },
  };
}
