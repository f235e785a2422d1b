import { describe, expect, it } from 'vitest';
import { essConsistency } from '../../src/analysis/essConsistency.ts';
import { chainFreeEnergies, reweightedFreeEnergies } from '../../src/analysis/freeEnergy.ts';
import { paretoK } from '../../src/analysis/paretoSmoothing.ts';
import { countTransitions } from '../../src/analysis/transitions.ts';
import { withholdChain, withholdWeighted } from '../../src/analysis/weightQuality.ts';
import { type Kernel, startChains } from '../../src/core/kernel.ts';
import { at, fold, rootKey } from '../../src/core/rng.ts';
import { drawWeights } from '../../src/hybrid/drawWeights.ts';
import { flowProposal } from '../../src/hybrid/kernels/flowProposal.ts';
import { recordSchedule } from '../../src/hybrid/recordSchedule.ts';
import { mala } from '../../src/md/kernels/mala.ts';
import { quarticTarget } from '../contracts/exactTarget.ts';
import { score } from '../contracts/stationarity.ts';
import { affineFlow } from './analyticFlow.ts';

const target = quarticTarget();
const { potential, kT } = target;
/** A Gaussian in the right-hand well, as wide as the well: the left one begins more than 3 of its widths away. */
const flow = affineFlow(0.95, 0.3);
const key = rootKey(31);
const chains = 100;
const names = ['left', 'right'];

/** F(right) − F(left), kT, by quadrature. */
const [left, right] = [target.bins.probability.slice(0, 4), target.bins.probability.slice(4)].map(
  (side) => side.reduce((sum, p) => sum + p, 0),
);
const truth = -Math.log(right / left);

const pace = (): Promise<void> => Promise.resolve();
const side = (x: number): number => (x < 0 ? 0 : 1);
const core = (x: number): number => (x < -0.6 ? 0 : x > 0.6 ? 1 : -1);

/** `steps` recorded steps of every chain, all started in the well that the flow knows, `[M][n]`. */
async function recorded(
  kernels: readonly [Kernel, ...Kernel[]],
  warmUp: number,
  steps: number,
): Promise<Float64Array[]> {
  const start = startChains(potential, {
    data: new Float64Array(chains).fill(1),
    count: chains,
    dim: 1,
  });
  const run = { kernels, pace, onStep: () => {} };
  const { last } = await recordSchedule({
    ...run,
    state: start,
    key: fold(key, 'warm-up'),
    steps: warmUp,
    keep: false,
  });
  const { positions } = await recordSchedule({
    ...run,
    state: last,
    key: fold(key, 'production'),
    steps,
    keep: true,
  });
  return Array.from({ length: chains }, (_, c) =>
    Float64Array.from({ length: steps }, (_unused, n) => positions[n * chains + c]),
  );
}

const jump = flowProposal(potential, flow, { kT, attempts: 1 });
const hybrid: readonly [Kernel, Kernel] = [
  mala(potential, { kT, timestep: 0.1, attempts: 10 }),
  jump,
];

/** The flow's draws alone, reweighted: the estimate, and what is known about its weights. */
async function reweighted(replica: number) {
  const { x, logWeights } = await drawWeights({
    flow,
    potential,
    kT,
    count: 10_000,
    key: at(fold(key, 'draws'), replica),
    pace,
    onBlock() {},
  });
  const labels = Int32Array.from(x.data, side);
  const states = names.map((name, s) => ({
    name,
    draws: labels.reduce((count, label) => count + (label === s ? 1 : 0), 0),
  }));
  const [estimate] = reweightedFreeEnergies(labels, logWeights, 2);
  return {
    logWeights,
    estimate,
    evidence: { paretoK: paretoK(logWeights), draws: x.count, states },
  };
}

describe('with a flow that knows one of two wells', () => {
  it('the flow alone, reweighted, is wrong beyond its errors, and is withheld every time', async () => {
    const walks = await recorded(hybrid, 100, 200);
    const scored = walks.map((walk) => {
      const positions = { data: walk, count: walk.length, dim: 1 };
      const logProb = flow.logProb(positions);
      return potential.energy(positions).map((u, n) => -u / kT - logProb[n]);
    });
    // One heavy draw can widen the error of one replica to cover anything; it does not move their mean.
    const values: number[] = [];
    for (let replica = 0; replica < 20; replica++) {
      const { logWeights, estimate, evidence } = await reweighted(replica);
      if (estimate !== undefined) values.push(estimate.value);
      const consistency = essConsistency(logWeights, scored);
      expect(withholdWeighted({ ...evidence, consistency })).toBeDefined();
      // Also where the draws say nothing against themselves: the hybrid's chain has seen more.
      expect(withholdWeighted({ ...evidence, paretoK: 0, consistency })).toBeDefined();
    }
    expect(values.length).toBeGreaterThan(10);
    expect(score('F(right) − F(left)', Float64Array.from(values), truth).z).toBeLessThan(-4.5);
  });

  it('its moves alone, as a chain, stay in the well where they started', async () => {
    const walks = await recorded([jump], 100, 200);
    const share = walks.flatMap((walk) => [...walk]).filter((x) => core(x) === 0).length;
    expect(share / (chains * 200)).toBeLessThan(0.01 * left);
    const counts = countTransitions(
      walks.map((walk) => Int32Array.from(walk, core)),
      2,
    ).counts;
    expect(withholdChain(counts, names)).toBeDefined();
  });

  it('the hybrid visits both wells and has their populations right', async () => {
    const walks = await recorded(hybrid, 100, 400);
    const { counts } = countTransitions(
      walks.map((walk) => Int32Array.from(walk, core)),
      2,
    );
    expect(withholdChain(counts, names)).toBeUndefined();
    expect(walks.every((walk) => walk.some((x) => core(x) === 0))).toBe(true);
    expect(walks.every((walk) => walk.some((x) => core(x) === 1))).toBe(true);
    const [estimate] = chainFreeEnergies(
      walks.map((walk) => ({ labels: Int32Array.from(walk, side) })),
      2,
    );
    expect(estimate).toBeDefined();
    if (estimate === undefined) return;
    expect(estimate.standardError).toBeLessThan(0.1);
    expect(Math.abs(estimate.value - truth) / estimate.standardError).toBeLessThan(4.5);
  });
});
