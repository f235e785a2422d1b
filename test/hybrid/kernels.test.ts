import { describe, expect, it } from 'vitest';
import { metropolisHastings, type Proposer } from '../../src/core/hastings.ts';
import { type Kernel, startChains } from '../../src/core/kernel.ts';
import { at, fold, rootKey } from '../../src/core/rng.ts';
import type { FlowDensity } from '../../src/flow/density.ts';
import { invertedDensity } from '../../src/hybrid/invertedDensity.ts';
import { annealedProposal, annealedProposer } from '../../src/hybrid/kernels/annealedProposal.ts';
import { flowProposal, flowProposer } from '../../src/hybrid/kernels/flowProposal.ts';
import { latentWalk, latentWalkProposer } from '../../src/hybrid/kernels/latentWalk.ts';
import { ghmc } from '../../src/md/kernels/ghmc.ts';
import { mala } from '../../src/md/kernels/mala.ts';
import { bananaTarget, type ExactTarget, quarticTarget } from '../contracts/exactTarget.ts';
import { fluxBalance } from '../contracts/flux.ts';
import { stationarityScores, worst } from '../contracts/stationarity.ts';
import { sinhFlow, sinhScore } from './analyticFlow.ts';

/** Kernels that take turns, made into one burst, so that the whole schedule can be tested as a kernel. */
function inTurns(name: string, kernels: readonly Kernel[]): Kernel {
  return {
    name,
    exact: true,
    step(state, key) {
      const first = kernels[0].step(state, at(key, 0));
      return kernels
        .slice(1)
        .reduce(({ state: current }, kernel, i) => kernel.step(current, at(key, i + 1)), first);
    },
  };
}

/** A fair flow over both wells, and one that sits in the right-hand well alone: centres and scales. */
const shapes = {
  fair: [
    [0, 0.5],
    [0.9, 0.6],
  ],
  poor: [
    [1, 0.4],
    [0.25, 0.4],
  ],
} as const;
type Quality = keyof typeof shapes;
const sized = (quality: Quality, dim: number) =>
  [shapes[quality][0].slice(0, dim), shapes[quality][1].slice(0, dim)] as const;
const flows: Record<Quality, (dim: number) => FlowDensity> = {
  fair: (dim) => sinhFlow(...sized('fair', dim)),
  poor: (dim) => sinhFlow(...sized('poor', dim)),
};

type Maker = (target: ExactTarget, flow: FlowDensity, quality: Quality) => Kernel;

const protocol = { levels: 3, steps: 2, timestep: 0.15 };

/** The score is 0.6 of the true one: a wrong force makes the moves on the bridge worse, not wrong. */
const wrongScore = (quality: Quality, dim: number) => sinhScore(...sized(quality, dim), 0.6);

const makers: Record<string, Maker> = {
  'annealed flow proposal': ({ potential, kT }, flow, quality) =>
    annealedProposal(potential, flow, wrongScore(quality, potential.dim), {
      ...protocol,
      kT,
      attempts: 1,
    }),
  'flow proposal': ({ potential, kT }, flow) => flowProposal(potential, flow, { kT, attempts: 2 }),
  'latent walk': ({ potential, kT }, flow) =>
    latentWalk(potential, flow, { kT, attempts: 3, stepSize: 0.7 }),
  'MALA and flow in turns': ({ potential, kT }, flow) =>
    inTurns('mala+flow', [
      mala(potential, { kT, timestep: 0.03, attempts: 3 }),
      flowProposal(potential, flow, { kT, attempts: 1 }),
      flowProposal(potential, flow, { kT, attempts: 1 }),
    ]),
  'GHMC, flow and latent walk in turns': ({ potential, kT }, flow) =>
    inTurns('ghmc+flow+latent', [
      ghmc(potential, { kT, timestep: 0.15, steps: 3, attempts: 2, persistence: 0.5 }),
      flowProposal(potential, flow, { kT, attempts: 1 }),
      ghmc(potential, { kT, timestep: 0.15, steps: 3, attempts: 1, persistence: 0.5 }),
      latentWalk(potential, flow, { kT, attempts: 1, stepSize: 0.5 }),
    ]),
};

describe.each([quarticTarget(), bananaTarget()].map((target) => [target.name, target] as const))(
  'on the %s',
  (_, target) => {
    describe.each(['fair', 'poor'] as const)('with a %s flow', (quality) => {
      const flow = flows[quality](target.potential.dim);

      it.each(Object.entries(makers))('%s leaves the target invariant', (name, make) => {
        const scores = stationarityScores(make(target, flow, quality), target, {
          chains: 4000,
          bursts: 8,
          key: fold(fold(rootKey(11), name), quality),
        });
        const far = worst(scores);
        expect(Math.abs(far.z), `${far.name}: ${far.mean}, not ${far.truth}`).toBeLessThan(4.5);
      });

      it.each(Object.entries(makers).slice(0, 3))('%s is in detailed balance', (name, make) => {
        const { pairs, z } = fluxBalance(
          make(target, flow, quality),
          target,
          40_000,
          fold(rootKey(12), name),
        );
        expect(pairs).toBeGreaterThan(3);
        expect(Math.abs(z)).toBeLessThan(4.5);
      });
    });
  },
);

