import { describe, expect, it } from 'vitest';
import { gaussLegendre } from '../../../src/analysis/gaussLegendre.ts';
import type { Batch } from '../../../src/core/batch.ts';
import { booked, emptyLedger } from '../../../src/core/ledger.ts';
import { rootKey } from '../../../src/core/rng.ts';
import type { FlowDensity } from '../../../src/flow/density.ts';
import {
  type AnnealedWeightsOptions,
  annealedWeights,
} from '../../../src/hybrid/annealing/annealedWeights.ts';
import { quarticTarget } from '../../contracts/exactTarget.ts';
import { sinhFlow, sinhScore } from '../analyticFlow.ts';

const target = quarticTarget();
const { potential, kT } = target;
// In the right-hand well alone: its own weights are hopeless, which is what annealing is for.
const shape = [[0.9], [0.4]] as const;
const flow = sinhFlow(...shape);

function options(own: Partial<AnnealedWeightsOptions> = {}): AnnealedWeightsOptions {
  return {
    flow,
    score: sinhScore(...shape),
    potential,
    kT,
    count: 6000,
    levels: 8,
    steps: 3,
    timestep: 0.2,
    key: rootKey(1),
    pace: () => Promise.resolve(),
    onBlock: () => undefined,
    ...own,
  };
}

/** ∫ f(x) exp(−U/kT) dx over (from, to). */
function integral(f: (x: number) => number, from = -4, to = 4): number {
  const { nodes, weights } = gaussLegendre(80);
  return nodes.reduce((sum, node, i) => {
    const x = from + ((to - from) * (node + 1)) / 2;
    const u = x ** 4 - 2 * x ** 2 + 0.4 * x;
    return sum + ((to - from) / 2) * weights[i] * f(x) * Math.exp(-u / kT);
  }, 0);
}

/** (mean − truth) in standard errors, for means over all draws, the refused ones included. */
function score(values: Float64Array, truth: number): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  return (mean - truth) / Math.sqrt(variance / values.length);
}

function kish(logWeights: Float64Array): number {
  const w = logWeights.map(Math.exp);
  const sum = w.reduce((s, v) => s + v, 0);
  return sum ** 2 / w.reduce((s, v) => s + v * v, 0) / w.length;
}

describe('annealedWeights', () => {
  it.each([
    ['true score', 1],
    ['score that is half the true one', 0.5],
  ])('have the partition function and its averages for means, with a %s', async (_, share) => {
    const { x, logWeights } = await annealedWeights(options({ score: sinhScore(...shape, share) }));
    const w = logWeights.map(Math.exp);
    expect(
      Math.abs(
        score(
          w,
          integral(() => 1),
        ),
      ),
    ).toBeLessThan(4.5);
    expect(
      Math.abs(
        score(
          w.map((value, b) => value * x.data[b]),
          integral((v) => v),
        ),
      ),
    ).toBeLessThan(4.5);
    expect(
      Math.abs(
        score(
          w.map((value, b) => (x.data[b] < 0 ? value : 0)),
          integral(() => 1, -4, 0),
        ),
      ),
    ).toBeLessThan(4.5);
  });

  it('are more equal than those of the flow itself, and the more levels the better', async () => {
    // Wider than the target, so that the weights are bounded and a sample's ESS is that of the flow.
    const wide = [[0], [1.3]] as const;
    const essOf = async (levels: number): Promise<number> => {
      const own = { flow: sinhFlow(...wide), score: sinhScore(...wide), levels, count: 4000 };
      return kish((await annealedWeights(options(own))).logWeights);
    };
    const plain = await essOf(1);
    const some = await essOf(4);
    const many = await essOf(16);
    // Far out the energy is too steep for the time step; those draws stay where they are.
    expect([some > 1.2 * plain, many > 1.05 * some], `${plain}, ${some}, ${many}`).toEqual([
      true,
      true,
    ]);
  });

  it('are those of Z_domain where there is a domain: nothing ends or starts outside it', async () => {
    const domain = {
      name: 'x > 0.2',
      logCopies: 0,
      contains: ({ data }: Batch) => Uint8Array.from(data, (v) => (v > 0.2 ? 1 : 0)),
    };
    const ledger = emptyLedger();
    const { x, logWeights, outsideDomain, energies } = await annealedWeights(
      options({ domain, potential: booked(potential, ledger, 'flowProposals') }),
    );
    expect(outsideDomain).toBeGreaterThan(300);
    expect(
      Math.abs(
        score(
          logWeights.map(Math.exp),
          integral(() => 1, 0.2, 4),
        ),
      ),
    ).toBeLessThan(4.5);
    logWeights.forEach((log, b) => {
      expect(log === -Infinity).toBe(!(x.data[b] > 0.2));
      expect(Number.isNaN(energies[b])).toBe(log === -Infinity);
    });
    // 7 moves of 3 steps and the start, for the draws inside; nothing for the others.
    expect(ledger.flowProposals).toBe((6000 - outsideDomain) * (7 * 3 + 1));
    expect(ledger.gradients).toBe(ledger.flowProposals);
  });

  it('are 0, and counted, for draws that the flow does not invert or whose energy is NaN', async () => {
    const broken: FlowDensity = {
      ...flow,
      forward(z) {
        const mapped = flow.forward(z);
        mapped.value.data.forEach((value, i) => {
          if (value > 1.2) mapped.value.data[i] = value + 1e-3;
        });
        return mapped;
      },
    };
    const holed = {
      ...potential,
      energyAndGradient(...[at, out]: Parameters<typeof potential.energyAndGradient>) {
        const { energy, gradient } = potential.energyAndGradient(at, out);
        at.data.forEach((value, b) => {
          if (value < 0.3) energy[b] = Number.NaN;
        });
        return { energy, gradient };
      },
    };
    const { logWeights, notInvertible, notFinite } = await annealedWeights(
      options({ flow: broken, potential: holed, count: 2000 }),
    );
    expect(notInvertible).toBeGreaterThan(200);
    expect(notFinite).toBeGreaterThan(50);
    expect(logWeights.filter((log) => log === -Infinity)).toHaveLength(notInvertible + notFinite);
  });

  it('are the same bytes for the same key', async () => {
    const one = await annealedWeights(options({ count: 600 }));
    expect(await annealedWeights(options({ count: 600 }))).toEqual(one);
  });
});
