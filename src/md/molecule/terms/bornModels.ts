import type { BornModel } from '../term.ts';

/** What distinguishes the generalised Born models. */
export interface BornModelConstants {
  /** By how much intrinsic radii are lessened for descreening, nm. */
  readonly offset: number;
  /** α, β, γ of all atoms; undefined where radii are not rescaled, or by numbers of each atom's own. */
  readonly rescaling: readonly [number, number, number] | undefined;
  /** Factor of the neck integrals; 0 for models without. */
  readonly neckScale: number;
}

/**
 * The models' constants, as in Amber (igb 1, 2, 5, 7, 8) and OpenMM.
 *
 * - `hct`: Hawkins, Cramer & Truhlar, J. Phys. Chem. 100, 19824, 1996. doi:10.1021/jp961710n
 * - `obc1`, `obc2`: Onufriev, Bashford & Case, Proteins 55, 383, 2004. doi:10.1002/prot.20033
 * - `gbn`: Mongan, Simmerling, McCammon, Case & Onufriev, J. Chem. Theory Comput. 3, 156, 2007.
 *   doi:10.1021/ct600085e
 * - `gbn2`: Nguyen, Roe & Simmerling, J. Chem. Theory Comput. 9, 2020, 2013. doi:10.1021/ct3010485
 */
export const bornModels: Readonly<Record<BornModel, BornModelConstants>> = {
  hct: { offset: 0.009, rescaling: undefined, neckScale: 0 },
  obc1: { offset: 0.009, rescaling: [0.8, 0, 2.909125], neckScale: 0 },
  obc2: { offset: 0.009, rescaling: [1, 0.8, 4.85], neckScale: 0 },
  gbn: { offset: 0.009, rescaling: [1.09511284, 1.907992938, 2.50798245], neckScale: 0.361825 },
  gbn2: { offset: 0.0195141, rescaling: undefined, neckScale: 0.826836 },
};
