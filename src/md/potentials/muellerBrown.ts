import { expectPositive } from '../../core/expectNumber.ts';
import type { Potential } from '../../core/potential.ts';
import { rowPotential } from '../rowPotential.ts';

/** Scale of the Müller–Brown surface. */
export interface MuellerBrownOptions {
  /** Factor on the whole surface; 0.1 makes its barriers some 10 kT at kT = 1. */
  readonly scale?: number;
}

// Müller & Brown, Theor. Chim. Acta 53, 75, 1979, table 1. c₃ is −6.5: the table in the supplement of
// Noé et al. 2019 prints +6.5, with which the surface has no lower bound.
const A = [-200, -100, -170, 15];
const a = [-1, -1, -6.5, 0.7];
const b = [0, 0, 11, 0.6];
const c = [-10, -10, -6.5, 0.7];
const X = [1, 0, -0.5, -1];
const Y = [0, 0.5, 1.5, 1];

/**
 * The Müller–Brown surface of two coordinates, three minima along a bent valley; reduced units.
 *
 *     U(x, y) = s Σⱼ Aⱼ exp[aⱼ (x − Xⱼ)² + bⱼ (x − Xⱼ)(y − Yⱼ) + cⱼ (y − Yⱼ)²]
 *
 * The minima are (−0.558, 1.442), (−0.050, 0.467) and (0.623, 0.028), wherever s > 0.
 * Müller & Brown, Theor. Chim. Acta 53, 75, 1979. doi:10.1007/BF00547608
 */
export function muellerBrown(options: MuellerBrownOptions = {}): Potential {
  const scale = expectPositive('scale', options.scale ?? 0.1);

  return rowPotential({
    name: `mueller-brown(scale=${scale})`,
    dim: 2,
    units: { length: 'reduced', energy: 'reduced' },
    evaluationsPerGradient: 1,
    energy(x, offset) {
      let energy = 0;
      for (let j = 0; j < 4; j++) {
        const dx = x[offset] - X[j];
        const dy = x[offset + 1] - Y[j];
        energy += A[j] * Math.exp(a[j] * dx * dx + b[j] * dx * dy + c[j] * dy * dy);
      }
      return scale * energy;
    },
    energyAndGradient(x, offset, gradient) {
      let energy = 0;
      let gradientX = 0;
      let gradientY = 0;
      for (let j = 0; j < 4; j++) {
        const dx = x[offset] - X[j];
        const dy = x[offset + 1] - Y[j];
        const term = A[j] * Math.exp(a[j] * dx * dx + b[j] * dx * dy + c[j] * dy * dy);
        energy += term;
        gradientX += term * (2 * a[j] * dx + b[j] * dy);
        gradientY += term * (b[j] * dx + 2 * c[j] * dy);
      }
      gradient[offset] = scale * gradientX;
      gradient[offset + 1] = scale * gradientY;
      return scale * energy;
    },
  });
}
