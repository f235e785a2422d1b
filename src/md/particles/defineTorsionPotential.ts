import type { Potential } from '../../core/potential.ts';
import { checkedSystem, expectAtoms, type ParticleSystem } from './particleSystem.ts';
import { type EnergyFunctions, type Formula, scalarTerms } from './scalarTerms.ts';
import { collectParameters, type PerItem } from './termParameters.ts';
import { torsionGeometry } from './torsionGeometry.ts';

/** An energy of torsion angles. */
export type TorsionPotentialDefinition<
  Global extends string = never,
  Own extends string = never,
> = ParticleSystem &
  (Formula | EnergyFunctions<Readonly<Record<Global | Own, number>>>) & {
    /** The four particles of each torsion, along the chain. */
    readonly torsions: readonly (readonly [number, number, number, number])[];
    /** The same for all torsions, by name. */
    readonly parameters?: Readonly<Record<Global, number>>;
    /** One number for each torsion, in their order, by name. */
    readonly perTorsion?: PerItem<Own>;
  };

/**
 * A potential of torsion angles, in 3 dimensions.
 *
 *     U(x) = Σ_t u(φ_t; parameters of t),   φ in [−π, π], radians; trans is ±π, signs as IUPAC's
 *
 * `expression`, of `theta` (OpenMM's name for it) or `phi`: `k*(1+cos(n*phi-phase))`, or
 * `energy(phi, parameters)` gives u, `derivative` du/dφ; a formula is differentiated symbolically,
 * functions without a derivative by central differences (three evaluations). φ jumps by 2π at trans:
 * an energy that is not periodic has a jump there.
 * @throws {ExpressionError} where the formula is wrong, pointing at the character. @throws {RangeError}
 *   and {ShapeError} for particles or parameters that do not fit, and in 2 dimensions.
 */
export function defineTorsionPotential<Global extends string = never, Own extends string = never>(
  definition: TorsionPotentialDefinition<Global, Own>,
): Potential {
  const system = checkedSystem(definition);
  const { torsions } = definition;
  if (system.dimensions !== 3) {
    throw new RangeError(
      `${system.name}: torsions expected 3 dimensions, got ${system.dimensions}`,
    );
  }
  expectAtoms(system, 'torsions', torsions, 4);
  const geometry = torsionGeometry(torsions);

  const collected = collectParameters(system.name, ['theta'], torsions.length);
  collected.addGlobal(definition.parameters);
  collected.addPerItem('perTorsion', definition.perTorsion, torsions.length, '', (t) => t);
  const { parameters } = collected;
  const variable = { names: ['theta', 'phi'], isSquared: false };
  return scalarTerms(system, geometry, variable, parameters, definition);
}
