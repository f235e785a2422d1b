import { batch } from '../core/batch.ts';
import { expectPositive } from '../core/expectNumber.ts';
import { energyAndGradientBuffer, type Potential, type PotentialUnits } from '../core/potential.ts';
import { expectBuffers, expectRows } from './rowPotential.ts';

/** What one unit of a potential is in the units that are wanted. */
export interface UnitChange {
  /** One length unit of the potential, in new ones: `angstrom` (0.1) to go from Å to nm. */
  readonly length: number;
  /** One energy unit of the potential, in new ones: `kilocalorie` (4.184) to go from kcal/mol to kJ/mol. */
  readonly energy: number;
  /** What the new units are; nm and kJ/mol by default. */
  readonly units?: PotentialUnits;
}

/**
 * A potential in other units: of lengths in units ℓ and with energies in units e.
 *
 *     U′(x′) = e U(x′/ℓ),   ∂U′/∂x′ = (e/ℓ) ∂U/∂x
 *
 * `inUnits(potential, { length: angstrom, energy: kilocalorie })` makes a potential of Å and kcal/mol
 * one of nm and kJ/mol. All coordinates are lengths here; a potential of angles cannot be changed so.
 * @throws {RangeError} where a unit is not a positive number.
 */
export function inUnits(potential: Potential, change: UnitChange): Potential {
  const { dim, evaluationsPerGradient } = potential;
  const { units = { length: 'nm', energy: 'kJ/mol' } } = change;
  const length = expectPositive('length', change.length);
  const energyUnit = expectPositive('energy', change.energy);
  const { name } = potential;
  let inside = batch(new Float64Array(0), dim);

  function convert(x: Float64Array): typeof inside {
    if (inside.data.length !== x.length) inside = batch(new Float64Array(x.length), dim);
    for (let i = 0; i < x.length; i++) inside.data[i] = x[i] / length;
    return inside;
  }

  function multiply(values: Float64Array, factor: number): Float64Array {
    for (let i = 0; i < values.length; i++) values[i] *= factor;
    return values;
  }

  return {
    name,
    dim,
    units,
    evaluationsPerGradient,
    energy(x, out) {
      expectRows(name, dim, x);
      return multiply(potential.energy(convert(x.data), out), energyUnit);
    },
    energyAndGradient(x, out = energyAndGradientBuffer(x.count, dim)) {
      expectRows(name, dim, x);
      expectBuffers(name, out, x);
      potential.energyAndGradient(convert(x.data), out);
      multiply(out.energy, energyUnit);
      multiply(out.gradient, energyUnit / length);
      return out;
    },
    ...(potential.explain && {
      explain: (x: Float64Array) => potential.explain?.(x.map((each) => each / length)),
    }),
  };
}
