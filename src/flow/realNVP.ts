import { type AffineCouplingsOptions, affineCouplings } from './affineCouplings.ts';
import type { Bijector } from './bijector.ts';

/** Size and networks of RealNVP. */
export type RealNVPOptions = Omit<AffineCouplingsOptions, 'conditioner'> &
  Partial<Pick<AffineCouplingsOptions, 'conditioner'>>;

/** The flow of the paper: affine couplings with a network each for scale and shift. */
export function realNVP(options: RealNVPOptions): Bijector {
  return affineCouplings({ conditioner: 'independent', ...options });
}
