import '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { chainMean } from '../../src/analysis/autocorrelation.ts';
import type { Batch } from '../../src/core/batch.ts';
import { linear } from '../../src/core/collectiveVariable.ts';
import { rootKey } from '../../src/core/rng.ts';
import { type ArtifactStore, memoryStore } from '../../src/hybrid/artifacts.ts';
import { float64 } from '../../src/hybrid/dataset.ts';
import { definePotential } from '../../src/md/definePotential.ts';
import { defineScenario } from '../../src/scenario/defineScenario.ts';
import { perChain } from '../../src/scenario/perChain.ts';
import type { Figure, Result } from '../../src/scenario/result.ts';
import { runScenario } from '../../src/scenario/runScenario.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { stateAlong } from '../../src/scenario/stateAlong.ts';
import { bruteForce, exactDraws, labels, potential } from '../hybrid/fourInABowl.ts';
import { fourScenario, shiftedGaussian } from './fourScenario.ts';

const annealed = { levels: 3, steps: 2, timestep: 0.25 };
const bias = { min: 0, max: 2, values: [1.2, 0, -1.2] };
const { production } = fourScenario;

const runs: readonly (readonly [string, Partial<Scenario>])[] = [
  ['flow moves, steps in latent space and draws of the flow', {}],
  [
    'annealed flow moves under a bias, and annealed draws',
    {
      production: { ...production, latent: undefined, annealed, bias, sweeps: 40 },
      reweighting: { draws: 3000, annealed },
    },
  ],
];

describe.each(runs)('a run with identical particles, by %s', (_, changes) => {
  const { x: exact, share } = exactDraws(60_000, rootKey(1));
  const truth = bruteForce(exact);
  const right = exact.data.filter((x, i) => i % 8 === 0 && x >= 1).length / exact.count;
  const store: ArtifactStore = memoryStore();
  let result: Result;
  let positions: Batch;
  beforeAll(async () => {
    const scenario = defineScenario({ ...fourScenario, ...changes });
    ({ result } = await runScenario(scenario, { store, model: shiftedGaussian() }));
    const records = store.records('production', 8);
    positions = records.rows(0, records.count);
  });

  it('finds the difference of the states, by the chain and by the weights', () => {
    const expected = -Math.log(right / (1 - right));
    const error = 1 / Math.sqrt(exact.count * right * (1 - right));
    for (const figure of [result.freeEnergy.difference, result.reweighted.difference]) {
      const { value, standardError } = stated(figure);
      expect(standardError).toBeLessThan(0.15);
      expect(Math.abs(value - expected) / Math.hypot(standardError, error)).toBeLessThan(4);
    }
  });

  it('finds ln Z of the whole space, all six labellings of it', () => {
    const { value, standardError } = stated(result.reweighted.logZ);
    const expected = 4 * Math.log(2 * Math.PI) + Math.log(share);
    const error = Math.sqrt((1 - share) / share / 60_000);
    expect(standardError).toBeLessThan(0.1);
    expect(Math.abs(value - expected) / Math.hypot(standardError, error)).toBeLessThan(4);
  });

  it('never leaves the domain, and samples what brute force finds in it', () => {
    expect(labels.contains(positions).every((one) => one === 1)).toBe(true);
    const { chains } = result.hybrid;
    const produced = store.get('production');
    const logWeights = produced.arrays['logWeights'] ?? new Float64Array(positions.count);
    for (let d = 2; d < 8; d++) {
      const mean = truth.data.reduce((sum, x, i) => sum + (i % 8 === d ? x : 0), 0) / truth.count;
      const own = Float64Array.from(
        { length: positions.count },
        (_unused, n) => Math.exp(logWeights[n]) * (positions.data[8 * n + d] - mean),
      );
      const far = chainMean(perChain(own, chains));
      expect(
        Math.abs((far?.value ?? 1) / (far?.standardError ?? 1)),
        `coordinate ${d}`,
      ).toBeLessThan(4.5);
    }
  });

  it('records U itself, whatever was sampled', () => {
    const energies = float64(store.get('production'), 'energies');
    potential.energy(positions).forEach((u, n) => {
      if (Math.abs(energies[n] - u) > 1e-10) expect(energies[n], `record ${n}`).toBeCloseTo(u, 10);
    });
    expect(energies).toHaveLength(positions.count);
  });

  it('refuses draws outside the domain, counts them apart and keeps them in N', () => {
    const draws = store.get('draws');
    const { outsideDomain, samples } = result.reweighted;
    const zero = float64(draws, 'logWeights').filter((w) => w === -Infinity).length;
    expect(outsideDomain).toBe(zero);
    expect(outsideDomain / samples).toBeGreaterThan(0.3);
    expect(outsideDomain / samples).toBeLessThan(0.9);
    const energies = float64(draws, 'energies');
    expect(energies.filter(Number.isNaN).length).toBe(zero);
  });

  it('trains on configurations that carry the labels of their sites', () => {
    const train = float64(store.get('seeds'), 'train');
    expect(train.length).toBeGreaterThan(0);
    expect(labels.contains({ data: train, count: train.length / 8, dim: 8 })).not.toContain(0);
  });
});

