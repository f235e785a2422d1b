import type { Potential } from '../../core/potential.ts';
import { angleGeometry } from './angleGeometry.ts';
import { checkedSystem, expectAtoms, type ParticleSystem } from './particleSystem.ts';
import { type EnergyFunctions, type Formula, scalarTerms } from './scalarTerms.ts';
import { collectParameters, type PerItem } from './termParameters.ts';

/** An energy of angles between bonds. */
export type AnglePotentialDefinition<
  Global extends string = never,
  Own extends string = never,
> = ParticleSystem &
  (Formula | EnergyFunctions<Readonly<Record<Global | Own, number>>>) & {
    /** The three particles of each angle, its vertex in the middle. */
    readonly angles: readonly (readonly [number, number, number])[];
    /** The same for all angles, by name. */
    readonly parameters?: Readonly<Record<Global, number>>;
    /** One number for each angle, in their order, by name. */
    readonly perAngle?: PerItem<Own>;
  };

/**
 * A potential of the angles at the middle one of three particles.
 *
 *     U(x) = Σ_a u(θ_a; parameters of a),   θ in [0, π], radians
 *
 * `expression`, of `theta`: `0.5*k*(theta-theta0)^2`, or `energy(theta, parameters)` gives u,
 * `derivative` du/dθ; a formula is differentiated symbolically, functions without a derivative by
 * central differences (three evaluations).
 * @throws {ExpressionError} where the formula is wrong, pointing at the character. @throws {RangeError}
 *   and {ShapeError} for particles or parameters that do not fit.
 */
export function defineAnglePotential<Global extends string = never, Own extends string = never>(
  definition: AnglePotentialDefinition<Global, Own>,
): Potential {
  const system = checkedSystem(definition);
  const { angles } = definition;
  expectAtoms(system, 'angles', angles, 3);
  const geometry = angleGeometry(angles, system.dimensions);

  const collected = collectParameters(system.name, ['theta'], angles.length);
  collected.addGlobal(definition.parameters);
  collected.addPerItem('perAngle', definition.perAngle, angles.length, '', (t) => t);
  const { parameters } = collected;
  const variable = { names: ['theta'], isSquared: false };
  return scalarTerms(system, geometry, variable, parameters, definition);
}
