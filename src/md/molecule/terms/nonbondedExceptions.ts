import { coulombConstant } from '../../../core/units.ts';
import type { Nonbonded } from '../term.ts';

/**
 * Adds ∂U/∂x of the exceptions of a nonbonded term to `gradient`, and returns their U.
 *
 *     U = Σ 4ε ((σ/r)¹² − (σ/r)⁶) + C q/r
 *
 * They have no cutoff, no reaction field and no periodic images, as OpenMM's. Where the two atoms of one
 * that interact coincide U is +∞, whatever the signs of their charges.
 */
export function evaluateExceptions(
  exceptions: Nonbonded['exceptions'],
  x: Float64Array,
  offset: number,
  gradient: Float64Array,
): number {
  const { atoms, chargeProduct, sigma, epsilon } = exceptions;
  let energy = 0;
  for (let k = 0; k < chargeProduct.length; k++) {
    if (epsilon[k] === 0 && chargeProduct[k] === 0) continue;
    const i = offset + 3 * atoms[2 * k];
    const j = offset + 3 * atoms[2 * k + 1];
    const dx = x[i] - x[j];
    const dy = x[i + 1] - x[j + 1];
    const dz = x[i + 2] - x[j + 2];
    const square = dx * dx + dy * dy + dz * dz;
    if (square === 0) {
      energy += Infinity;
      continue;
    }
    const inverse = 1 / square;
    const reduced = sigma[k] * sigma[k] * inverse;
    const six = reduced * reduced * reduced;
    const depth = 4 * epsilon[k];
    const coulomb = coulombConstant * chargeProduct[k] * Math.sqrt(inverse);
    energy += depth * six * (six - 1) + coulomb;
    // ∂U/∂r over r.
    const slope = -(depth * six * (12 * six - 6) + coulomb) * inverse;
    gradient[i] += slope * dx;
    gradient[i + 1] += slope * dy;
    gradient[i + 2] += slope * dz;
    gradient[j] -= slope * dx;
    gradient[j + 1] -= slope * dy;
    gradient[j + 2] -= slope * dz;
  }
  return energy;
}
