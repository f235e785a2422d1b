import type { Potential } from '../../core/potential.ts';
import { type BarrierEstimate, estimateBarrier } from '../../md/check/barrier.ts';
import type { FoundMinimum } from '../../md/check/distinctMinima.ts';

/** Minima between which molecular dynamics moves by itself. */
export interface Basin {
  /** Lowest first. */
  readonly minima: readonly FoundMinimum[];
}

/** Basins, and how high the ways between their lowest minima are. */
export interface Basins {
  /** In the order of their lowest energies. */
  readonly basins: readonly Basin[];
  barrier(from: Basin, to: Basin): BarrierEstimate;
}

/** Barriers lower than this, kT above the higher minimum, are no obstacle. */
const obstacle = 3;
/** A minimum this far above the lowest, kT, holds too little to count. */
const negligible = 14;
/** Pairs of minima grow as the square, and each wants a path. */
const most = 8;

/** Joins minima that are neighbours over low barriers; `curvature` as in `estimateBarrier`. */
export function joinMinima(
  potential: Potential,
  minima: readonly FoundMinimum[],
  kT: number,
  curvature: number,
): Basins {
  const kept = minima
    .filter(({ energy }) => energy - minima[0].energy < negligible * kT)
    .slice(0, most);
  const known = new Map<string, BarrierEstimate>();
  const between = (a: number, b: number): BarrierEstimate => {
    const name = a < b ? `${a}-${b}` : `${b}-${a}`;
    const estimate = known.get(name) ?? estimateBarrier(potential, kept[a].x, kept[b].x, curvature);
    known.set(name, estimate);
    return estimate;
  };
  const basinOf = kept.map((_, m) => m);
  for (let b = 1; b < kept.length; b++) {
    for (let a = 0; a < b; a++) {
      if (basinOf[a] === basinOf[b]) continue;
      const height = between(a, b).top - Math.max(kept[a].energy, kept[b].energy);
      if (height >= obstacle * kT) continue;
      const gone = basinOf[b];
      for (let m = 0; m < kept.length; m++) if (basinOf[m] === gone) basinOf[m] = basinOf[a];
    }
  }
  const basins = [...new Set(basinOf)].map((name) => ({
    minima: kept.filter((_, m) => basinOf[m] === name),
  }));
  return {
    basins,
    barrier: (from, to) => between(kept.indexOf(from.minima[0]), kept.indexOf(to.minima[0])),
  };
}
