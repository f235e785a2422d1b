import { describe, expect, it } from 'vitest';
import { type Batch, rows } from '../../src/core/batch.ts';
import { iterate, take } from '../../src/core/iterate.ts';
import { type Kernel, startChains } from '../../src/core/kernel.ts';
import { rootKey } from '../../src/core/rng.ts';
import type { Symmetry } from '../../src/flow/augmented.ts';
import { symmetrised } from '../../src/flow/symmetrised.ts';
import { symmetryGroup } from '../../src/flow/symmetryGroup.ts';
import { annealedWeights } from '../../src/hybrid/annealing/annealedWeights.ts';
import { annealedProposal } from '../../src/hybrid/kernels/annealedProposal.ts';
import { flowProposal } from '../../src/hybrid/kernels/flowProposal.ts';
import { referenceLabels } from '../../src/md/identicalParticles/referenceLabels.ts';
import { relabelled } from '../../src/md/identicalParticles/relabelled.ts';
import { hmc } from '../../src/md/kernels/hmc.ts';
import { sinhFlow, sinhScore } from './analyticFlow.ts';
import { exactDraws, potential } from './fourInABowl.ts';

// The bowl is its own mirror image under y → −y, and so are these sites once the last two change places.
const reference = [1.2, 0, -0.9, 0, 0.3, 1, 0.3, -1];
const labels = referenceLabels({ reference, particles: [1, 2, 3], space: 2 });
const towards = [0, 1, 2, 3, 6, 7, 4, 5];
const mirrors: readonly Symmetry[] = [
  { name: 'identity', apply: (x) => ({ ...x, data: x.data.slice() }) },
  {
    name: 'y',
    apply: (x) => ({
      ...x,
      data: x.data.map((_, i) => {
        const from = i - (i % 8) + towards[i % 8];
        return i % 2 === 0 ? x.data[from] : -x.data[from];
      }),
    }),
  },
];
// On one side of the mirror, and often with wrong labels.
const shape = [
  reference.map((c, i) => 0.6 * c + (i % 2) * 0.5),
  Array<number>(8).fill(0.6),
] as const;
const flow = symmetrised(sinhFlow(...shape), symmetryGroup(mirrors, 8));
const kT = 1;
const path = { kT, levels: 4, steps: 2, timestep: 0.25, domain: labels };
const score = sinhScore(...shape, 0.8);
const CHAINS = 3000;

describe('a flow averaged over symmetries that exchange identical particles', () => {
  const { x: draws, share } = exactDraws(60_000, rootKey(1));
  const start = startChains(potential, labels.relabel(rows(draws, 0, CHAINS)));
  const truth = means(labels.relabel(rows(draws, CHAINS, draws.count)));
  const local = relabelled(hmc(potential, { kT, timestep: 0.3, steps: 2, attempts: 1 }), labels);
  const annealed = annealedProposal(potential, flow, score, { ...path, attempts: 1 });
  const jump = flowProposal(potential, flow, { kT, attempts: 2, domain: labels });

  it.each<[string, [Kernel, ...Kernel[]]]>([
    ['flow moves', [jump]],
    ['annealed moves', [annealed]],
    ['local, annealed and flow moves in turn', [local, annealed, jump]],
  ])('keeps the distribution on the domain: %s', (_, kernels) => {
    let { positions } = start;
    for (const { state } of take(4 * kernels.length, iterate(kernels, start, rootKey(7)))) {
      positions = state.positions;
    }
    expect(labels.contains(positions).every((inside) => inside === 1)).toBe(true);
    means(positions).forEach(({ mean, variance }, k) => {
      const z = (mean - truth[k].mean) / Math.sqrt(variance + truth[k].variance);
      expect(Math.abs(z), `${k}`).toBeLessThan(4.5);
    });
  });

  it('has the partition function of all labellings', async () => {
    const count = 8000;
    const { logWeights, outsideDomain } = await annealedWeights({
      ...path,
      ...{ flow, score, potential, count, key: rootKey(8) },
      pace: async () => {},
      onBlock: () => {},
    });
    expect(outsideDomain).toBeGreaterThan(count / 10);
    const weights = logWeights.map(Math.exp);
    const mean = weights.reduce((sum, w) => sum + w, 0) / count;
    const variance = weights.reduce((sum, w) => sum + (w - mean) ** 2, 0) / count;
    const error = Math.sqrt(variance / count) / mean;
    // The bowl's integral is (2π)⁴, and the share of its draws that are accepted makes it that of U.
    const exact = 4 * Math.log(2 * Math.PI) + Math.log(share);
    const own = Math.sqrt((1 - share) / share / 60_000);
    expect(Math.abs(Math.log(mean) + labels.logCopies - exact)).toBeLessThan(
      4.5 * Math.hypot(error, own),
    );
    expect(error).toBeLessThan(0.08);
  });
});

/** Means of coordinates, of some products and of U, with their variances. */
function means(x: Batch): { mean: number; variance: number }[] {
  const energy = potential.energy(x);
  const functions = [
    ...Array.from({ length: 8 }, (_, i) => (b: number) => x.data[8 * b + i]),
    (b: number) => x.data[8 * b + 2] ** 2,
    (b: number) => x.data[8 * b + 5] * x.data[8 * b + 7],
    (b: number) => energy[b],
  ];
  return functions.map((of) => {
    const values = Float64Array.from({ length: x.count }, (_, b) => of(b));
    const mean = values.reduce((sum, v) => sum + v, 0) / x.count;
    const square = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.count;
    return { mean, variance: square / x.count };
  });
}
