import type { Batch } from '../core/batch.ts';
import { ShapeError } from '../core/errors.ts';
import {
  type EnergyAndGradient,
  energyAndGradientBuffer,
  type Potential,
  type PotentialUnits,
} from '../core/potential.ts';

/** A surface described one configuration at a time, read in place from the rows of a batch. */
export interface RowFunctions {
  readonly name: string;
  readonly dim: number;
  readonly units: PotentialUnits;
  readonly evaluationsPerGradient: number;
  /** U of the configuration at `x[offset] … x[offset + dim − 1]`. */
  energy(x: Float64Array, offset: number): number;
  /** The same, with every ∂U/∂xᵢ written to `gradient[offset + i]`. */
  energyAndGradient(x: Float64Array, offset: number, gradient: Float64Array): number;
  /** Which term is not finite at the configuration `x`, `[D]`, if any. */
  explain?(x: Float64Array): string | undefined;
}

/**
 * Makes a `Potential` of functions of one configuration: the loop over the batch, the result arrays
 * and the checks of shape, in one place.
 *
 * Its methods throw `ShapeError` where `x` has another dimension, or `out` another size.
 */
export function rowPotential(rows: RowFunctions): Potential {
  const { name, dim, units, evaluationsPerGradient } = rows;
  return {
    name,
    dim,
    units,
    evaluationsPerGradient,
    energy(x, out = new Float64Array(x.count)) {
      expectRows(name, dim, x);
      expectLength(name, 'energy', out, x.count);
      for (let b = 0; b < x.count; b++) out[b] = rows.energy(x.data, b * dim);
      return out;
    },
    energyAndGradient(x, out = energyAndGradientBuffer(x.count, x.dim)) {
      expectRows(name, dim, x);
      expectBuffers(name, out, x);
      const { energy, gradient } = out;
      for (let b = 0; b < x.count; b++) {
        energy[b] = rows.energyAndGradient(x.data, b * dim, gradient);
      }
      return out;
    },
    ...(rows.explain && { explain: rows.explain }),
  };
}

/** @throws {ShapeError} where `x` is not rows of `dim` coordinates. */
export function expectRows(name: string, dim: number, x: Batch): void {
  if (x.dim !== dim) {
    throw new ShapeError(`${name}: expected rows of ${dim} coordinates, got rows of ${x.dim}`);
  }
}

/** @throws {ShapeError} where `out` does not hold the results of the rows of `x`. */
export function expectBuffers(name: string, out: EnergyAndGradient, x: Batch): void {
  expectLength(name, 'energy', out.energy, x.count);
  expectLength(name, 'gradient', out.gradient, x.data.length);
}

function expectLength(name: string, role: string, out: Float64Array, length: number): void {
  if (out.length !== length) {
    throw new ShapeError(
      `${name}: result array "${role}" expected ${length} numbers, got ${out.length}`,
    );
  }
}
