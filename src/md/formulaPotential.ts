import type { Batch } from '../core/batch.ts';
import type { CollectiveVariable } from '../core/collectiveVariable.ts';
import { expectFinite } from '../core/expectNumber.ts';
import type { Potential, PotentialUnits } from '../core/potential.ts';
import { formulaKernel } from './expression/formulaKernel.ts';
import { expectBuffers, expectRows, rowPotential } from './rowPotential.ts';

/** A force field as one formula of the coordinates of a configuration. */
export interface FormulaDefinition {
  /** Identity in logs and manifests; name the parameters that matter in it. */
  readonly name: string;
  /** D, the coordinates of one configuration: 3 × atoms for molecules. */
  readonly dim: number;
  /** U in the grammar of OpenMM's custom forces: `x1^4 - 6*x1^2 + k*x2^2`. */
  readonly expression: string;
  /** What the formula calls the coordinates, `[D]`; x1, x2, … by default. */
  readonly coordinates?: readonly string[];
  /** Constants of the formula, by name. */
  readonly parameters?: Readonly<Record<string, number>>;
  /** Functions of the configuration, by the name that the formula has for them. */
  readonly collectiveVariables?: Readonly<Record<string, CollectiveVariable>>;
  readonly energy?: never;
  readonly gradient?: never;
  /** Reduced by default. */
  readonly units?: PotentialUnits;
}

/**
 * A potential from one formula, differentiated symbolically and compiled.
 *
 *     U(x) = f(x₁, …, x_D, s₁(x), …),   ∂U/∂xᵢ = ∂f/∂xᵢ + Σₖ ∂f/∂sₖ ∂sₖ/∂xᵢ
 *
 * Coordinates, collective variables and parameters that the formula does not name are of no effect.
 * @throws {ExpressionError} where the formula is wrong, pointing at the character. @throws {RangeError}
 *   where a name is given twice, or there are other than D coordinates.
 */
export function formulaPotential(definition: FormulaDefinition): Potential {
  const { name, dim, expression, units = { length: 'reduced', energy: 'reduced' } } = definition;
  const coordinates = definition.coordinates ?? Array.from({ length: dim }, (_, i) => `x${i + 1}`);
  if (coordinates.length !== dim) {
    throw new RangeError(`${name}: "coordinates" expected ${dim} names, got ${coordinates.length}`);
  }
  const variables = Object.entries(definition.collectiveVariables ?? {});
  const given = Object.entries(definition.parameters ?? {});
  for (const [parameter, value] of given) expectFinite(`${name}: ${parameter}`, value);
  const names = [...coordinates, ...variables.map(([each]) => each)];
  const twice = [...names, ...given.map(([each]) => each)].find(
    (each, i, all) => all.indexOf(each) !== i,
  );
  if (twice !== undefined) throw new RangeError(`${name}: "${twice}" is given twice`);

  const kernel = formulaKernel(expression, {
    variables: names.map((each) => ({ names: [each] })),
    parameters: new Map(given),
    terms: 1,
    describe: () => name,
  });
  const values = new Float64Array(names.length);
  const slopes = new Float64Array(names.length);
  const collective = variables.map(([, each]) => each);

  function explain(x: Float64Array): string | undefined {
    values.set(x);
    const row = { data: x, count: 1, dim };
    collective.forEach((each, k) => {
      values[dim + k] = each.value(row)[0];
    });
    const energy = kernel.energyAndSlopes(values, 0, 1, slopes);
    const wrong = slopes.findIndex((each) => !Number.isFinite(each));
    if (Number.isFinite(energy) && wrong === -1) return undefined;
    const what = Number.isFinite(energy)
      ? `slope ${slopes[wrong]} along ${names[wrong]}`
      : `energy ${energy}`;
    const at = names.slice(0, 8).map((each, i) => `${each} = ${values[i]}`);
    return `${name} has ${what} at ${at.join(', ')}${names.length > 8 ? ', …' : ''}`;
  }

  const common = { name, dim, units, evaluationsPerGradient: 1, explain };
  if (collective.length === 0) {
    return rowPotential({
      ...common,
      energy(x, offset) {
        for (let i = 0; i < dim; i++) values[i] = x[offset + i];
        return kernel.energy(values, 0, 1);
      },
      energyAndGradient(x, offset, gradient) {
        for (let i = 0; i < dim; i++) values[i] = x[offset + i];
        const energy = kernel.energyAndSlopes(values, 0, 1, slopes);
        for (let i = 0; i < dim; i++) gradient[offset + i] = slopes[i];
        return energy;
      },
    });
  }

  /** Sets the values of row `b`; `found` are the collective variables, `[B]` each. */
  function load(x: Batch, b: number, found: readonly Float64Array[]): void {
    for (let i = 0; i < dim; i++) values[i] = x.data[b * dim + i];
    for (let k = 0; k < found.length; k++) values[dim + k] = found[k][b];
  }

  // Collective variables take a whole batch, so that these loops are not `rowPotential`'s.
  return {
    ...common,
    energy(x, out = new Float64Array(x.count)) {
      expectRows(name, dim, x);
      expectBuffers(name, { energy: out, gradient: x.data }, x);
      const found = collective.map((each) => each.value(x));
      for (let b = 0; b < x.count; b++) {
        load(x, b, found);
        out[b] = kernel.energy(values, 0, 1);
      }
      return out;
    },
    energyAndGradient(
      x,
      out = { energy: new Float64Array(x.count), gradient: new Float64Array(x.data.length) },
    ) {
      expectRows(name, dim, x);
      expectBuffers(name, out, x);
      const found = collective.map((each) => each.value(x));
      const directions = collective.map((each) => each.gradient(x));
      for (let b = 0; b < x.count; b++) {
        load(x, b, found);
        out.energy[b] = kernel.energyAndSlopes(values, 0, 1, slopes);
        for (let i = 0; i < dim; i++) {
          let slope = slopes[i];
          for (let k = 0; k < collective.length; k++) {
            slope += slopes[dim + k] * directions[k][b * dim + i];
          }
          out.gradient[b * dim + i] = slope;
        }
      }
      return out;
    },
  };
}
