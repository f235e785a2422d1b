import { type Batch, batch, row } from '../../core/batch.ts';
import { ShapeError } from '../../core/errors.ts';
import { expectPositive } from '../../core/expectNumber.ts';
import { energyAndGradientBuffer, type Potential } from '../../core/potential.ts';
import { type Masses, massPerCoordinate } from '../masses.ts';

/** How configurations are looked at. */
export interface ConfigurationalTemperatureOptions {
  /** Weigh each coordinate by 1/m, so that light atoms count most; all alike by default. */
  readonly masses?: Masses;
  /** h, half the width of the differences, length; 10⁻⁵ by default. */
  readonly width?: number;
}

/** The temperature that positions show, and what it is the ratio of. */
export interface ConfigurationalTemperature {
  /** kT in the energy's unit. */
  readonly kT: number;
  /** Of kT, where the configurations are independent. */
  readonly standardError: number;
  /** Σᵢ (∂U/∂xᵢ)²/mᵢ, `[B]`. */
  readonly squaredGradient: Float64Array;
  /** Σᵢ ∂²U/∂xᵢ²/mᵢ, `[B]`. */
  readonly laplacian: Float64Array;
}

/**
 * The temperature of configurations, from forces and curvatures, without velocities.
 *
 *     kT = ⟨Σᵢ (∂U/∂xᵢ)²/mᵢ⟩ / ⟨Σᵢ ∂²U/∂xᵢ²/mᵢ⟩
 *     ∂²U/∂xᵢ² ≈ [∂ᵢU(x + h eᵢ) − ∂ᵢU(x − h eᵢ)] / 2h
 *
 * Exact for samples of exp(−U/kT) by partial integration, for any masses, if U has a continuous gradient; a
 * cutoff that U or its gradient jumps at makes it wrong. It finds positions that are hot where the kinetic
 * temperature is right, and forces that are not those of the samples' energy, of one term or of one atom.
 * Costs 2D + 1 gradients a configuration. The ratio of means of B configurations is off by O(1/B).
 *
 * The standard error is that of independent rows, such as chains at one instant. For the frames of a chain
 * collect `squaredGradient` and `laplacian`, and see `ratioOfMeans` of `ergoflow/analysis`.
 * Rugh, Phys. Rev. Lett. 78, 772, 1997. doi:10.1103/PhysRevLett.78.772
 * Butler, Ayton, Jepps & Evans, J. Chem. Phys. 109, 6519, 1998. doi:10.1063/1.477301
 * Jepps, Ayton & Evans, Phys. Rev. E 62, 4757, 2000. doi:10.1103/PhysRevE.62.4757
 * @param x `[B, D]`, B of at least 2.
 * @throws {ShapeError} where `x` has other rows than the potential, or one only.
 * @throws {RangeError} unless masses and width are positive.
 */
export function configurationalTemperature(
  potential: Potential,
  x: Batch,
  options: ConfigurationalTemperatureOptions = {},
): ConfigurationalTemperature {
  const { dim } = potential;
  const { count } = x;
  const masses = massPerCoordinate(options.masses, dim);
  const width = expectPositive('width', options.width ?? 1e-5);
  if (count < 2) {
    throw new ShapeError(`configurationalTemperature: ${count} rows, too few for an error`);
  }
  const { gradient } = potential.energyAndGradient(x);
  const squaredGradient = new Float64Array(count);
  const laplacian = new Float64Array(count);
  const displaced = batch(new Float64Array(2 * dim * dim), dim);
  const evaluated = energyAndGradientBuffer(2 * dim, dim);
  for (let b = 0; b < count; b++) {
    displace(row(x, b), width, displaced);
    potential.energyAndGradient(displaced, evaluated);
    for (let i = 0; i < dim; i++) {
      squaredGradient[b] += gradient[b * dim + i] ** 2 / masses[i];
      const above = 2 * i * dim + i;
      const below = above + dim;
      // h is not exact in x, but the division should use what was added.
      const across = displaced.data[above] - displaced.data[below];
      laplacian[b] += (evaluated.gradient[above] - evaluated.gradient[below]) / across / masses[i];
    }
  }
  return { ...ratioOfRows(squaredGradient, laplacian), squaredGradient, laplacian };
}

/** x + h eᵢ and x − h eᵢ in turn for every coordinate, `[2D, D]`. */
function displace(x: Float64Array, width: number, out: Batch): void {
  for (let i = 0; i < x.length; i++) {
    row(out, 2 * i).set(x);
    row(out, 2 * i + 1).set(x);
    row(out, 2 * i)[i] += width;
    row(out, 2 * i + 1)[i] -= width;
  }
}

/** ⟨a⟩/⟨b⟩ of independent pairs; the error is that of the mean of (a − kT b)/⟨b⟩. */
function ratioOfRows(a: Float64Array, b: Float64Array): { kT: number; standardError: number } {
  const n = a.length;
  const sumB = b.reduce((sum, each) => sum + each, 0);
  const kT = a.reduce((sum, each) => sum + each, 0) / sumB;
  const squares = a.reduce((sum, each, i) => sum + (each - kT * b[i]) ** 2, 0);
  return { kT, standardError: Math.sqrt((squares * n) / (n - 1)) / Math.abs(sumB) };
}
