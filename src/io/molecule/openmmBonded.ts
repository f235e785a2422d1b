import type {
  CmapTorsions,
  HarmonicAngles,
  HarmonicBonds,
  PeriodicTorsions,
  RyckaertBellemansTorsions,
} from '../../md/molecule/term.ts';
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

/** @throws {MoleculeFileError} */
export function openmmBonds(context: OpenmmContext, force: XmlElement): HarmonicBonds {
  checkPeriodic(context, force);
  const bonds = list(context, force, 'Bonds');
  return {
    kind: 'harmonic-bonds',
    atoms: Int32Array.from(bonds.flatMap((bond) => particles(context, bond, ['p1', 'p2']))),
    length: Float64Array.from(bonds, (bond) => real(context, bond, 'd')),
    forceConstant: Float64Array.from(bonds, (bond) => real(context, bond, 'k')),
  };
}

/** @throws {MoleculeFileError} */
export function openmmAngles(context: OpenmmContext, force: XmlElement): HarmonicAngles {
  checkPeriodic(context, force);
  const angles = list(context, force, 'Angles');
  return {
    kind: 'harmonic-angles',
    atoms: Int32Array.from(
      angles.flatMap((angle) => particles(context, angle, ['p1', 'p2', 'p3'])),
    ),
    angle: Float64Array.from(angles, (angle) => real(context, angle, 'a')),
    forceConstant: Float64Array.from(angles, (angle) => real(context, angle, 'k')),
  };
}

/** @throws {MoleculeFileError} */
export function openmmTorsions(context: OpenmmContext, force: XmlElement): PeriodicTorsions {
  checkPeriodic(context, force);
  const torsions = list(context, force, 'Torsions');
  return {
    kind: 'periodic-torsions',
    atoms: fours(context, torsions, 'p'),
    periodicity: Int32Array.from(torsions, (t) => whole(context, t, 'periodicity', 1, 100)),
    phase: Float64Array.from(torsions, (torsion) => real(context, torsion, 'phase')),
    forceConstant: Float64Array.from(torsions, (torsion) => real(context, torsion, 'k')),
  };
}

/** @throws {MoleculeFileError} */
export function openmmRyckaertBellemans(
  context: OpenmmContext,
  force: XmlElement,
): RyckaertBellemansTorsions {
  checkPeriodic(context, force);
  const torsions = list(context, force, 'Torsions');
  const names = ['c0', 'c1', 'c2', 'c3', 'c4', 'c5'];
  return {
    kind: 'ryckaert-bellemans-torsions',
    atoms: fours(context, torsions, 'p'),
    coefficients: Float64Array.from(
      torsions.flatMap((torsion) => names.map((name) => real(context, torsion, name))),
    ),
  };
}

/** @throws {MoleculeFileError} */
export function openmmCmap(context: OpenmmContext, force: XmlElement): CmapTorsions {
  checkPeriodic(context, force);
  const maps = list(context, force, 'Maps').map((map) => {
    const size = whole(context, map, 'size', 1, 1000);
    if (map.children.length !== size * size) {
      failAt(
        context,
        map,
        `<Map> has ${map.children.length} energies, and size ${size} asks for ${size * size}`,
      );
    }
    return { size, energies: Float64Array.from(map.children, (e) => real(context, e, 'e')) };
  });
  const torsions = list(context, force, 'Torsions');
  const phi = torsions.map((torsion) => particles(context, torsion, numbered('a')));
  const psi = torsions.map((torsion) => particles(context, torsion, numbered('b')));
  return {
    kind: 'cmap-torsions',
    maps,
    map: Int32Array.from(torsions, (t) => whole(context, t, 'map', 0, maps.length - 1)),
    atoms: Int32Array.from(phi.flatMap((four, k) => [...four, ...psi[k]])),
  };
}

/**
 * Bonded terms in minimum images differ from ours where a molecule is cut by the edge of the box.
 * @throws {MoleculeFileError}
 */
export function checkPeriodic(context: OpenmmContext, force: XmlElement): void {
  if (!flag(force, 'usesPeriodic')) return;
  dropOrFail(
    context,
    force,
    `${force.attributes['type']} takes its atoms in minimum images (usesPeriodic)`,
    'keep molecules whole and set setUsesPeriodicBoundaryConditions(False)',
  );
}

function numbered(letter: string): string[] {
  return [1, 2, 3, 4].map((n) => `${letter}${n}`);
}

function fours(
  context: OpenmmContext,
  torsions: readonly XmlElement[],
  letter: string,
): Int32Array {
  return Int32Array.from(
    torsions.flatMap((torsion) => particles(context, torsion, numbered(letter))),
  );
}
