import { type Batch, batch, fromRows, row } from '../../core/batch.ts';
import { iterate, take } from '../../core/iterate.ts';
import { startChains } from '../../core/kernel.ts';
import type { Potential } from '../../core/potential.ts';
import type { Key } from '../../core/rng.ts';
import { mala } from '../../md/kernels/mala.ts';
import { minimize } from '../../md/minimize.ts';
import type { Basin } from './basins.ts';

/** Short trajectories inside one basin: frame f of chain c is row c · frames + f. */
export interface BasinSample {
  readonly frames: number;
  /** `[C · F, D]` */
  readonly x: Batch;
}

const chains = 12;
const frames = 40;
/** Bursts of ten moves before the first frame. */
const burnIn = 10;

/**
 * Exact dynamics at kT from the minima of a basin. A chain that has left for another basin by its end,
 * where it would go downhill to a minimum of that one, is dropped; if all have, all are kept.
 */
export function sampleBasin(
  potential: Potential,
  basin: Basin,
  options: {
    readonly kT: number;
    readonly timestep: number;
    /** All basins, this one among them. */
    readonly basins: readonly Basin[];
    readonly key: Key;
  },
): BasinSample {
  const { kT, timestep, basins, key } = options;
  const { dim } = potential;
  const starts = fromRows(
    Array.from({ length: chains }, (_, c) => basin.minima[c % basin.minima.length].x),
  );
  const kernel = mala(potential, { kT, timestep, attempts: 10 });
  const all = Array.from({ length: chains }, () => new Float64Array(frames * dim));
  let burst = 0;
  for (const { state } of take(
    burnIn + frames,
    iterate(kernel, startChains(potential, starts), key),
  )) {
    const f = burst++ - burnIn;
    if (f < 0) continue;
    all.forEach((chain, c) => {
      chain.set(row(state.positions, c), f * dim);
    });
  }
  const stayed = all.filter(
    (chain) => nearestBasin(potential, chain.subarray((frames - 1) * dim), basins) === basin,
  );
  const kept = stayed.length > 0 ? stayed : all;
  const data = new Float64Array(kept.length * frames * dim);
  kept.forEach((chain, c) => {
    data.set(chain, c * frames * dim);
  });
  return { frames, x: batch(data, dim) };
}

/** The basin of the minimum that lies nearest to the bottom below `x`, `[D]`. */
function nearestBasin(
  potential: Potential,
  x: Float64Array,
  basins: readonly Basin[],
): Basin | undefined {
  const bottom = minimize(potential, x, { maxIterations: 200 }).x;
  let nearest: { basin: Basin; square: number } | undefined;
  for (const basin of basins) {
    for (const minimum of basin.minima) {
      const square = minimum.x.reduce((sum, value, i) => sum + (value - bottom[i]) ** 2, 0);
      if (nearest === undefined || square < nearest.square) nearest = { basin, square };
    }
  }
  return nearest?.basin;
}
