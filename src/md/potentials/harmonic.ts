import { ShapeError } from '../../core/errors.ts';
import { expectFinite, expectInteger, expectNonNegative } from '../../core/expectNumber.ts';
import type { Potential, PotentialUnits } from '../../core/potential.ts';
import { rowPotential } from '../rowPotential.ts';

/** Center and stiffness of the harmonic well. */
export interface HarmonicOptions {
  /** kᵢ, `[D]`, energy/length²; zero leaves a coordinate free. */
  readonly stiffness: ArrayLike<number>;
  /** cᵢ, `[D]`, length; the origin by default. */
  readonly center?: ArrayLike<number>;
  /** Reduced by default. */
  readonly units?: PotentialUnits;
}

/**
 * An independent harmonic well in every coordinate.
 *
 *     U(x) = ½ Σᵢ kᵢ (xᵢ − cᵢ)²
 *
 * xᵢ is normal with mean cᵢ and variance kT/kᵢ, and ln Z = ½ Σᵢ ln(2π kT/kᵢ).
 * @throws {ShapeError} where `stiffness` and `center` differ in length.
 */
export function harmonic(options: HarmonicOptions): Potential {
  const { stiffness, center, units = { length: 'reduced', energy: 'reduced' } } = options;
  const dim = expectInteger('stiffness.length', stiffness.length, 1);
  const k = Float64Array.from(stiffness);
  const c = center === undefined ? new Float64Array(dim) : Float64Array.from(center);
  if (c.length !== dim) {
    throw new ShapeError(`harmonic: "center" expected ${dim} numbers, got ${c.length}`);
  }
  k.forEach((value, i) => {
    expectNonNegative(`stiffness[${i}]`, value);
  });
  c.forEach((value, i) => {
    expectFinite(`center[${i}]`, value);
  });

  return rowPotential({
    name: `harmonic(stiffness=[${k.join(', ')}]${center === undefined ? '' : `, center=[${c.join(', ')}]`})`,
    dim,
    units,
    evaluationsPerGradient: 1,
    energy(x, offset) {
      let energy = 0;
      for (let i = 0; i < dim; i++) {
        const shift = x[offset + i] - c[i];
        energy += 0.5 * k[i] * shift * shift;
      }
      return energy;
    },
    energyAndGradient(x, offset, gradient) {
      let energy = 0;
      for (let i = 0; i < dim; i++) {
        const shift = x[offset + i] - c[i];
        energy += 0.5 * k[i] * shift * shift;
        gradient[offset + i] = k[i] * shift;
      }
      return energy;
    },
  });
}
