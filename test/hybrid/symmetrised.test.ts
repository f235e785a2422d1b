import { describe, expect, it } from 'vitest';
import { metropolisHastings } from '../../src/core/hastings.ts';
import { type Kernel, startChains } from '../../src/core/kernel.ts';
import { booked, emptyLedger } from '../../src/core/ledger.ts';
import { at, fold, rootKey } from '../../src/core/rng.ts';
import type { FlowDensity } from '../../src/flow/density.ts';
import { symmetrised } from '../../src/flow/symmetrised.ts';
import { symmetryGroup } from '../../src/flow/symmetryGroup.ts';
import { anneal } from '../../src/hybrid/annealing/anneal.ts';
import { annealedWeights } from '../../src/hybrid/annealing/annealedWeights.ts';
import { bridge } from '../../src/hybrid/annealing/bridge.ts';
import type { Bridge } from '../../src/hybrid/annealing/flowBridge.ts';
import { drawWeights } from '../../src/hybrid/drawWeights.ts';
import { invertedDensity } from '../../src/hybrid/invertedDensity.ts';
import { annealedProposal } from '../../src/hybrid/kernels/annealedProposal.ts';
import { flowProposal, flowProposer } from '../../src/hybrid/kernels/flowProposal.ts';
import { latentWalk } from '../../src/hybrid/kernels/latentWalk.ts';
import { mala } from '../../src/md/kernels/mala.ts';
import { pinwheelTarget } from '../contracts/exactTarget.ts';
import { fluxBalance } from '../contracts/flux.ts';
import { stationarityScores, worst } from '../contracts/stationarity.ts';
import { sinhFlow, sinhScore } from './analyticFlow.ts';
import { inTurns } from './mutantMoves.ts';
import { quarterTurns } from './quarterTurns.ts';

const target = pinwheelTarget();
const { potential, kT } = target;
// In one well, and reaching into two others by its tails.
const shape = [
  [0.9, 0.5],
  [0.3, 0.5],
] as const;
const flow = sinhFlow(...shape);
const mean = symmetrised(flow, symmetryGroup(quarterTurns, 2));
const path = { kT, levels: 4, steps: 2, timestep: 0.12 };
/** A wrong force makes the moves on the bridge worse, not wrong. */
const score = sinhScore(...shape, 0.7);

const jump = flowProposal(potential, mean, { kT, attempts: 1 });
const annealed = annealedProposal(potential, mean, score, { ...path, attempts: 1 });
const kernels: Record<string, Kernel> = {
  'flow moves': jump,
  'annealed flow moves': annealed,
  'local, annealed, latent and flow moves in turns': inTurns([
    mala(potential, { kT, timestep: 0.03, attempts: 2 }),
    annealed,
    latentWalk(potential, mean, { kT, attempts: 1, stepSize: 0.5 }),
    jump,
  ]),
};

function furthest(kernel: Kernel, seed: string): { z: number; name: string } {
  const run = { chains: 4000, bursts: 6, key: fold(rootKey(41), seed) };
  return worst(stationarityScores(kernel, target, run));
}

describe('a flow averaged over symmetries', () => {
  it.each(Object.entries(kernels))('leaves the target invariant: %s', (name, kernel) => {
    const far = furthest(kernel, name);
    expect(Math.abs(far.z), far.name).toBeLessThan(4.5);
  });

  it.each(Object.entries(kernels).slice(0, 2))('is in detailed balance: %s', (name, kernel) => {
    const { pairs, z } = fluxBalance(kernel, target, 30_000, fold(rootKey(42), name));
    expect(pairs).toBeGreaterThan(10);
    expect(Math.abs(z)).toBeLessThan(4.5);
  });

  it('is caught where the acceptance takes one image for all', () => {
    const { mixture: _, ...forgotten } = mean;
    const proposer = flowProposer(forgotten);
    const mutant = metropolisHastings(potential, proposer, { kT, attempts: 1 });
    expect(Math.abs(furthest(mutant, 'forgotten').z)).toBeGreaterThan(9);
  });

  it('is accepted more often than the flow, and its weights are more equal', async () => {
    const start = startChains(potential, target.sample(4000, rootKey(43)));
    const acceptance = (of: FlowDensity): number => {
      const { info } = flowProposal(potential, of, { kT, attempts: 1 }).step(start, rootKey(44));
      return info.accepted.reduce((sum, n) => sum + n, 0) / 4000;
    };
    expect(acceptance(mean)).toBeGreaterThan(2 * acceptance(flow));
    const draws = (of: FlowDensity) =>
      drawWeights({
        ...{ flow: of, potential, kT, count: 20_000, key: rootKey(45) },
        pace: async () => {},
        onBlock: () => {},
      });
    const kish = (logWeights: Float64Array): number => {
      const w = logWeights.map(Math.exp);
      const sum = w.reduce((s, v) => s + v, 0);
      return sum ** 2 / w.reduce((s, v) => s + v * v, 0) / w.length;
    };
    const { logWeights } = await draws(mean);
    expect(kish(logWeights)).toBeGreaterThan(2 * kish((await draws(flow)).logWeights));
  });

  it.each([-Infinity, Number.NaN])(
    'refuses an annealed move from where no image has a density: log q = %d',
    (nothing) => {
      const holed: FlowDensity = {
        ...flow,
        logProb: (x) =>
          flow
            .logProb(x)
            .map((log, b) => (Math.hypot(x.data[2 * b], x.data[2 * b + 1]) > 1.5 ? nothing : log)),
      };
      const own = symmetrised(holed, symmetryGroup(quarterTurns, 2));
      const kernel = annealedProposal(potential, own, score, { ...path, attempts: 1 });
      const start = startChains(potential, target.sample(400, rootKey(47)));
      const { state, info } = kernel.step(start, rootKey(48));
      expect(info.refused.notInvertible).toBeGreaterThan(50);
      expect(info.accepted.some((n) => n > 0)).toBe(true);
      for (let b = 0; b < 400; b++) {
        const [x, y] = start.positions.data.subarray(2 * b, 2 * b + 2);
        if (Math.hypot(x, y) > 1.5) expect(info.accepted[b]).toBe(0);
      }
      expect(state.energy.every(Number.isFinite)).toBe(true);
    },
  );

  it('inverts where every image does', () => {
    const broken: FlowDensity = {
      ...flow,
      forward(z) {
        const mapped = flow.forward(z);
        mapped.value.data.forEach((x, i) => {
          if (i % 2 === 0 && x > 1) mapped.value.data[i] = x + 1e-3;
        });
        return mapped;
      },
    };
    const { x } = mean.sample(500, rootKey(46));
    const own = symmetrised(broken, symmetryGroup(quarterTurns, 2));
    const { invertible, logProb } = invertedDensity(own, x);
    invertible.forEach((one, b) => {
      const reach = Math.max(...[0, 1].map((d) => Math.abs(x.data[2 * b + d])));
      expect(one).toBe(reach > 1 ? 0 : 1);
    });
    mean.logProb(x).forEach((log, b) => {
      expect(logProb[b]).toBeCloseTo(log, 12);
    });
  });
});

