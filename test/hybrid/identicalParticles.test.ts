import { describe, expect, it } from 'vitest';
import { type Batch, batch, row, rows } from '../../src/core/batch.ts';
import { iterate, take } from '../../src/core/iterate.ts';
import { type Kernel, startChains } from '../../src/core/kernel.ts';
import { fold, type Key, normal, rootKey, uniform } from '../../src/core/rng.ts';
import { drawWeights } from '../../src/hybrid/drawWeights.ts';
import { flowProposal } from '../../src/hybrid/kernels/flowProposal.ts';
import { latentWalk } from '../../src/hybrid/kernels/latentWalk.ts';
import { definePotential } from '../../src/md/definePotential.ts';
import { referenceLabels } from '../../src/md/identicalParticles/referenceLabels.ts';
import { relabelled } from '../../src/md/identicalParticles/relabelled.ts';
import { hmc } from '../../src/md/kernels/hmc.ts';
import { sinhFlow } from './analyticFlow.ts';

/**
 * Four particles in the plane that repel each other in a harmonic bowl, the last three of them alike:
 *
 *     U = Σ_p ½ |x_p − c_p|² + 2 Σ_{p<q} exp(−2 |x_p − x_q|²),   c₀ = (1, 0), the others at 0
 *
 * Gaussian draws accepted with the second factor are exact, and so are their relabelled copies, found by
 * trying all six permutations: the truth of every test below.
 */
const potential = definePotential({
  name: 'four in a bowl',
  dim: 8,
  energy: (x) => bowl(x) + repulsion(x),
  gradient(x, out) {
    for (let i = 0; i < 8; i++) out[i] = x[i] - (i === 0 ? 1 : 0);
    for (let p = 0; p < 4; p++) {
      for (let q = 0; q < p; q++) {
        const [dx, dy] = [x[2 * p] - x[2 * q], x[2 * p + 1] - x[2 * q + 1]];
        const slope = -8 * Math.exp(-2 * (dx * dx + dy * dy));
        out[2 * p] += slope * dx;
        out[2 * p + 1] += slope * dy;
        out[2 * q] -= slope * dx;
        out[2 * q + 1] -= slope * dy;
      }
    }
  },
});
const reference = [1.2, 0, -0.9, 0.1, 0.3, 1, 0.2, -1];
const labels = referenceLabels({ reference, particles: [1, 2, 3], space: 2 });
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

function bowl(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < 8; i++) sum += 0.5 * (x[i] - (i === 0 ? 1 : 0)) ** 2;
  return sum;
}

function repulsion(x: Float64Array): number {
  let sum = 0;
  for (let p = 0; p < 4; p++) {
    for (let q = 0; q < p; q++) {
      const square = (x[2 * p] - x[2 * q]) ** 2 + (x[2 * p + 1] - x[2 * q + 1]) ** 2;
      sum += 2 * Math.exp(-2 * square);
    }
  }
  return sum;
}

/** Exact draws of the unlabelled distribution out of `count` tries, and the share that was kept. */
function exactDraws(count: number, key: Key): { x: Batch; share: number } {
  const tries = batch(
    normal(fold(key, 'tries'), 8 * count).map((z, i) => z + (i % 8 === 0 ? 1 : 0)),
    8,
  );
  const coins = uniform(fold(key, 'coins'), count);
  const kept: number[] = [];
  for (let b = 0; b < count; b++) {
    if (coins[b] < Math.exp(-repulsion(row(tries, b)))) kept.push(b);
  }
  const data = new Float64Array(8 * kept.length);
  kept.forEach((b, i) => {
    data.set(row(tries, b), 8 * i);
  });
  return { x: batch(data, 8), share: kept.length / count };
}

const orders = [
  [1, 2, 3],
  [1, 3, 2],
  [2, 1, 3],
  [2, 3, 1],
  [3, 1, 2],
  [3, 2, 1],
];

/** The cheapest of the six labellings of each row. */
function bruteForce(x: Batch): Batch {
  const data = x.data.slice();
  for (let b = 0; b < x.count; b++) {
    const own = row(x, b);
    let least = Infinity;
    for (const order of orders) {
      let square = 0;
      for (let i = 0; i < 3; i++) {
        square += (own[2 * order[i]] - reference[2 * i + 2]) ** 2;
        square += (own[2 * order[i] + 1] - reference[2 * i + 3]) ** 2;
      }
      if (square >= least) continue;
      least = square;
      order.forEach((from, i) => {
        data[8 * b + 2 + 2 * i] = own[2 * from];
        data[8 * b + 3 + 2 * i] = own[2 * from + 1];
      });
    }
  }
  return batch(data, 8);
}

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
