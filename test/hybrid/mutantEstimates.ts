import { logPartition } from '../../src/analysis/logPartition.ts';
import { iterate } from '../../src/core/iterate.ts';
import { startChains } from '../../src/core/kernel.ts';
import type { Key } from '../../src/core/rng.ts';
import { drawWeights } from '../../src/hybrid/drawWeights.ts';
import { mala } from '../../src/md/kernels/mala.ts';
import { quarticTarget } from '../contracts/exactTarget.ts';
import { score } from '../contracts/stationarity.ts';
import { sinhFlow } from './analyticFlow.ts';
import { brokenBeyondOne } from './mutantMoves.ts';

const target = quarticTarget();
const { potential, kT } = target;
const left = target.bins.probability.slice(0, 4).reduce((sum, p) => sum + p, 0);

/** P(left) from chains that start half and half and are recorded after `discarded` bursts, in its errors. */
export function shortChains(discarded: number, key: Key): number {
  const chains = 2000;
  const recorded = 5;
  const sides = Float64Array.from({ length: chains }, (_, b) => (b % 2 === 0 ? -1 : 1));
  const start = startChains(potential, { data: sides, count: chains, dim: 1 });
  const share = new Float64Array(chains);
  let burst = 0;
  for (const { state } of iterate(
    mala(potential, { kT, timestep: 0.1, attempts: 5 }),
    start,
    key,
  )) {
    if (burst >= discarded) {
      state.positions.data.forEach((x, b) => {
        if (x < 0) share[b] += 1 / recorded;
      });
    }
    burst++;
    if (burst === discarded + recorded) break;
  }
  return score('left', share, left).z;
}

/** ln Z of the domain x ≤ 1 where A = 1, from flow draws, against quadrature, in its standard errors. */
export async function partitionError(isMutant: boolean, key: Key): Promise<number> {
  const { logWeights } = await drawWeights({
    flow: brokenBeyondOne(sinhFlow([0], [0.9])),
    potential,
    kT,
    count: 8000,
    key,
    pace: () => Promise.resolve(),
    onBlock: () => {},
  });
  const kept = isMutant ? logWeights.filter((w) => w > -Infinity) : logWeights;
  const estimate = logPartition(kept);
  if (estimate === undefined) return Number.NaN;
  const cells = 20_000;
  const grid = Float64Array.from({ length: cells }, (_, i) => -3.2 + ((i + 0.5) * 4.2) / cells);
  const boltzmann = potential
    .energy({ data: grid, count: cells, dim: 1 })
    .reduce((sum, u) => sum + Math.exp(-u / kT), 0);
  return (estimate.value - Math.log((boltzmann * 4.2) / cells)) / estimate.standardError;
}
