import { additiveCouplings } from './additiveCouplings.ts';
import type { Bijector } from './bijector.ts';
import { chain } from './chain.ts';
import type { CouplingOptions } from './couplingLayout.ts';
import { scaling } from './scaling.ts';

/** NICER: additive couplings and, next to latent space, a trainable scale for every coordinate. */
export function nicer(options: CouplingOptions): Bijector {
  return chain([scaling(options.dim), additiveCouplings(options)]);
}
