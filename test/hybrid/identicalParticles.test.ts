import { describe, expect, it } from 'vitest';
import { type Batch, rows } from '../../src/core/batch.ts';
import { iterate, take } from '../../src/core/iterate.ts';
import { type Kernel, startChains } from '../../src/core/kernel.ts';
import { rootKey } from '../../src/core/rng.ts';
import { drawWeights } from '../../src/hybrid/drawWeights.ts';
import { flowProposal } from '../../src/hybrid/kernels/flowProposal.ts';
import { latentWalk } from '../../src/hybrid/kernels/latentWalk.ts';
import { relabelled } from '../../src/md/identicalParticles/relabelled.ts';
import { hmc } from '../../src/md/kernels/hmc.ts';
import { sinhFlow } from './analyticFlow.ts';
import { bruteForce, exactDraws, labels, potential, reference } from './fourInABowl.ts';

// Its centres lie between the site of one particle and that of the next, so that more than half of its
// draws carry wrong labels, and q of a configuration differs much from q of its copies.
const towards = [0, 1, 4, 5, 6, 7, 2, 3];
const flow = sinhFlow(
  reference.map((c, i) => 0.45 * c + 0.55 * reference[towards[i]]),
  Array(8).fill(0.7),
);
const kT = 1;
const TRIES = 60_000;
const CHAINS = 3000;

const local = hmc(potential, { kT, timestep: 0.3, steps: 2, attempts: 1 });
const jump = flowProposal(potential, flow, { kT, attempts: 2, domain: labels });

describe('identical particles', () => {
  const { x: draws, share } = exactDraws(TRIES, rootKey(1));
  const start = startChains(potential, bruteForce(rows(draws, 0, CHAINS)));
  const truth = means(bruteForce(rows(draws, CHAINS, draws.count)));

  it.each<[string, [Kernel, ...Kernel[]]]>([
    ['local moves, relabelled', [relabelled(local, labels)]],
    ['flow moves that stay in the domain', [jump]],
    ['both in turn', [relabelled(local, labels), jump]],
    [
      'local moves and steps in latent space',
      [
        relabelled(local, labels),
        latentWalk(potential, flow, { kT, attempts: 1, stepSize: 0.5, domain: labels }),
      ],
    ],
  ])('keep the distribution on the domain: %s', (_, kernels) => {
    expect(worst(kernels)).toBeLessThan(4.5);
  });

  it.each<[string, [Kernel, ...Kernel[]]]>([
    [
      'relabelled instead of rejected',
      [relabelled(flowProposal(potential, flow, { kT, attempts: 2 }), labels)],
    ],
    [
      'allowed to leave the domain',
      [relabelled(local, labels), flowProposal(potential, flow, { kT, attempts: 4 })],
    ],
  ])('are sampled wrongly, visibly so, by flow moves that are %s', (_, kernels) => {
    expect(worst(kernels)).toBeGreaterThan(7);
  });

  it('have rejections outside the domain counted apart, and reach no other place', () => {
    const { state, info } = jump.step(start, rootKey(4));
    const inside = labels.contains(flow.sample(5000, rootKey(5)).x);
    const outside = 1 - inside.reduce((a, b) => a + b, 0) / 5000;
    expect(outside).toBeGreaterThan(0.3);
    // Two proposals a chain and 5000 others, both counts binomial.
    const bound = 4.5 * Math.sqrt(outside * (1 - outside) * (1 / (2 * CHAINS) + 1 / 5000));
    expect(Math.abs(info.refused.outsideDomain / (2 * CHAINS) - outside)).toBeLessThan(bound);
    expect(info.refused.notInvertible).toBe(0);
    expect(labels.contains(state.positions).every((one) => one === 1)).toBe(true);
    expect(info.accepted.some((n) => n > 0)).toBe(true);
  });

  it('have ln Z = ln Z_domain + ln 3!, with the draws outside among the N', async () => {
    const weighted = await drawWeights({
      flow,
      potential,
      kT,
      count: 20_000,
      domain: labels,
      key: rootKey(6),
      pace: async () => {},
      onBlock: () => {},
    });
    const weights = weighted.logWeights.map(Math.exp);
    const inside = labels.contains(weighted.x);
    expect(weighted.outsideDomain).toBe(20_000 - inside.reduce((a, b) => a + b, 0));
    weights.forEach((w, n) => {
      if (w > 0 !== (inside[n] === 1)) expect(w).toBe(inside[n]);
    });
    const mean = weights.reduce((a, b) => a + b, 0) / 20_000;
    const variance = weights.reduce((sum, w) => sum + (w - mean) ** 2, 0) / 20_000;
    // The bowl's integral is (2π)⁴, and the share of its draws that are accepted makes it that of U.
    const exact = 4 * Math.log(2 * Math.PI) + Math.log(share);
    const error = Math.hypot(
      Math.sqrt(variance / 20_000) / mean,
      Math.sqrt((1 - share) / share / TRIES),
    );
    expect(labels.logCopies).toBeCloseTo(Math.log(6), 12);
    expect(Math.abs(Math.log(mean) + labels.logCopies - exact)).toBeLessThan(4.5 * error);
    expect(error).toBeLessThan(0.08);
  });

  /** The largest |z| of all means after some sweeps from exact draws. */
  function worst(kernels: [Kernel, ...Kernel[]]): number {
    let { positions } = start;
    for (const { state } of take(6 * kernels.length, iterate(kernels, start, rootKey(7)))) {
      positions = state.positions;
    }
    const found = means(labels.relabel(positions));
    return Math.max(
      ...found.map(({ mean, variance }, k) =>
        Math.abs((mean - truth[k].mean) / Math.sqrt(variance + truth[k].variance)),
      ),
    );
  }
});

/** Means of coordinates, of some products and of U, with their variances. */
function means(x: Batch): { mean: number; variance: number }[] {
  const energy = potential.energy(x);
  const functions = [
    ...Array.from({ length: 8 }, (_, i) => (b: number) => x.data[8 * b + i]),
    (b: number) => x.data[8 * b + 2] ** 2,
    (b: number) => x.data[8 * b + 5] ** 2,
    (b: number) => x.data[8 * b + 4] * x.data[8 * b + 6],
    (b: number) => energy[b],
  ];
  return functions.map((of) => {
    let sum = 0;
    let squares = 0;
    for (let b = 0; b < x.count; b++) {
      sum += of(b);
      squares += of(b) ** 2;
    }
    const mean = sum / x.count;
    return { mean, variance: (squares / x.count - mean ** 2) / x.count };
  });
}