describe('annealing from a flow averaged over symmetries', () => {
  const COUNT = 8000;

  /** The furthest of ⟨W⟩ = Z and ⟨W A⟩ = Z ⟨A⟩, in standard errors, by the bridge that `alter` leaves. */
  function furthestMean(alter: (path: Bridge) => Bridge): number {
    const made = alter(bridge(potential, mean, score, path));
    const point = made.point(mean.sample(COUNT, rootKey(51)).x);
    const weights = anneal(made, point, path.levels, 'up', rootKey(52)).map(Math.exp);
    const partition = partitionFunction();
    const functions = [
      { value: () => 1, mean: 1 },
      ...target.observables.map(({ value, mean: truth }) => ({
        value: (b: number) => value(point.x.data, 2 * b),
        mean: truth,
      })),
    ];
    return Math.max(
      ...functions.map(({ value, mean: truth }) => {
        const values = weights.map((w, b) => w * value(b));
        const average = values.reduce((sum, v) => sum + v, 0) / COUNT;
        const variance = values.reduce((sum, v) => sum + (v - average) ** 2, 0) / COUNT;
        return Math.abs(average - partition * truth) / Math.sqrt(variance / COUNT);
      }),
    );
  }

  it('gives the partition function and its averages', () => {
    expect(furthestMean((made) => made)).toBeLessThan(4.5);
  });

  it.each<[string, (made: Bridge) => Bridge]>([
    ['its end is not settled evenly among the images', (made) => ({ ...made, settle: () => {} })],
    [
      'one image is weighed for all',
      (made) => ({
        ...made,
        gain: ({ energy, logProb }, from, to) =>
          energy.map((u, b) => (to - from) * (-u / kT - logProb[b])),
      }),
    ],
    [
      'the image that moves is drawn by the density at another level',
      (made) => ({ ...made, move: (point, _, key) => made.move(point, 0.9, key) }),
    ],
  ])('does not, visibly so, where %s', (_, alter) => {
    expect(furthestMean(alter)).toBeGreaterThan(7);
  });

  it('keeps energy, gradient and the densities of all images with the configuration', () => {
    const made = bridge(potential, mean, sinhScore(...shape), path);
    const point = made.point(mean.sample(300, rootKey(53)).x);
    for (const [n, beta] of [0.2, 0.5, 0.9].entries()) made.move(point, beta, at(rootKey(54), n));
    made.settle(point, rootKey(55));
    const fresh = made.point(point.x);
    expect(point.images).toEqual(fresh.images);
    expect(point.logProb).toEqual(fresh.logProb);
    expect(point.score).toEqual(fresh.score);
    point.energy.forEach((u, b) => {
      expect(u).toBeCloseTo(fresh.energy[b], 11);
    });
    point.gradient.forEach((slope, i) => {
      expect(slope).toBeCloseTo(fresh.gradient[i], 10);
    });
  });

  it('costs the evaluations of a single flow', async () => {
    const ledger = emptyLedger();
    await annealedWeights({
      ...path,
      flow: mean,
      score,
      potential: booked(potential, ledger, 'flowProposals'),
      count: 100,
      key: rootKey(56),
      pace: async () => {},
      onBlock: () => {},
    });
    expect(ledger.flowProposals).toBe(100 * (3 * 2 + 1));
  });

  /** ∫ exp(−U/kT), by the trapezoidal rule, which is spectral for what ends in zeros. */
  function partitionFunction(): number {
    const h = 0.02;
    const line = Array.from({ length: 301 }, (_, i) => -3 + i * h);
    return line.reduce((sum, x) => {
      const column = potential.energy({
        data: Float64Array.from(line.flatMap((y) => [x, y])),
        count: line.length,
        dim: 2,
      });
      return sum + h * h * column.reduce((total, u) => total + Math.exp(-u / kT), 0);
    }, 0);
  }
});
