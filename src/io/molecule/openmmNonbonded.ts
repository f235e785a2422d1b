import type { Nonbonded } from '../../md/molecule/term.ts';
import {
  dropOrFail,
  failAt,
  flag,
  list,
  type OpenmmContext,
  particles,
  real,
  whole,
} from './openmmElement.ts';
import type { XmlElement } from './xmlTree.ts';

const methods = [
  'NoCutoff',
  'CutoffNonPeriodic',
  'CutoffPeriodic',
  'Ewald',
  'PME',
  'LJPME',
] as const;

/** How a force treats distant pairs. */
export interface OpenmmCutoff {
  readonly distance: number;
  readonly periodic: boolean;
}

/**
 * A NonbondedForce, unless it sums over images of the box (Ewald, PME), which is not supported.
 * @throws {MoleculeFileError}
 */
export function openmmNonbonded(context: OpenmmContext, force: XmlElement): Nonbonded {
  const cutoff = openmmCutoff(context, force);
  for (const name of ['ParticleOffsets', 'ExceptionOffsets']) {
    const [offset] = list(context, force, name, 'optional');
    if (offset === undefined) continue;
    const { parameter } = offset.attributes;
    dropOrFail(
      context,
      offset,
      `NonbondedForce lets the parameter ${parameter} change particles (<${name}>)`,
      'write the system with the values that are meant',
    );
  }
  if (flag(force, 'exceptionsUsePeriodic')) {
    dropOrFail(
      context,
      force,
      'NonbondedForce takes exceptions in minimum images (exceptionsUsePeriodic)',
      'keep molecules whole and set setExceptionsUsePeriodicBoundaryConditions(False)',
    );
  }
  const atoms = list(context, force, 'Particles');
  expectAll(context, force, atoms.length);
  const exceptions = list(context, force, 'Exceptions');
  const pairs = exceptions.flatMap((pair) => particles(context, pair, ['p1', 'p2']));
  expectOnce(context, exceptions, pairs);
  const column = (from: readonly XmlElement[], name: string): Float64Array =>
    Float64Array.from(from, (element) => real(context, element, name));
  return {
    kind: 'nonbonded',
    charge: column(atoms, 'q'),
    sigma: column(atoms, 'sig'),
    epsilon: column(atoms, 'eps'),
    exceptions: {
      atoms: Int32Array.from(pairs),
      chargeProduct: column(exceptions, 'q'),
      sigma: column(exceptions, 'sig'),
      epsilon: column(exceptions, 'eps'),
    },
    cutoff:
      cutoff === undefined
        ? undefined
        : {
            ...cutoff,
            reactionFieldDielectric: real(context, force, 'rfDielectric'),
            switchDistance: flag(force, 'useSwitchingFunction')
              ? switchDistance(context, force, cutoff.distance)
              : undefined,
            dispersionCorrection: cutoff.periodic && flag(force, 'dispersionCorrection'),
          },
  };
}

/** Of any force with a method and a cutoff. @throws {MoleculeFileError} for Ewald and PME. */
export function openmmCutoff(context: OpenmmContext, force: XmlElement): OpenmmCutoff | undefined {
  const method = methods[whole(context, force, 'method', 0, methods.length - 1)];
  if (method === 'NoCutoff') return undefined;
  const distance = real(context, force, 'cutoff');
  if (!(distance > 0)) failAt(context, force, `has the cutoff ${distance} nm`);
  if (method === 'CutoffNonPeriodic' || method === 'CutoffPeriodic') {
    return { distance, periodic: method === 'CutoffPeriodic' };
  }
  dropOrFail(
    context,
    force,
    `${force.attributes['type']} sums over the images of the box by ${method}, which is not supported`,
    'write the system with nonbondedMethod=CutoffPeriodic (a reaction field) or NoCutoff',
  );
  context.warnings.push(
    `${context.file}, line ${force.line}: a reaction field at ${distance} nm stands in for ${method}`,
  );
  return { distance, periodic: true };
}

/** @throws {MoleculeFileError} unless a force has each particle once. */
export function expectAll(context: OpenmmContext, force: XmlElement, found: number): void {
  if (found === context.atoms) return;
  failAt(
    context,
    force,
    `${force.attributes['type']} has ${found} particles, and the system ${context.atoms}`,
  );
}

function switchDistance(context: OpenmmContext, force: XmlElement, cutoff: number): number {
  const distance = real(context, force, 'switchingDistance');
  if (!(distance >= 0 && distance < cutoff)) {
    failAt(context, force, `switches from ${distance} nm on, and cuts at ${cutoff} nm`);
  }
  return distance;
}

function expectOnce(
  context: OpenmmContext,
  exceptions: readonly XmlElement[],
  pairs: readonly number[],
): void {
  const seen = new Set<number>();
  for (const [k, exception] of exceptions.entries()) {
    const [i, j] = [pairs[2 * k], pairs[2 * k + 1]];
    const key = Math.min(i, j) * context.atoms + Math.max(i, j);
    if (seen.has(key)) {
      failAt(context, exception, `<Exception> of particles ${i} and ${j} occurs twice`);
    }
    seen.add(key);
  }
}
