import { type Batch, batch } from '../../core/batch.ts';
import type { Potential } from '../../core/potential.ts';

/** A derivative found from energies alone. */
export interface NumericalDerivative {
  readonly value: number;
  /** How far it may be off, by truncation and by rounding; +∞ where no step gave finite energies. */
  readonly error: number;
}

const firstStep = 0.1;
const shrink = 2.5;
const steps = 12;

/** What one numerical derivative costs, in evaluations. */
export const evaluationsPerDerivative = 2 * steps;

/**
 * ∂U/∂xᵢ at `x`, `[D]`, by Ridders' method: central differences with steps from 0.1 max(1, |xᵢ|) down to
 * some 10⁻⁶ of that, extrapolated to step zero wherever the extrapolation converges best. `noise` is the
 * relative roughness of U beyond that of float64.
 *
 *     D(h) = [U(x + h eᵢ) − U(x − h eᵢ)] / 2h = U′ + c₂ h² + c₄ h⁴ + …
 *
 * Ridders, Adv. Eng. Software 4, 75, 1982. doi:10.1016/S0141-1195(82)80057-0
 */
export function numericalDerivative(
  potential: Potential,
  x: Float64Array,
  i: number,
  noise = 0,
): NumericalDerivative {
  const widths = Float64Array.from(
    { length: steps },
    (_, s) => (firstStep * Math.max(1, Math.abs(x[i]))) / shrink ** s,
  );
  const energies = potential.energy(displaced(x, i, widths));
  let best: NumericalDerivative = { value: Number.NaN, error: Infinity };
  let previous: number[] = [];
  for (let s = 0; s < steps; s++) {
    const above = energies[2 * s];
    const below = energies[2 * s + 1];
    const size = Math.max(Math.abs(above), Math.abs(below));
    // The widths are not exact in x, but x + h − x is what the division should use.
    const width = x[i] + widths[s] - (x[i] - widths[s]);
    const column = [(above - below) / width];
    const rounding = ((4 * Number.EPSILON + 20 * noise) * size) / widths[s];
    for (let order = 1; order <= previous.length; order++) {
      const power = shrink ** (2 * order);
      column.push((power * column[order - 1] - previous[order - 1]) / (power - 1));
      const error =
        Math.max(
          Math.abs(column[order] - column[order - 1]),
          Math.abs(column[order] - previous[order - 1]),
        ) + rounding;
      // NaN compares false, so a step to where U is not finite is passed over.
      if (error < best.error) best = { value: column[order], error };
    }
    previous = column;
  }
  return best;
}

/** x + hᵢeᵢ and x − hᵢeᵢ in turn for every width. */
function displaced(x: Float64Array, i: number, widths: Float64Array): Batch {
  const dim = x.length;
  const data = new Float64Array(2 * widths.length * dim);
  widths.forEach((width, s) => {
    data.set(x, 2 * s * dim);
    data.set(x, (2 * s + 1) * dim);
    data[2 * s * dim + i] += width;
    data[(2 * s + 1) * dim + i] -= width;
  });
  return batch(data, dim);
}
