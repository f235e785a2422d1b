import type { DistanceRestraints, PositionRestraints } from '../../md/molecule/term.ts';
import { checkPeriodic } from './openmmBonded.ts';
import { attribute, list, type OpenmmContext, particles, real, whole } from './openmmElement.ts';
import type { XmlElement } from './xmlTree.ts';

/**
 * A CustomExternalForce that holds particles in place: ½k or k times (x − x₀)² + (y − y₀)² + (z − z₀)².
 * Nothing where it is anything else. @throws {MoleculeFileError}
 */
export function openmmPositionRestraints(
  context: OpenmmContext,
  force: XmlElement,
): PositionRestraints | undefined {
  const match = /^(0?\.5\*)?(\w+)\*\(\(x-(\w+)\)\^2\+\(y-(\w+)\)\^2\+\(z-(\w+)\)\^2\)$/.exec(
    formula(context, force),
  );
  if (match === null) return undefined;
  const atoms = list(context, force, 'Particles');
  const value = parameterReader(context, force, 'PerParticleParameters');
  const [, half, k, ...place] = match;
  if (![k, ...place].every(value.has)) return undefined;
  return {
    kind: 'position-restraints',
    atoms: Int32Array.from(atoms, (atom) => whole(context, atom, 'index', 0, context.atoms - 1)),
    position: Float64Array.from(atoms.flatMap((atom) => place.map((name) => value.of(atom, name)))),
    forceConstant: Float64Array.from(
      atoms,
      (atom) => (half === undefined ? 2 : 1) * value.of(atom, k),
    ),
  };
}

/**
 * A CustomBondForce that holds distances: ½k or k times (r − r₀)². Nothing where it is anything else.
 * @throws {MoleculeFileError}
 */
export function openmmDistanceRestraints(
  context: OpenmmContext,
  force: XmlElement,
): DistanceRestraints | undefined {
  const match = /^(0?\.5\*)?(\w+)\*\(r-(\w+)\)\^2$/.exec(formula(context, force));
  if (match === null) return undefined;
  const [, half, k, length] = match;
  const value = parameterReader(context, force, 'PerBondParameters');
  if (!value.has(k) || !value.has(length)) return undefined;
  checkPeriodic(context, force);
  const bonds = list(context, force, 'Bonds');
  return {
    kind: 'distance-restraints',
    atoms: Int32Array.from(bonds.flatMap((bond) => particles(context, bond, ['p1', 'p2']))),
    length: Float64Array.from(bonds, (bond) => value.of(bond, length)),
    forceConstant: Float64Array.from(
      bonds,
      (bond) => (half === undefined ? 2 : 1) * value.of(bond, k),
    ),
  };
}

function formula(context: OpenmmContext, force: XmlElement): string {
  return attribute(context, force, 'energy').replace(/\s+/g, '');
}

/** Values of named parameters, of each particle or bond or of all. */
function parameterReader(context: OpenmmContext, force: XmlElement, local: string) {
  const names = list(context, force, local).map((p) => attribute(context, p, 'name'));
  const globals = new Map(
    list(context, force, 'GlobalParameters', 'optional').map((p) => [
      attribute(context, p, 'name'),
      real(context, p, 'default'),
    ]),
  );
  return {
    has: (name: string): boolean => names.includes(name) || globals.has(name),
    of: (element: XmlElement, name: string): number =>
      globals.get(name) ?? real(context, element, `param${names.indexOf(name) + 1}`),
  };
}
