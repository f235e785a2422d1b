import { kilocalorie } from '../../core/units.ts';
import type { CmapTorsions } from '../../md/molecule/term.ts';
import type { PrmtopSections } from './prmtopSections.ts';

/**
 * The correction maps of a prmtop (ff19SB), or nothing where it has none.
 *
 * A section CMAP_PARAMETER_nn holds the energies from −π on in both angles, ψ running faster; the term's
 * begin at 0, φ running faster.
 *
 * @throws {MoleculeFileError}
 */
export function amberCmap(sections: PrmtopSections, atoms: number): CmapTorsions | undefined {
  if (!sections.has('CMAP_COUNT')) return undefined;
  const [terms, maps] = sections.integers('CMAP_COUNT', 2);
  if (maps < 0 || maps > 99) sections.fail('CMAP_COUNT', `promises ${maps} maps`, 1);
  const sizes = sections.integers('CMAP_RESOLUTION', maps);
  const five = sections.integers('CMAP_INDEX', 6 * terms);
  for (const [entry, value] of five.entries()) {
    const most = entry % 6 === 5 ? maps : atoms;
    if (value < 1 || value > most) {
      sections.fail('CMAP_INDEX', `has ${value}, which is in no list of ${most}`, entry);
    }
  }
  return {
    kind: 'cmap-torsions',
    maps: Array.from(sizes, (size, map) => {
      if (size < 4 || size > 360) {
        sections.fail('CMAP_RESOLUTION', `has the map size ${size}`, map);
      }
      const flag = `CMAP_PARAMETER_${String(map + 1).padStart(2, '0')}`;
      const given = sections.reals(flag, size * size);
      const half = Math.floor(size / 2);
      const energies = new Float64Array(size * size);
      for (let psi = 0; psi < size; psi++) {
        for (let phi = 0; phi < size; phi++) {
          const from = size * ((phi + half) % size) + ((psi + half) % size);
          energies[phi + size * psi] = given[from] * kilocalorie;
        }
      }
      return { size, energies };
    }),
    map: Int32Array.from({ length: terms }, (_, k) => five[6 * k + 5] - 1),
    atoms: Int32Array.from(
      Array.from({ length: terms }, (_, k) =>
        [0, 1, 2, 3, 1, 2, 3, 4].map((p) => five[6 * k + p] - 1),
      ).flat(),
    ),
  };
}
