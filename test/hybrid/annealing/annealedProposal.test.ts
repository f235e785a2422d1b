import { describe, expect, it } from 'vitest';
import { gaussLegendre } from '../../../src/analysis/gaussLegendre.ts';
import { type Batch, batch } from '../../../src/core/batch.ts';
import { type ChainState, startChains } from '../../../src/core/kernel.ts';
import { booked, emptyLedger } from '../../../src/core/ledger.ts';
import { at, rootKey } from '../../../src/core/rng.ts';
import { bookedDensity } from '../../../src/hybrid/bookedDensity.ts';
import { bookedScore } from '../../../src/hybrid/bookedScore.ts';
import { annealedProposal } from '../../../src/hybrid/kernels/annealedProposal.ts';
import { quarticTarget } from '../../contracts/exactTarget.ts';
import { sinhFlow, sinhScore } from '../analyticFlow.ts';

const { potential, kT, sample } = quarticTarget();
const shape = [[0.2], [0.7]] as const;
const edge = -0.3;
const domain = {
  name: 'x > −0.3',
  logCopies: 0,
  contains: ({ data }: Batch) => Uint8Array.from(data, (x) => (x > edge ? 1 : 0)),
};
const options = { kT, attempts: 1, levels: 3, steps: 2, timestep: 0.15, domain };

/** Chains from the target inside the domain. */
function starts(count: number): ChainState {
  const inside = sample(4 * count, rootKey(1)).data.filter((x) => x > edge);
  return startChains(potential, batch(inside.slice(0, count), 1));
}

/** ⟨f⟩ over exp(−U/kT) inside the domain. */
function truth(f: (x: number) => number): number {
  const { nodes, weights } = gaussLegendre(80);
  let [above, below] = [0, 0];
  nodes.forEach((node, i) => {
    const x = edge + ((4 - edge) * (node + 1)) / 2;
    const boltzmann = weights[i] * Math.exp(-(x ** 4 - 2 * x ** 2 + 0.4 * x) / kT);
    above += boltzmann * f(x);
    below += boltzmann;
  });
  return above / below;
}

describe('annealedProposal in a domain', () => {
  it('leaves the target of the domain invariant, and nobody out of it', () => {
    const kernel = annealedProposal(potential, sinhFlow(...shape), sinhScore(...shape), options);
    const count = 4000;
    let state = starts(count);
    const sums = [new Float64Array(count), new Float64Array(count)];
    let accepted = 0;
    for (let burst = 0; burst < 5; burst++) {
      const { state: next, info } = kernel.step(state, at(rootKey(2), burst));
      state = next;
      accepted += info.accepted.reduce((sum, n) => sum + n, 0);
      state.positions.data.forEach((x, b) => {
        expect(x).toBeGreaterThan(edge);
        sums[0][b] += x / 5;
        sums[1][b] += x ** 3 / 5;
      });
    }
    expect(accepted / (5 * count)).toBeGreaterThan(0.3);
    for (const [values, power] of [
      [sums[0], 1],
      [sums[1], 3],
    ] as const) {
      const mean = values.reduce((sum, v) => sum + v, 0) / count;
      const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / count;
      const far = (mean - truth((x) => x ** power)) / Math.sqrt(variance / count);
      expect(Math.abs(far), `x^${power}`).toBeLessThan(4.5);
    }
  });

  it('books every evaluation, and none for a draw outside', () => {
    const ledger = emptyLedger();
    const kernel = annealedProposal(
      booked(potential, ledger, 'flowProposals'),
      bookedDensity(sinhFlow(...shape), ledger),
      bookedScore(sinhScore(...shape), ledger),
      options,
    );
    const { info } = kernel.step(starts(500), rootKey(3));
    const outside = info.refused.outsideDomain;
    expect(outside).toBeGreaterThan(50);
    // Down and up: 2 moves of 2 steps each way, and U of the fresh draw.
    const tried = 500 - outside;
    expect(ledger.flowProposals).toBe(9 * tried);
    // The draws and their round trip, 1 + 2; log q at 3 points and 2 for x₀ there and back, a score of two
    // passes at 5 points, down; the same without the test of x₀, up.
    expect(ledger.flowPasses).toBe(3 * 500 + (3 + 2 + 10 + 3 + 10) * tried);
  });
});
