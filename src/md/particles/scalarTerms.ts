import type { Potential } from '../../core/potential.ts';
import { formulaKernel } from '../expression/formulaKernel.ts';
import { functionKernel, type ScalarFunctions } from './functionKernel.ts';
import type { CheckedSystem } from './particleSystem.ts';
import type { TermGeometry } from './termGeometry.ts';
import { parameterRecords, type TermParameters } from './termParameters.ts';
import { termPotential } from './termPotential.ts';

/** A formula in the grammar of OpenMM's custom forces: `0.5*k*(r-r0)^2`; its slope is derived from it. */
export interface Formula {
  readonly expression: string;
  readonly energy?: never;
  readonly derivative?: never;
}

/** Functions of one variable and the parameters, instead of a formula. */
export interface EnergyFunctions<P> extends ScalarFunctions<P> {
  readonly expression?: never;
}

/**
 * The potential of terms that have one variable, of a formula or of functions.
 *
 * `hints` say of names that parameters do not have in formulas what to write instead.
 * @throws {TypeError} where there is neither, or both.
 */
export function scalarTerms<P>(
  system: CheckedSystem,
  geometry: TermGeometry,
  variable: { readonly names: readonly string[]; readonly isSquared: boolean },
  parameters: TermParameters,
  definition: Formula | EnergyFunctions<P>,
  hints?: ReadonlyMap<string, string>,
): Potential {
  const { name } = system;
  expectEnergyOrExpression(name, definition);
  if (definition.expression !== undefined) {
    const kernel = formulaKernel(definition.expression, {
      variables: [variable],
      parameters,
      terms: geometry.terms,
      ...(hints && { hints }),
      describe: geometry.describe,
    });
    return termPotential(system, geometry, kernel);
  }
  const recordOf = parameterRecords(parameters, geometry.terms);
  // The records have the names of P: both come from the same definition.
  const kernel = functionKernel(
    name,
    definition,
    recordOf as (term: number) => P,
    variable.isSquared,
  );
  return termPotential(system, geometry, kernel);
}

/** @throws {TypeError} unless there is one of the two, as files without types may have it. */
export function expectEnergyOrExpression(
  name: string,
  { energy, expression }: { readonly energy?: unknown; readonly expression?: unknown },
): void {
  if (expression !== undefined && energy !== undefined) {
    throw new TypeError(`${name}: give "expression" or "energy", not both`);
  }
  if (expression === undefined ? typeof energy !== 'function' : typeof expression !== 'string') {
    throw new TypeError(`${name}: expected "expression", a formula, or "energy", a function`);
  }
}
