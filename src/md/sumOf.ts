import { ShapeError } from '../core/errors.ts';
import { expectFinite } from '../core/expectNumber.ts';
import {
  type EnergyAndGradient,
  energyAndGradientBuffer,
  type Potential,
} from '../core/potential.ts';

/**
 * A force field as the sum of its terms.
 *
 *     U(x) = Σₜ Uₜ(x)
 *
 * One evaluation of the sum is one evaluation, whatever the number of terms.
 * @throws {ShapeError} where the dimensions differ. @throws {RangeError} where the units do, or
 *   without any term.
 */
export function sumOf(terms: readonly Potential[], name?: string): Potential {
  const [first, ...others] = terms;
  if (first === undefined) throw new RangeError('sumOf: "terms" expected at least one potential');
  const { dim, units } = first;
  for (const term of others) {
    if (term.dim !== dim) {
      throw new ShapeError(
        `sumOf: ${first.name} has ${dim} coordinates, ${term.name} has ${term.dim}`,
      );
    }
    if (term.units.length !== units.length || term.units.energy !== units.energy) {
      throw new RangeError(
        `sumOf: ${first.name} is in ${units.length} and ${units.energy}, ` +
          `${term.name} in ${term.units.length} and ${term.units.energy}`,
      );
    }
  }
  let part = energyAndGradientBuffer(0, dim);

  return {
    name: name ?? terms.map((term) => term.name).join(' + '),
    dim,
    units,
    evaluationsPerGradient: Math.max(...terms.map((term) => term.evaluationsPerGradient)),
    energy(x, out) {
      const total = first.energy(x, out);
      for (const term of others) {
        if (part.energy.length !== x.count) part = energyAndGradientBuffer(x.count, dim);
        addTo(total, term.energy(x, part.energy));
      }
      return total;
    },
    energyAndGradient(x, out) {
      const total = first.energyAndGradient(x, out);
      for (const term of others) {
        if (part.energy.length !== x.count) part = energyAndGradientBuffer(x.count, dim);
        term.energyAndGradient(x, part);
        addTo(total.energy, part.energy);
        addTo(total.gradient, part.gradient);
      }
      return total;
    },
    explain(x) {
      for (const term of terms) {
        const found = term.explain?.(x);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

/**
 * `potential` times a constant: a weight in a sum, an annealed surface.
 *
 *     U′(x) = c U(x)
 *
 * @throws {RangeError} where `factor` is not finite.
 */
export function scaled(potential: Potential, factor: number): Potential {
  expectFinite('factor', factor);
  return {
    name: `${factor}·(${potential.name})`,
    dim: potential.dim,
    units: potential.units,
    evaluationsPerGradient: potential.evaluationsPerGradient,
    energy: (x, out) => multiply(potential.energy(x, out), factor),
    energyAndGradient(x, out) {
      const result: EnergyAndGradient = potential.energyAndGradient(x, out);
      multiply(result.energy, factor);
      multiply(result.gradient, factor);
      return result;
    },
    ...(potential.explain && { explain: potential.explain }),
  };
}

function addTo(sum: Float64Array, term: Float64Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] += term[i];
}

function multiply(values: Float64Array, factor: number): Float64Array {
  for (let i = 0; i < values.length; i++) values[i] *= factor;
  return values;
}
