import type { CollectiveVariable } from '../core/collectiveVariable.ts';
import { expectFinite, expectInteger, expectNonNegative } from '../core/expectNumber.ts';
import type { Potential, PotentialUnits } from '../core/potential.ts';
import { formulaPotential } from './formulaPotential.ts';

/** The spring of a restraint: its stiffness, its rest, and whose coordinates it acts on. */
export interface RestraintOptions {
  /** D of the configurations that are restrained. */
  readonly dim: number;
  /** k, energy per square of the variable's unit; zero or more. */
  readonly stiffness: number;
  /** s₀, in the variable's unit. */
  readonly center: number;
  /** Reduced by default. */
  readonly units?: PotentialUnits;
}

/**
 * A spring on a collective variable, to be added to a potential with `sumOf`.
 *
 *     U(x) = ½ k (s(x) − s₀)²
 *
 * For a spring on the coordinates themselves see `harmonic`.
 */
export function harmonicRestraint(
  variable: CollectiveVariable,
  options: RestraintOptions,
): Potential {
  const k = expectNonNegative('stiffness', options.stiffness);
  const center = expectFinite('center', options.center);
  const { units } = options;
  return formulaPotential({
    name: `restraint(${variable.name}, stiffness=${k}, center=${center})`,
    dim: expectInteger('dim', options.dim, 1),
    expression: '0.5*k*(s-center)^2',
    parameters: { k, center },
    collectiveVariables: { s: variable },
    ...(units && { units }),
  });
}
