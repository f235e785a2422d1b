import { expectFinite, expectInteger, expectPositive } from '../../core/expectNumber.ts';
import type { Potential } from '../../core/potential.ts';
import { rowPotential } from '../rowPotential.ts';

/** Coefficients of the double well. */
export interface DoubleWellOptions {
  /** Quartic coefficient of x₀; above zero. */
  readonly a4?: number;
  /** Quadratic coefficient of x₀, subtracted. */
  readonly a2?: number;
  /** Tilt: positive favours the left well. */
  readonly a1?: number;
  /** Spring constant of the other coordinates. */
  readonly k?: number;
  /** D */
  readonly dim?: number;
}

/**
 * A tilted quartic double well in the first coordinate and harmonic wells in the others; reduced units.
 *
 *     U(x) = a₄ x₀⁴ − a₂ x₀² + a₁ x₀ + ½ k Σᵢ₌₁ xᵢ²
 *
 * With the default coefficients (1, 6, 1, 1) the minima are x₀ = −1.7723 (U = −10.752) and +1.6888
 * (−7.289), behind a barrier at 0.0835 (+0.042), and F(x₀ ≥ 0) − F(x₀ < 0) = 3.3799 at kT = 1.
 * Noé, Olsson, Köhler & Wu, Science 365, eaaw1147, 2019, as in the code released with it: the printed
 * equation 18 has other factors.
 */
export function doubleWell(options: DoubleWellOptions = {}): Potential {
  const a4 = expectPositive('a4', options.a4 ?? 1);
  const a2 = expectFinite('a2', options.a2 ?? 6);
  const a1 = expectFinite('a1', options.a1 ?? 1);
  const k = expectPositive('k', options.k ?? 1);
  const dim = expectInteger('dim', options.dim ?? 2, 1);

  return rowPotential({
    name: `double-well(a4=${a4}, a2=${a2}, a1=${a1}, k=${k})`,
    dim,
    units: { length: 'reduced', energy: 'reduced' },
    evaluationsPerGradient: 1,
    energy(x, offset) {
      const x0 = x[offset];
      let energy = ((a4 * x0 * x0 - a2) * x0 + a1) * x0;
      for (let i = offset + 1; i < offset + dim; i++) energy += 0.5 * k * x[i] * x[i];
      return energy;
    },
    energyAndGradient(x, offset, gradient) {
      const x0 = x[offset];
      let energy = ((a4 * x0 * x0 - a2) * x0 + a1) * x0;
      gradient[offset] = (4 * a4 * x0 * x0 - 2 * a2) * x0 + a1;
      for (let i = offset + 1; i < offset + dim; i++) {
        energy += 0.5 * k * x[i] * x[i];
        gradient[i] = k * x[i];
      }
      return energy;
    },
  });
}
