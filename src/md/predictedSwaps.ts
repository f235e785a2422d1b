import { expectPositive } from '../core/expectNumber.ts';

/**
 * The share of swaps accepted between replicas at kT and c·kT where the heat capacity C is the same at both:
 *
 *     ⟨α⟩ = 2 P(G₁ > c G₂) = ∫_{ln c}^∞ sech^{2C}(u/2) du / ∫₀^∞ sech^{2C}(u/2) du
 *
 * with G₁, G₂ ~ Gamma(C), the energies in units of their own kT, and C in units of k_B. Exact for harmonic
 * wells, where C = D/2. An incomplete beta function in another guise:
 * Predescu, Predescu & Ciobanu, J. Chem. Phys. 120 (9), 2004. doi:10.1063/1.1644093
 * @param ratio c, above 1. @param heatCapacity C = Var(U)/(kT)², potential energy alone.
 */
export function predictedSwaps(ratio: number, heatCapacity: number): number {
  expectPositive('heatCapacity', heatCapacity);
  const from = Math.log(expectPositive('ratio', ratio));
  return tail(from, heatCapacity) / tail(0, heatCapacity);
}

/** ∫_from^∞ sech^{2C}(u/2) du by Simpson's rule, up to where the integrand has fallen by e^−36. */
function tail(from: number, heatCapacity: number): number {
  const intervals = 4000;
  const width = (from + 2 * Math.LN2 + 36 / heatCapacity) / intervals;
  let sum = 0;
  for (let i = 0; i <= intervals; i++) {
    const factor = i === 0 || i === intervals ? 1 : i % 2 === 1 ? 4 : 2;
    sum += factor * Math.cosh((from + i * width) / 2) ** (-2 * heatCapacity);
  }
  return (sum * width) / 3;
}