describe('the proposals', () => {
  const target = quarticTarget();
  const flow = flows.fair(1);
  const { potential, kT } = target;

  /** log of the Hastings ratio of the offered move, from the proposal's own densities. */
  function logRatio(proposer: Proposer, x: Float64Array, key: string): [number, number, number] {
    const state = startChains(potential, { data: x, count: 1, dim: 1 });
    const { y, logForward, logReverse } = proposer.propose(state, fold(rootKey(1), key));
    const [uy] = potential.energy(y);
    return [(state.energy[0] - uy) / kT + logReverse[0] - logForward[0], x[0], y.data[0]];
  }

  it('have an antisymmetric ratio, as both densities come from one function of x', () => {
    for (let i = 0; i < 50; i++) {
      const [ratio, x, y] = logRatio(flowProposer(flow), Float64Array.of(-1 + 0.04 * i), `${i}`);
      const q = (v: number): number =>
        invertedDensity(flow, { data: Float64Array.of(v), count: 1, dim: 1 }).logProb[0];
      const u = (v: number): number =>
        potential.energy({ data: Float64Array.of(v), count: 1, dim: 1 })[0];
      const back = (u(y) - u(x)) / kT + q(y) - q(x);
      expect(Math.abs(ratio + back)).toBeLessThan(1e-10);
    }
  });

  it.each([
    ['the log-determinant dropped', dropLogDet(flowProposer(flow)), 'flow'],
    ['its sign turned', turnSign(flowProposer(flow)), 'flow'],
    [
      'the work dropped from an annealed proposal',
      dropLogDet(annealedProposer(potential, flow, wrongScore('fair', 1), { ...protocol, kT })),
      'annealed',
    ],
    [
      'the Jacobians dropped from a latent walk',
      dropLogDet(latentWalkProposer(flow, { stepSize: 0.7 })),
      'walk',
    ],
    [
      'the Jacobians of a latent walk turned round',
      turnSign(latentWalkProposer(flow, { stepSize: 0.7 })),
      'walk',
    ],
  ])('are caught by stationarity with %s', (name, mutant) => {
    const kernel = metropolisHastings(potential, mutant, { kT, attempts: 2 });
    const scores = stationarityScores(kernel, target, {
      chains: 4000,
      bursts: 8,
      key: fold(rootKey(13), name),
    });
    expect(Math.abs(worst(scores).z)).toBeGreaterThan(6);
  });

  it('are refused where the flow does not invert the current state, or the offered one', () => {
    const broken: FlowDensity = {
      ...flow,
      // Configurations beyond 1 come back shifted: A(x) = 0 there.
      forward(z) {
        const mapped = flow.forward(z);
        mapped.value.data.forEach((x, i) => {
          if (x > 1) mapped.value.data[i] = x + 1e-3;
        });
        return mapped;
      },
    };
    const kernel = flowProposal(potential, broken, { kT, attempts: 1 });
    const start = startChains(potential, target.sample(2000, rootKey(5)));
    const { state, info } = kernel.step(start, rootKey(6));
    start.positions.data.forEach((x, b) => {
      if (x > 1) expect(state.positions.data[b]).toBe(x);
      else expect(state.positions.data[b]).toBeLessThanOrEqual(1);
    });
    expect(info.refused.notInvertible).toBeGreaterThan(100);
  });

  it('cost no energy evaluation where they are refused', () => {
    let evaluations = 0;
    const counted = {
      ...potential,
      energyAndGradient(...[x, out]: Parameters<typeof potential.energyAndGradient>) {
        evaluations += x.count;
        return potential.energyAndGradient(x, out);
      },
    };
    const never: FlowDensity = {
      ...flow,
      forward: (z) => {
        const mapped = flow.forward(z);
        return { ...mapped, value: { ...mapped.value, data: mapped.value.data.map((x) => x + 1) } };
      },
    };
    const start = startChains(counted, target.sample(100, rootKey(5)));
    evaluations = 0;
    const { info } = flowProposal(counted, never, { kT, attempts: 3 }).step(start, rootKey(6));
    expect(info.refused.notInvertible).toBe(300);
    expect(evaluations).toBe(0);
  });
});

/** log q without its log-determinant: what is left is the latent Gaussian, or nothing for a walk. */
function dropLogDet(proposer: Proposer): Proposer {
  return {
    ...proposer,
    propose(state, key) {
      const proposal = proposer.propose(state, key);
      return {
        ...proposal,
        logForward: new Float64Array(proposal.logForward.length),
        logReverse: new Float64Array(proposal.logReverse.length),
      };
    },
  };
}

function turnSign(proposer: Proposer): Proposer {
  return {
    ...proposer,
    propose(state, key) {
      const proposal = proposer.propose(state, key);
      return { ...proposal, logForward: proposal.logReverse, logReverse: proposal.logForward };
    },
  };
}
