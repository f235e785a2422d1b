import { torsionGeometry } from '../../particles/torsionGeometry.ts';
import type { CmapTorsions } from '../term.ts';
import { cmapSurface, evaluateCmap } from './cmapSurface.ts';
import { atomGroups, geometricTerm } from './geometricTerm.ts';
import type { TermEvaluator } from './termEvaluator.ts';

/**
 * Energies of pairs of torsion angles, interpolated in maps.
 *
 *     U = Σ S(φ, ψ),   S the periodic bicubic spline through a map
 *
 * MacKerell, Feig & Brooks, J. Comput. Chem. 25, 1400, 2004. doi:10.1002/jcc.20065
 */
export function cmapTorsions(term: CmapTorsions): TermEvaluator {
  const { kind, atoms, map } = term;
  const surfaces = term.maps.map(({ size, energies }) => cmapSurface(size, energies));
  return geometricTerm({
    kind,
    part: 'pair of torsions',
    // Two torsions to an entry: φ in front, ψ behind.
    geometry: torsionGeometry(atomGroups(atoms, 4)),
    atoms,
    arity: 8,
    energyAndSlopes(angles, k, slopes) {
      const phi = angles[2 * k];
      const psi = angles[2 * k + 1];
      return evaluateCmap(surfaces[map[k]], phi, psi, slopes, 2 * k);
    },
  });
}
