import { expectInteger } from '../../core/expectNumber.ts';
import type { PotentialUnits } from '../../core/potential.ts';

/** Whose configurations a potential takes. */
export interface ParticleSystem {
  /** Identity in logs and manifests; name the parameters that matter in it. */
  readonly name: string;
  /** N; a configuration has N · dimensions coordinates, particle after particle. */
  readonly particles: number;
  /** Of space; 3 by default. */
  readonly dimensions?: 2 | 3;
  /** Reduced by default; `{ length: 'nm', energy: 'kJ/mol' }` for molecules. */
  readonly units?: PotentialUnits;
}

/** A system as it is known after its checks. */
export interface CheckedSystem {
  readonly name: string;
  readonly particles: number;
  readonly dimensions: 2 | 3;
  readonly units: PotentialUnits;
}

/**
 * @throws {TypeError} without a name. @throws {RangeError} where N is no whole number above zero, or
 *   space has neither 2 nor 3 dimensions.
 */
export function checkedSystem(system: ParticleSystem): CheckedSystem {
  const { name, particles, dimensions = 3 } = system;
  const { units = { length: 'reduced', energy: 'reduced' } } = system;
  if (typeof name !== 'string' || name === '') {
    throw new TypeError('"name" expected a non-empty string: it stands in logs and manifests');
  }
  expectInteger(`${name}: particles`, particles, 1);
  if (dimensions !== 2 && dimensions !== 3) {
    throw new RangeError(`"${name}: dimensions" expected 2 or 3, got ${String(dimensions)}`);
  }
  return { name, particles, dimensions, units };
}

/**
 * Checks that every entry of `list` names `arity` different particles.
 *
 * @throws {RangeError} naming the entry that does not: `lj: bonds[3] expected …`.
 */
export function expectAtoms(
  { name, particles }: CheckedSystem,
  role: string,
  list: readonly (readonly number[])[],
  arity: number,
): void {
  list.forEach((atoms, i) => {
    const isRight =
      atoms.length === arity &&
      atoms.every((atom) => Number.isSafeInteger(atom) && atom >= 0 && atom < particles) &&
      new Set(atoms).size === arity;
    if (isRight) return;
    const expected = arity === 1 ? 'a particle' : `${arity} different particles`;
    throw new RangeError(
      `${name}: ${role}[${i}] expected ${expected} of 0 to ${particles - 1}, got [${atoms.join(', ')}]`,
    );
  });
}
