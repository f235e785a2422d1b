import type { Potential } from '../../../src/core/potential.ts';
import { rowPotential } from '../../../src/md/rowPotential.ts';

/**
 * A Lennard-Jones cluster in reduced units as one writes it by hand for speed: what the formula is
 * compared with, in its values and in its speed.
 *
 *     U(x) = Σ_{i<j} 4 (r⁻¹² − r⁻⁶)
 */
export function handWrittenLennardJones(particles: number): Potential {
  const dim = 3 * particles;
  return rowPotential({
    name: `lennard-jones(${particles})`,
    dim,
    units: { length: 'reduced', energy: 'reduced' },
    evaluationsPerGradient: 1,
    energy(x, offset) {
      let energy = 0;
      for (let i = offset; i < offset + dim; i += 3) {
        for (let j = i + 3; j < offset + dim; j += 3) {
          const dx = x[i] - x[j];
          const dy = x[i + 1] - x[j + 1];
          const dz = x[i + 2] - x[j + 2];
          const inverse = 1 / (dx * dx + dy * dy + dz * dz);
          const six = inverse * inverse * inverse;
          energy += 4 * (six * six - six);
        }
      }
      return energy;
    },
    energyAndGradient(x, offset, gradient) {
      let energy = 0;
      gradient.fill(0, offset, offset + dim);
      for (let i = offset; i < offset + dim; i += 3) {
        const xi = x[i];
        const yi = x[i + 1];
        const zi = x[i + 2];
        let gx = 0;
        let gy = 0;
        let gz = 0;
        for (let j = i + 3; j < offset + dim; j += 3) {
          const dx = xi - x[j];
          const dy = yi - x[j + 1];
          const dz = zi - x[j + 2];
          const inverse = 1 / (dx * dx + dy * dy + dz * dz);
          const six = inverse * inverse * inverse;
          energy += 4 * (six * six - six);
          const factor = 24 * (six - 2 * six * six) * inverse;
          gx += factor * dx;
          gy += factor * dy;
          gz += factor * dz;
          gradient[j] -= factor * dx;
          gradient[j + 1] -= factor * dy;
          gradient[j + 2] -= factor * dz;
        }
        gradient[i] += gx;
        gradient[i + 1] += gy;
        gradient[i + 2] += gz;
      }
      return energy;
    },
  });
}
