import type { Batch } from '../core/batch.ts';
import type { CollectiveVariable } from '../core/collectiveVariable.ts';
import { ShapeError } from '../core/errors.ts';
import { expectFinite } from '../core/expectNumber.ts';
import type { Potential } from '../core/potential.ts';

/** A function of one collective variable, by its values at even distances. */
export interface BiasTable {
  /** Where the first and the last value stand, in the unit of the variable; beyond, V keeps them. */
  readonly min: number;
  readonly max: number;
  /** V, energy, two or more. */
  readonly values: readonly number[];
}

/** V(s) and its derivative. */
export interface TabulatedFunction {
  value(s: number): number;
  slope(s: number): number;
}

/**
 * The smooth curve through a table: cubic Hermite pieces of width h,
 *
 *     V(s) = V₀ (1 + 2t)(1 − t)² + V₁ t²(3 − 2t) + h V₀′ t(1 − t)² − h V₁′ t²(1 − t),   t = (s − s₀)/h
 *
 * with central differences for slopes and 0 at both ends, so that V and V′ are continuous everywhere. Two
 * values make a step that rises between them.
 * @throws {RangeError} where there are fewer than two values, one is not finite, or `max` is not above `min`.
 */
export function tabulatedFunction({ min, max, values }: BiasTable): TabulatedFunction {
  if (values.length < 2) {
    throw new RangeError(`"bias.values" expected two or more, got ${values.length}`);
  }
  values.forEach((value, k) => {
    expectFinite(`bias.values[${k}]`, value);
  });
  if (!(max > min) || !Number.isFinite(max - min)) {
    throw new RangeError(`"bias.max" expected a number above ${min}, got ${max}`);
  }
  const last = values.length - 1;
  const h = (max - min) / last;
  /** h V′ at a knot. */
  const rise = (k: number): number =>
    k === 0 || k === last ? 0 : (values[k + 1] - values[k - 1]) / 2;

  function pieceAt(s: number): readonly [k: number, t: number] | undefined {
    if (!(s > min && s < max)) return undefined;
    const k = Math.min(last - 1, Math.floor((s - min) / h));
    return [k, (s - min) / h - k];
  }
  return {
    value(s) {
      const piece = pieceAt(s);
      if (piece === undefined) return s <= min ? values[0] : s >= max ? values[last] : Number.NaN;
      const [k, t] = piece;
      const rest = 1 - t;
      return (
        values[k] * (1 + 2 * t) * rest * rest +
        values[k + 1] * t * t * (3 - 2 * t) +
        rise(k) * t * rest * rest -
        rise(k + 1) * t * t * rest
      );
    },
    slope(s) {
      const piece = pieceAt(s);
      if (piece === undefined) return 0;
      const [k, t] = piece;
      return (
        (6 * t * (1 - t) * (values[k + 1] - values[k]) +
          rise(k) * (1 - t) * (1 - 3 * t) +
          rise(k + 1) * t * (3 * t - 2)) /
        h
      );
    },
  };
}

/**
 * A bias as a term of a force field, to be added to a potential by `sumOf`:
 *
 *     V(x) = V(s(x)),   ∂V/∂x = V′(s) ∂s/∂x
 *
 * @throws {RangeError} as `tabulatedFunction`, and for a periodic variable unless both ends are equal.
 */
export function biasAlong(
  variable: CollectiveVariable,
  table: BiasTable,
  { dim, units }: Pick<Potential, 'dim' | 'units'>,
): Potential {
  const { name, period } = variable;
  const { values } = table;
  const curve = tabulatedFunction(table);
  if (period !== undefined && values[0] !== values[values.length - 1]) {
    throw new RangeError(
      `"bias.values" expected equal ends along ${name}, which is periodic, ` +
        `got ${values[0]} and ${values[values.length - 1]}`,
    );
  }
  function expectRows(x: Batch): void {
    if (x.dim !== dim) {
      throw new ShapeError(`bias: expected rows of ${dim} coordinates, got ${x.dim}`);
    }
  }

  return {
    name: `bias(${name}, min=${table.min}, max=${table.max}, values=${values.join(' ')})`,
    dim,
    units,
    evaluationsPerGradient: 1,
    energy(x, out = new Float64Array(x.count)) {
      expectRows(x);
      variable.value(x).forEach((s, b) => {
        out[b] = curve.value(s);
      });
      return out;
    },
    energyAndGradient(
      x,
      out = { energy: new Float64Array(x.count), gradient: new Float64Array(x.data.length) },
    ) {
      expectRows(x);
      const along = variable.gradient(x);
      variable.value(x).forEach((s, b) => {
        out.energy[b] = curve.value(s);
        const slope = curve.slope(s);
        for (let i = b * dim; i < (b + 1) * dim; i++) out.gradient[i] = slope * along[i];
      });
      return out;
    },
  };
}
