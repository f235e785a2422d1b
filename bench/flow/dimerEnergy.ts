import type { Batch } from '../../src/core/batch.ts';
import type { EnergyAndGradient } from '../../src/core/potential.ts';

/**
 * A stand-in of the size of the bistable dimer in its solvent: n particles in the plane, every pair of
 * which repels, in a harmonic bowl. `peer.py` has the same formula.
 *
 *     u(x) = Σ_{i<j} (1/(r_ij² + 0.3))⁶ · 10⁻² + Σ_i |x_i|²/2
 *
 * It is finite everywhere, so that an untrained flow gives finite gradients.
 */
export function dimerEnergy(x: Batch): EnergyAndGradient {
  const particles = x.dim / 2;
  const energy = new Float64Array(x.count);
  const gradient = new Float64Array(x.data.length);
  for (let b = 0; b < x.count; b++) {
    const start = b * x.dim;
    let u = 0;
    for (let i = 0; i < particles; i++) {
      const [xi, yi] = [x.data[start + 2 * i], x.data[start + 2 * i + 1]];
      u += 0.5 * (xi * xi + yi * yi);
      let gx = xi;
      let gy = yi;
      for (let j = i + 1; j < particles; j++) {
        const dx = xi - x.data[start + 2 * j];
        const dy = yi - x.data[start + 2 * j + 1];
        const inverse = 1 / (dx * dx + dy * dy + 0.3);
        const cube = inverse * inverse * inverse;
        const pair = 1e-2 * cube * cube;
        const slope = -12 * pair * inverse;
        u += pair;
        gx += slope * dx;
        gy += slope * dy;
        gradient[start + 2 * j] -= slope * dx;
        gradient[start + 2 * j + 1] -= slope * dy;
      }
      gradient[start + 2 * i] += gx;
      gradient[start + 2 * i + 1] += gy;
    }
    energy[b] = u;
  }
  return { energy, gradient };
}
