import type { Potential } from '../../core/potential.ts';
import { distanceGeometry } from './distanceGeometry.ts';
import { checkedSystem, expectAtoms, type ParticleSystem } from './particleSystem.ts';
import { type EnergyFunctions, type Formula, scalarTerms } from './scalarTerms.ts';
import { collectParameters, type PerItem } from './termParameters.ts';

/** An energy of the lengths of bonds. */
export type BondPotentialDefinition<
  Global extends string = never,
  Own extends string = never,
> = ParticleSystem &
  (Formula | EnergyFunctions<Readonly<Record<Global | Own, number>>>) & {
    /** The two particles of each bond. */
    readonly bonds: readonly (readonly [number, number])[];
    /** The same for all bonds, by name. */
    readonly parameters?: Readonly<Record<Global, number>>;
    /** One number for each bond, in their order, by name. */
    readonly perBond?: PerItem<Own>;
  };

/**
 * A potential of bond lengths.
 *
 *     U(x) = Σ_b u(r_b; parameters of b),   r_b = |rᵢ − rⱼ|
 *
 * `expression`, `0.5*k*(r-r0)^2` for example, or `energy(r, parameters)` gives u, `derivative` du/dr; a
 * formula is differentiated symbolically, functions without a derivative by central differences (three
 * evaluations).
 * @throws {ExpressionError} where the formula is wrong, pointing at the character. @throws {RangeError}
 *   and {ShapeError} for particles or parameters that do not fit.
 */
export function defineBondPotential<Global extends string = never, Own extends string = never>(
  definition: BondPotentialDefinition<Global, Own>,
): Potential {
  const system = checkedSystem(definition);
  const { bonds } = definition;
  expectAtoms(system, 'bonds', bonds, 2);
  const geometry = distanceGeometry('bond', bonds, system.dimensions);

  const collected = collectParameters(system.name, ['r'], bonds.length);
  collected.addGlobal(definition.parameters);
  collected.addPerItem('perBond', definition.perBond, bonds.length, '', (t) => t);
  const { parameters } = collected;
  const variable = { names: ['r'], isSquared: true };
  return scalarTerms(system, geometry, variable, parameters, definition);
}
