import type { Potential, PotentialUnits } from '../core/potential.ts';
import { type FormulaDefinition, formulaPotential } from './formulaPotential.ts';
import { rowPotential } from './rowPotential.ts';

/** A force field of one's own: functions of one configuration, or a formula. */
export type PotentialDefinition = FunctionDefinition | FormulaDefinition;

/** A force field as functions of one configuration. */
export interface FunctionDefinition {
  /** Identity in logs and manifests; name the parameters that matter in it. */
  readonly name: string;
  /** D, the coordinates of one configuration: 3 × atoms for molecules. */
  readonly dim: number;
  /** U of one configuration `x`, `[D]`; +∞ forbids it. */
  energy(x: Float64Array): number;
  /** Writes ∂U/∂x, `[D]`, into `out`, which arrives zeroed; may return U too, which saves a call. */
  // biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is welcome.
  gradient?(x: Float64Array, out: Float64Array): number | void;
  readonly expression?: never;
  /** Reduced by default. */
  readonly units?: PotentialUnits;
}

// Balances the truncation error h² of a central difference against its rounding error ε/h.
const relativeStep = Math.cbrt(Number.EPSILON);

/**
 * A `Potential` made of a user's functions of one configuration, or of a formula, which is then
 * differentiated (`formulaPotential`); batching and counting are ours.
 *
 *     ∂U/∂xᵢ ≈ [U(x + hᵢeᵢ) − U(x − hᵢeᵢ)] / 2hᵢ,   hᵢ = ε^⅓ max(1, |xᵢ|),   without a gradient
 *
 * Such differences cost 2D + 1 evaluations and are good to some ten digits. The functions are given
 * scratch arrays that are used again for the next configuration: writing to `x` does no harm, keeping
 * it does.
 * @throws {TypeError} naming every field that is missing or of the wrong kind; and, when evaluated,
 *   where a function returns something else than a number.
 */
export function definePotential(definition: PotentialDefinition): Potential {
  const problems = problemsOf(definition);
  if (problems.length > 0) throw new TypeError(`definePotential: ${problems.join('; ')}`);
  return definition.expression === undefined
    ? functionPotential(definition)
    : formulaPotential(definition);
}

function functionPotential(definition: FunctionDefinition): Potential {
  const { name, dim, units = { length: 'reduced', energy: 'reduced' } } = definition;
  const scratch = new Float64Array(dim);
  const slope = new Float64Array(dim);

  /** U at the row, through a copy: the batch is not the user's to write to. */
  function energy(x: Float64Array, offset: number): number {
    for (let i = 0; i < dim; i++) scratch[i] = x[offset + i];
    return numberFrom(definition.energy(scratch));
  }

  function analytic(x: Float64Array, offset: number, gradient: Float64Array): number {
    for (let i = 0; i < dim; i++) scratch[i] = x[offset + i];
    slope.fill(0);
    const returned: unknown = definition.gradient?.(scratch, slope);
    if (returned !== undefined && typeof returned !== 'number') {
      throw new TypeError(
        `${name}: gradient(x, out) writes into "out" and returns U or nothing, got ${kindOf(returned)}`,
      );
    }
    for (let i = 0; i < dim; i++) gradient[offset + i] = slope[i];
    return returned ?? energy(x, offset);
  }

  function centralDifferences(x: Float64Array, offset: number, gradient: Float64Array): number {
    for (let i = 0; i < dim; i++) {
      const at = x[offset + i];
      const step = relativeStep * Math.max(1, Math.abs(at));
      // The coordinates that are really reached, for at ± step is rounded.
      const above = at + step;
      const below = at - step;
      gradient[offset + i] =
        (energyWith(x, offset, i, above) - energyWith(x, offset, i, below)) / (above - below);
    }
    return energy(x, offset);
  }

  function energyWith(x: Float64Array, offset: number, i: number, value: number): number {
    for (let j = 0; j < dim; j++) scratch[j] = x[offset + j];
    scratch[i] = value;
    return numberFrom(definition.energy(scratch));
  }

  function numberFrom(returned: unknown): number {
    if (typeof returned === 'number') return returned;
    throw new TypeError(`${name}: energy(x) expected to return a number, got ${kindOf(returned)}`);
  }

  const hasGradient = definition.gradient !== undefined;
  return rowPotential({
    name,
    dim,
    units,
    evaluationsPerGradient: hasGradient ? 1 : 2 * dim + 1,
    energy,
    energyAndGradient: hasGradient ? analytic : centralDifferences,
  });
}

/** Everything wrong with a definition, which may come from a file without types. */
function problemsOf(definition: PotentialDefinition): string[] {
  const given: Partial<Record<keyof FunctionDefinition, unknown>> = definition;
  const problems: string[] = [];
  const { name, dim, energy, gradient, expression, units } = given;
  if (typeof name !== 'string' || name === '') {
    problems.push(`"name" expected a non-empty string, got ${kindOf(name)}`);
  }
  if (typeof dim !== 'number' || !Number.isSafeInteger(dim) || dim < 1) {
    problems.push(`"dim" expected an integer of at least 1, got ${kindOf(dim)}`);
  }
  if (expression !== undefined) {
    if (typeof expression !== 'string') {
      problems.push(`"expression" expected a formula, got ${kindOf(expression)}`);
    }
    if (energy !== undefined || gradient !== undefined) {
      problems.push('"expression" stands alone, without "energy" and "gradient"');
    }
  } else if (typeof energy !== 'function') {
    problems.push(`"energy" expected a function of x, got ${kindOf(energy)}`);
  }
  if (gradient !== undefined && typeof gradient !== 'function') {
    problems.push(`"gradient" expected a function of x and out, got ${kindOf(gradient)}`);
  }
  if (units !== undefined && !isUnits(units)) {
    problems.push(
      `"units" expected { length: 'nm' | 'reduced', energy: 'kJ/mol' | 'reduced' }, got ${JSON.stringify(units)}`,
    );
  }
  return problems;
}

function isUnits(units: unknown): boolean {
  if (typeof units !== 'object' || units === null) return false;
  const { length, energy } = { length: undefined, energy: undefined, ...units };
  return (length === 'nm' || length === 'reduced') && (energy === 'kJ/mol' || energy === 'reduced');
}

function kindOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return `"${value}"`;
  if (value === null) return 'null';
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return 'an array';
  if (value instanceof Promise) return 'a promise';
  return value === undefined ? 'undefined' : `a value of type ${typeof value}`;
}
