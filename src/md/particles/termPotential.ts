import type { Potential } from '../../core/potential.ts';
import type { TermKernel } from '../expression/termKernel.ts';
import { rowPotential } from '../rowPotential.ts';
import type { CheckedSystem } from './particleSystem.ts';
import type { TermGeometry } from './termGeometry.ts';

/**
 * A potential of like terms: a geometry that knows the coordinates, and a kernel that knows the energy.
 *
 *     U(x) = Σₜ u(vₜ(x); parametersₜ)
 *
 * Its buffers are made once; evaluating allocates nothing.
 */
export function termPotential(
  { name, particles, dimensions, units }: CheckedSystem,
  geometry: TermGeometry,
  kernel: TermKernel,
): Potential {
  const { terms, variables } = geometry;
  const dim = particles * dimensions;
  const values = new Float64Array(terms * variables);
  const slopes = new Float64Array(terms * variables);
  const fused = geometry.frames && kernel.fuse?.(geometry.frames);

  return rowPotential({
    name,
    dim,
    units,
    evaluationsPerGradient: kernel.evaluationsPerGradient,
    energy(x, offset) {
      if (fused !== undefined) return fused.energy(x, offset);
      geometry.measure(x, offset, values);
      return kernel.energy(values, 0, terms);
    },
    energyAndGradient(x, offset, gradient) {
      gradient.fill(0, offset, offset + dim);
      if (fused !== undefined) return fused.gradient(x, offset, gradient);
      geometry.measure(x, offset, values);
      const energy = kernel.energyAndSlopes(values, 0, terms, slopes);
      geometry.scatter(x, offset, values, slopes, gradient);
      return energy;
    },
    explain(x) {
      geometry.measure(x, 0, values);
      for (let t = 0; t < terms; t++) {
        const energy = kernel.energyAndSlopes(values, t, t + 1, slopes);
        const own = slopes.subarray(t * variables, (t + 1) * variables);
        const slope = own.find((each) => !Number.isFinite(each));
        if (Number.isFinite(energy) && slope === undefined) continue;
        const what = Number.isFinite(energy) ? `slope ${slope}` : `energy ${energy}`;
        const where = geometry.describeValues(values, t);
        return `${name}: ${geometry.describe(t)} has ${what} at ${where}`;
      }
      return undefined;
    },
  });
}
