import type { Potential } from '../../core/potential.ts';
import { formulaKernel } from '../expression/formulaKernel.ts';
import { checkedSystem, expectAtoms, type ParticleSystem } from './particleSystem.ts';
import { positionGeometry } from './positionGeometry.ts';
import { type PositionFunctions, positionKernel } from './positionKernel.ts';
import { expectEnergyOrExpression, type Formula } from './scalarTerms.ts';
import { collectParameters, type PerItem, parameterRecords } from './termParameters.ts';
import { termPotential } from './termPotential.ts';

/** Functions of a position and the parameters, instead of a formula. */
export interface FieldFunctions<P> extends PositionFunctions<P> {
  readonly expression?: never;
}

/** An energy of each particle's position. */
export type ExternalPotentialDefinition<
  Global extends string = never,
  Own extends string = never,
> = ParticleSystem &
  (Formula | FieldFunctions<Readonly<Record<Global | Own, number>>>) & {
    /** The particles that feel the field, without repetition; all by default. */
    readonly of?: readonly number[];
    /** The same for all particles, by name. */
    readonly parameters?: Readonly<Record<Global, number>>;
    /** One number for each particle that feels the field, in the order of `of`, by name. */
    readonly perParticle?: PerItem<Own>;
  };

/**
 * A field from outside: a potential of the position of each particle.
 *
 *     U(x) = Σᵢ u(xᵢ, yᵢ, zᵢ; parameters of i)
 *
 * `expression`, of `x`, `y` and, in 3 dimensions, `z`, or `energy(position, parameters)` gives u,
 * `gradient(position, parameters, out)` its derivatives; a formula is differentiated symbolically,
 * functions without a gradient by central differences (2·dimensions + 1 evaluations).
 * @throws {ExpressionError} where the formula is wrong, pointing at the character. @throws {RangeError}
 *   and {ShapeError} for particles or parameters that do not fit.
 */
export function defineExternalPotential<Global extends string = never, Own extends string = never>(
  definition: ExternalPotentialDefinition<Global, Own>,
): Potential {
  const system = checkedSystem(definition);
  const { name, particles, dimensions } = system;
  const { of = Array.from({ length: particles }, (_, i) => i) } = definition;
  expectAtoms(
    system,
    'of',
    of.map((i) => [i]),
    1,
  );
  if (new Set(of).size < of.length) throw new RangeError(`${name}: "of" names a particle twice`);
  const geometry = positionGeometry(of, dimensions);

  const axes = ['x', 'y', 'z'].slice(0, dimensions);
  const collected = collectParameters(name, axes, of.length);
  collected.addGlobal(definition.parameters);
  collected.addPerItem('perParticle', definition.perParticle, of.length, '', (t) => t);
  const { parameters } = collected;
  expectEnergyOrExpression(name, definition);
  if (definition.expression !== undefined) {
    const kernel = formulaKernel(definition.expression, {
      variables: axes.map((axis) => ({ names: [axis] })),
      parameters,
      terms: of.length,
      describe: geometry.describe,
    });
    return termPotential(system, geometry, kernel);
  }
  type Parameters = Readonly<Record<Global | Own, number>>;
  // The records have these names: both come from the same definition.
  const recordOf = parameterRecords(parameters, of.length) as (term: number) => Parameters;
  return termPotential(system, geometry, positionKernel(name, definition, recordOf, dimensions));
}
