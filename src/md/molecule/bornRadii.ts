import type { BornModel } from './term.ts';
import type { Topology } from './topology.ts';

/** ρ by element, nm; Bondi, J. Phys. Chem. 68, 441, 1964, with hydrogen apart. doi:10.1021/j100785a001 */
const bondi: ReadonlyMap<string, number> = new Map([
  ['C', 0.17],
  ['H', 0.12],
  ['N', 0.155],
  ['O', 0.15],
  ['F', 0.15],
  ['Si', 0.21],
  ['P', 0.185],
  ['S', 0.18],
  ['Cl', 0.17],
]);

/** ρ of every other element, nm. */
const STANDARD = 0.15;

/**
 * Intrinsic radii that the generalised Born models were fitted with, nm, `[N]`.
 *
 * Bondi's for GBn. `mbondi`, for HCT, depends on what hydrogens are bonded to: 0.13 on carbon and
 * nitrogen, 0.08 on oxygen and sulphur. `mbondi2`, for OBC, has 0.13 on nitrogen only; `mbondi3`, for
 * GBn2, has 0.14 for the oxygens of carboxylates and 0.117 for the hydrogens of arginine's HE and HH as
 * well. Hydrogens without a bond keep 0.12.
 *
 * Tsui, Case, Biopolymers 56, 275, 2000. Onufriev, Bashford, Case, Proteins 55, 383, 2004.
 * Nguyen, Roe, Simmerling, J. Chem. Theory Comput. 9, 2020, 2013. doi:10.1021/ct3010485
 */
export function bornRadii(model: BornModel, topology: Topology): Float64Array {
  const { atoms, residues } = topology;
  const bonded = neighbours(topology);
  const isCarboxylate = (oxygen: number): boolean => {
    const [carbon] = bonded[oxygen];
    return (
      bonded[oxygen].length === 1 &&
      atoms[carbon].element === 'C' &&
      bonded[carbon].length === 3 &&
      bonded[carbon].some((other) => other !== oxygen && atoms[other].element === 'O')
    );
  };
  return Float64Array.from(atoms, ({ element, name, residue }, i) => {
    if (model === 'gbn2') {
      // The C=O of an acid or ester counts as one, as it does in OpenMM; its C–O does not.
      if (element === 'O' && isCarboxylate(i)) return 0.14;
      if (residues[residue].name === 'ARG' && /^H[HE]/.test(name)) return 0.117;
    }
    if (element === 'H' && model !== 'gbn') {
      const first = bonded[i][0];
      return hydrogen(model, first === undefined ? '' : atoms[first].element);
    }
    return bondi.get(element) ?? STANDARD;
  });
}

function hydrogen(model: BornModel, partner: string): number {
  if (partner === 'N' || (partner === 'C' && model === 'hct')) return 0.13;
  return model === 'hct' && (partner === 'O' || partner === 'S') ? 0.08 : 0.12;
}

function neighbours({ atoms, bonds }: Topology): number[][] {
  const lists: number[][] = atoms.map(() => []);
  for (const [i, j] of bonds) {
    lists[i].push(j);
    lists[j].push(i);
  }
  return lists;
}
