import type { Bijector } from './bijector.ts';

/** The same map the other way round: `forward` is `inverse` and `inverse` is `forward`. */
export function invert(bijector: Bijector): Bijector {
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