function stated(figure: Figure): { value: number; standardError: number } {
  if (figure.value === null) throw new Error(figure.withheld.reason);
  return { value: Number(figure.value), standardError: Number(figure.standardError) };
}

describe('a run whose particles are not alike', () => {
  const charged = definePotential({
    name: 'one is charged',
    dim: 8,
    energy: (x) => x.reduce((sum, v) => sum + v * v, 0) + 0.1 * x[4],
  });
  const third = linear('x₃', [0, 0, 0, 0, 0, 0, 1, 0]);
  const start = [0.6, 0.1, -0.9, 0.1, 0.3, 1, 0.2, -1];

  it.each<[string, Partial<Scenario>, string]>([
    [
      'energy',
      { potential: charged },
      'particles 1 and 2 are not identical: exchanging them changes',
    ],
    [
      'masses',
      { masses: [1, 1, 1, 1, 1, 1, 2, 2] },
      'particles 2 and 3 are not identical: their masses are 1 and 2',
    ],
    [
      'coordinate',
      { coordinate: { variable: third, min: -1, max: 1 } },
      'particles 2 and 3 are not identical: exchanging them changes x₃ from 0.2 to 0.3',
    ],
    [
      'states',
      {
        states: [
          stateAlong(third, 'low', { below: 0.25 }, { start }),
          stateAlong(third, 'high', { from: 0.25 }, { start: [...start.slice(0, 6), 0.4, -1] }),
        ],
      },
      'particles 2 and 3 are not identical: exchanging them at start 0 leads out of "low"',
    ],
  ])('ends before it begins: they differ by their %s', async (_, changes, message) => {
    await expect(runScenario({ ...fourScenario, ...changes })).rejects.toThrow(message);
  });
});

describe('identicalParticles in a scenario', () => {
  const reference = fourScenario.identicalParticles?.reference ?? [];
  it.each([
    [
      { particles: [1, 2, 4], reference, space: 2 },
      'particles[2]: expected a particle of 0 to 3, got 4',
    ],
    [{ particles: [1, 1], reference, space: 2 }, 'particles[1]: 1 is named twice'],
    [
      {
        particles: [
          [0, 1],
          [3, 0],
        ],
        reference,
        space: 2,
      },
      'particles[1][1]: 0 is named twice',
    ],
    [{ particles: [1], reference, space: 2 }, 'particles: expected two particles or more'],
    [
      { particles: [1, 2], reference, space: 3 },
      'reference: expected whole particles of 3 coordinates',
    ],
    [
      { particles: [1, 2], reference: [0, 1], space: 2 },
      'reference: expected 8 numbers for this potential',
    ],
    [{ particles: [1, 2], reference, sites: 2 }, 'identicalParticles.sites: unknown entry'],
    [{ particles: [1, 2], reference, space: 2, diameter: 0 }, 'identicalParticles.diameter'],
    [
      { particles: [1, 2], reference, space: 2, walls: [[-1, 1]] },
      'for each coordinate of a particle',
    ],
    [
      {
        particles: [1, 2],
        reference,
        space: 2,
        walls: [
          [-1, 1],
          [1, -1],
        ],
      },
      'identicalParticles.walls[1]: expected from < to',
    ],
  ])('is checked: %o', (identicalParticles, message) => {
    // What a file in JavaScript may hold.
    const wrong = { ...fourScenario, identicalParticles } as Scenario;
    expect(() => defineScenario(wrong)).toThrow(message);
  });
});
