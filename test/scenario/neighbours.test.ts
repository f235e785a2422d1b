import { describe, expect, it } from 'vitest';
import doubleWellScenario from '../../scenarios/doubleWell.ts';
import { boltzmannReference } from '../../src/analysis/quadrature.ts';
import { batch } from '../../src/core/batch.ts';
import { fold, type Key, normal, rootKey, uniform } from '../../src/core/rng.ts';
import { stateLabels } from '../../src/hybrid/labels.ts';
import { neighbours } from '../../src/scenario/neighbours.ts';
import type { CarriedFigure, Stated } from '../../src/scenario/result.ts';
import type { ChainFigures, DrawFigures } from '../../src/scenario/summarise.ts';
import { toPlan } from '../../src/scenario/toPlan.ts';

const scenario = doubleWellScenario;
const plan = toPlan(scenario, { seed: 1 });
const { potential } = plan;

/** Independent samples of exp(−U) of the double well, U = ¼x⁴ − 3x² + x + ½y²: x from its table, y normal. */
function exactSamples(count: number, key: Key): Float64Array {
  const grid = Float64Array.from({ length: 40_001 }, (_, i) => -4 + i * 2e-4);
  const line = batch(
    Float64Array.from({ length: 2 * grid.length }, (_, i) => (i % 2 === 0 ? grid[i / 2] : 0)),
    2,
  );
  const cumulative = potential.energy(line).map((u) => Math.exp(-u));
  for (let i = 1; i < grid.length; i++) cumulative[i] += cumulative[i - 1];
  const u = uniform(fold(key, 'x'), count);
  const y = normal(fold(key, 'y'), count);
  return Float64Array.from({ length: 2 * count }, (_, i) => {
    const n = i >> 1;
    if (i % 2 === 1) return y[n];
    const level = u[n] * cumulative[grid.length - 1];
    let low = 0;
    let high = grid.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] < level) low = middle + 1;
      else high = middle;
    }
    return grid[low];
  });
}

/** What production and draws would hold if every record were an independent sample of the target. */
function evidence(chains: number, records: number): { chain: ChainFigures; draws: DrawFigures } {
  const key = fold(rootKey(3), 'neighbours');
  const sets = ['chain', 'draws'].map((name) => {
    const x = batch(exactSamples(chains * records, fold(key, name)), 2);
    return { labels: stateLabels(plan.states, x), energies: potential.energy(x) };
  });
  const [ofChain, ofDraws] = sets;
  const chain = {
    meta: { chains },
    energies: ofChain.energies,
    labels: Array.from({ length: chains }, (_, c) =>
      Int32Array.from({ length: records }, (_unused, n) => ofChain.labels[n * chains + c]),
    ),
    transitions: {
      counts: [
        [0, 500],
        [500, 0],
      ],
    },
  };
  // The flow is the target itself; its first draw is one that it does not invert.
  const logWeights = ofDraws.energies.map((_, i) => (i === 0 ? -Infinity : 2.5));
  const energies = ofDraws.energies.map((u, i) => (i === 0 ? Number.NaN : u));
  const draws = { labels: ofDraws.labels, energies, logWeights };
  return { chain: chain as unknown as ChainFigures, draws: draws as unknown as DrawFigures };
}

describe('samples carried to neighbouring temperatures', () => {
  const found = neighbours({ scenario, plan, temperature: 1, ...evidence(20, 5000) });
  const box = [
    [-5, 5],
    [-12, 12],
  ] as const;

  /** Free energy and ESS fraction Z(T′)²/(Z(T) Z(1/(2/T′ − 1/T))) by quadrature. */
  const exact = found.map(({ temperature }) => {
    const at = (kT: number) =>
      boltzmannReference(potential, { box, kT }, (x) => stateLabels(plan.states, x), 2);
    const there = at(temperature);
    const twice = at(1 / (2 / temperature - 1));
    return {
      difference: there.differences[0],
      essFraction: Math.exp(2 * there.logZ - at(1).logZ - twice.logZ),
    };
  });

  it('are a tenth below and a tenth above', () => {
    expect(found.map(({ temperature }) => temperature)).toEqual([0.9, 1.1]);
  });

  it('give the free energy of that temperature, from chain and from draws', () => {
    found.forEach(({ hybrid, reweighted, reference }, i) => {
      expect(reference?.value).toBeCloseTo(exact[i].difference, 6);
      for (const { difference } of [hybrid, reweighted]) {
        const { value, standardError } = difference as Stated & { value: number };
        expect(Math.abs(value - exact[i].difference)).toBeLessThan(4 * Number(standardError));
        expect(Number(standardError)).toBeLessThan(0.03);
      }
      // Far from the value at the temperature of the samples, so that no weights at all would be seen.
      expect(Math.abs(exact[i].difference - 3.3799)).toBeGreaterThan(8 * 0.03);
    });
  });

  it('have the ESS fraction of their energy distributions', () => {
    const z = (one: CarriedFigure, right: number): number => Math.abs(one.essFraction / right - 1);
    found.forEach(({ hybrid, reweighted }, i) => {
      // 10⁵ samples know a mean square weight near 1 to a few thousandths.
      expect(z(hybrid, exact[i].essFraction)).toBeLessThan(0.01);
      expect(z(reweighted, exact[i].essFraction)).toBeLessThan(0.01);
    });
  });

  it('are withheld where the chain had too few transitions', () => {
    const { chain, draws } = evidence(2, 500);
    const counts = [
      [0, 2],
      [1, 0],
    ];
    const seldom = { ...chain, transitions: { ...chain.transitions, counts } };
    const [first] = neighbours({ scenario, plan, temperature: 1, chain: seldom, draws });
    expect(first.hybrid.difference.value).toBeNull();
  });
});
