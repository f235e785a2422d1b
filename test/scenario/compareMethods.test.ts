import { beforeAll, describe, expect, it } from 'vitest';
import { type Batch, row } from '../../src/core/batch.ts';
import { linear } from '../../src/core/collectiveVariable.ts';
import type { Potential } from '../../src/core/potential.ts';
import { chooseBackend } from '../../src/io/backend.ts';
import { doubleWell } from '../../src/md/potentials/doubleWell.ts';
import { type CompareOptions, compareMethods } from '../../src/scenario/compare/compareMethods.ts';
import { methodNames } from '../../src/scenario/compare/ranking.ts';
import type { Comparison, MethodName, MethodRun } from '../../src/scenario/comparison.ts';
import { defineScenario } from '../../src/scenario/defineScenario.ts';
import { InterruptedError } from '../../src/scenario/runScenario.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { stateAlong } from '../../src/scenario/stateAlong.ts';

const x = linear('x', [1, 0]);
const chains = { md: 10, production: 20, ladders: 16 };
const burst = { md: 10, local: 5 };
const seedingCost = 2 * 5 * (1 + (40 + 4 * 2) * 10);
const trainingCost = 10 * 64;
const draws = 200;
/** Draws, and the frames of each state's one held-out chain. */
const assessingCost = draws + 2 * 4;

/** A barrier of 2.2 kT, which plain dynamics crosses, and a flow of one block, trained for a moment. */
function scenario(potential: Potential = doubleWell({ a2: 3, a1: 0.3 })): Scenario {
  return defineScenario({
    name: 'low-barrier',
    about: 'A double well for tests.',
    potential,
    states: [
      stateAlong(x, 'left', { below: 0 }, { core: { below: -0.8 }, start: [-1.2, 0] }),
      stateAlong(
        x,
        'right',
        { from: 0 },
        {
          core: { from: 0.8 },
          start: [
            [1.2, 0],
            [1.1, 0.3],
          ],
        },
      ),
    ],
    coordinate: { variable: x, min: -2.5, max: 2.5 },
    seeding: { chains: 5, burnIn: 40, frames: 4, stride: 2 },
    flow: { blocks: 1, hidden: [8] },
    training: {
      byExample: [{ steps: 10, exampleBatch: 32 }],
      byEnergy: [{ steps: 10, exampleBatch: 32, energyBatch: 64 }],
    },
    assessing: { maxRounds: 1, draws },
    production: {
      chains: chains.production,
      warmUp: 2,
      sweeps: 30,
      flowMoves: 2,
      local: { kind: 'mala', timestep: 0.05, attempts: burst.local },
    },
    reweighting: { draws: 500 },
    baseline: {
      chains: chains.md,
      dynamics: { kind: 'langevin', timestep: 0.05, friction: 1, steps: burst.md },
    },
    reference: {
      kind: 'quadrature',
      box: [
        [-4, 4],
        [-10, 10],
      ],
    },
  });
}

const evaluations = 30_000;
let comparison: Comparison;
beforeAll(async () => {
  await chooseBackend('cpu');
  comparison = await compareMethods(scenario(), { evaluations, seeds: [1, 2] });
}, 60_000);

function runsOf(of: Comparison, name: MethodName): readonly MethodRun[] {
  return of.methods[name]?.runs ?? [];
}

describe('a comparison of methods', () => {
  it('spends the budget to within one sweep of every method, training and pilots included', () => {
    const sweep: Record<MethodName, number> = {
      md: chains.md * burst.md,
      // Two rounds at most, of every rung of every ladder.
      tempering: 2 * 16 * chains.ladders * burst.local,
      reweighting: 4096,
      hybrid: chains.production * (burst.local + 2),
    };
    for (const name of methodNames) {
      const runs = runsOf(comparison, name);
      expect(runs).toHaveLength(2);
      for (const { ledger, seed } of runs) {
        const spent =
          ledger.seeding +
          ledger.training +
          ledger.flowProposals +
          ledger.localMoves +
          ledger.diagnostics;
        expect(ledger.total, `${name}, seed ${seed}`).toBe(spent);
        expect(spent).toBeLessThanOrEqual(evaluations);
        expect(spent).toBeGreaterThan(evaluations - sweep[name]);
      }
    }
  });

  it('charges seeding, training and assessing to both methods that need a flow, and the ladder to tempering', () => {
    for (const name of ['hybrid', 'reweighting'] as const) {
      for (const { ledger, wallSeconds } of runsOf(comparison, name)) {
        expect(ledger.seeding).toBe(seedingCost);
        expect(ledger.training).toBe(trainingCost);
        expect(ledger.diagnostics).toBe(assessingCost);
        expect(wallSeconds.preparing).toBeGreaterThan(0);
      }
    }
    for (const { ledger, ladder } of runsOf(comparison, 'tempering')) {
      expect(ledger.diagnostics).toBeGreaterThan(chains.ladders * 20 * 20);
      expect(ledger.training).toBe(0);
      expect(ladder?.kT[0]).toBe(1);
    }
    for (const { ledger } of runsOf(comparison, 'md')) expect(ledger.localMoves).toBe(ledger.total);
  });

  it('has no error and no answer while the flow is still being trained', () => {
    const { budget, methods } = comparison;
    const share = (seedingCost + trainingCost + assessingCost) / budget.amount;
    const tenths = Math.floor(10 * share);
    expect(tenths).toBeGreaterThan(0);
    for (const name of ['hybrid', 'reweighting'] as const) {
      for (const { errorVsBudget, withheldVsBudget } of methods[name]?.runs ?? []) {
        expect(errorVsBudget.slice(0, tenths)).toEqual(new Array(tenths).fill(null));
        expect(withheldVsBudget.slice(0, tenths)).toEqual(new Array(tenths).fill(true));
        expect(errorVsBudget[9]).not.toBeNull();
      }
    }
    for (const { errorVsBudget } of methods.md?.runs ?? []) {
      expect(errorVsBudget.every((error) => error !== null)).toBe(true);
    }
  });

  it('finds the free energy by every chain, and states nothing further off than four standard errors', () => {
    const expected = Number(comparison.reference?.value);
    for (const name of methodNames) {
      for (const { difference, seed } of runsOf(comparison, name)) {
        // A flow of twenty steps may have weights that nothing can be read from.
        if (name !== 'reweighting') {
          expect(difference.value, `${name}, seed ${seed}`).not.toBeNull();
        }
        if (difference.value === null) continue;
        const z = (Number(difference.value) - expected) / Number(difference.standardError);
        expect(Math.abs(z), `${name}, seed ${seed}`).toBeLessThan(4);
      }
    }
  });

  it('ends its error against the budget with the error of its difference, or both are withheld', () => {
    for (const name of methodNames) {
      for (const { error, errorVsBudget, withheldVsBudget } of runsOf(comparison, name)) {
        expect(withheldVsBudget[9]).toBe(error === null);
        if (error !== null) expect(errorVsBudget[9]).toBeCloseTo(error, 10);
      }
    }
  });

  it('draws anew for every block, so that no two tenths of the flow alone are the same', () => {
    for (const { errorVsBudget } of runsOf(comparison, 'reweighting')) {
      // Rounded, because sums of the same draws differ in their last digits.
      const errors = errorVsBudget.flatMap((error) => (error === null ? [] : [error.toFixed(8)]));
      expect(errors.length).toBeGreaterThan(4);
      expect(new Set(errors).size).toBe(errors.length);
    }
  });

  it('gives the same numbers for the same seed, whatever else is compared', async () => {
    const again = await compareMethods(scenario(), {
      evaluations,
      seeds: [2],
      methods: ['tempering', 'hybrid'],
    });
    for (const name of ['tempering', 'hybrid'] as const) {
      expect(withoutSeconds(runsOf(again, name)[0])).toEqual(
        withoutSeconds(runsOf(comparison, name)[1]),
      );
    }
    expect(Object.keys(again.methods)).toEqual(['tempering', 'hybrid']);
  });

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(comparison))).toEqual(comparison);
  });
});

describe('the starts of a comparison', () => {
  /** Which configurations the first batch of a method holds, and how many of each. */
  async function firstBatch(methods: readonly MethodName[]): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    const plain = doubleWell({ a2: 3, a1: 0.3 });
    const note = (batch: Batch): void => {
      if (counts.size > 0) return;
      for (let b = 0; b < batch.count; b++) {
        const start = Array.from(row(batch, b)).join(' ');
        counts.set(start, (counts.get(start) ?? 0) + 1);
      }
    };
    const watched: Potential = {
      ...plain,
      energyAndGradient(batch, out) {
        note(batch);
        return plain.energyAndGradient(batch, out);
      },
    };
    // The reference is integrated before anything is compared, through the energy alone.
    await compareMethods(scenario(watched), { evaluations: seedingCost, seeds: [1], methods });
    return counts;
  }

  it('are the known states’ own for every method, each state with half of the chains', async () => {
    const expected = ['-1.2 0', '1.1 0.3', '1.2 0'];
    for (const method of methodNames) {
      const counts = await firstBatch([method]);
      expect([...counts.keys()].sort(), method).toEqual(expected);
      const left = counts.get('-1.2 0') ?? 0;
      const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
      expect(left, method).toBe(total / 2);
    }
  });
});

describe('the budget of a comparison', () => {
  it('is what the scenario itself would spend, where none is given', async () => {
    const { budget, methods } = await compareMethods(scenario(), { seeds: [1], methods: ['md'] });
    const sweeps = (2 + 30) * chains.production * (burst.local + 2);
    expect(budget).toEqual({
      unit: 'evaluations',
      amount: seedingCost + trainingCost + assessingCost + 2 * chains.production + sweeps + 500,
      rule: "what the scenario's own run spends with seed 1, training included",
    });
    expect(methods.md?.runs[0].ledger.total).toBeLessThanOrEqual(budget.amount);
  });

  it('withholds everything where it ends in training, and says in which phase', async () => {
    const short = await compareMethods(scenario(), {
      evaluations: seedingCost + 100,
      seeds: [1],
      methods: ['reweighting', 'hybrid'],
    });
    for (const name of ['reweighting', 'hybrid'] as const) {
      const [run] = runsOf(short, name);
      expect(run.difference).toMatchObject({
        value: null,
        withheld: { reason: expect.stringContaining('while trainingByEnergy') },
      });
      expect(run.errorVsBudget).toEqual(new Array(10).fill(null));
      expect(run.costToTolerance).toBeNull();
      // The batch that the budget refused is booked, and nothing after it.
      expect(run.ledger.total).toBeLessThanOrEqual(seedingCost + 100 + 64);
    }
    expect(short.winner.method).toBeNull();
  });

  it('withholds tempering where it ends in the pilots of the ladder', async () => {
    const short = await compareMethods(scenario(), {
      evaluations: 1000,
      seeds: [1],
      methods: ['tempering'],
    });
    const [run] = runsOf(short, 'tempering');
    expect(run.difference).toMatchObject({ withheld: { reason: /pilots of the ladder/ } });
  });

  it('may be in seconds: every run then lasts that long, and says what it evaluated', async () => {
    const { methods, budget } = await compareMethods(scenario(), {
      seconds: 0.2,
      seeds: [1],
      methods: ['md', 'tempering'],
    });
    expect(budget).toMatchObject({ unit: 'seconds', amount: 0.2 });
    for (const name of ['md', 'tempering'] as const) {
      const run = methods[name]?.runs[0];
      expect(run?.wallSeconds.total).toBeGreaterThanOrEqual(0.2);
      expect(run?.ledger.total).toBeGreaterThan(0);
      expect(run?.errorVsBudget[9]).not.toBeNull();
    }
  });

  it('stops training when its seconds are over', async () => {
    const { methods } = await compareMethods(scenario(), {
      seconds: 0.001,
      seeds: [1],
      methods: ['hybrid'],
    });
    const [run] = methods.hybrid?.runs ?? [];
    expect(run?.difference).toMatchObject({ withheld: { reason: /budget ended while/ } });
  });

  it.each<[CompareOptions, string]>([
    [{ evaluations: 10, seconds: 1 }, 'two budgets'],
    [{ evaluations: 0 }, '"evaluations" expected a positive number, got 0'],
    [{ seconds: Number.NaN }, '"seconds" expected a positive number, got NaN'],
    [{ methods: [] }, '"methods" expected at least one'],
    [{ seeds: [] }, '"seeds" expected at least one'],
  ])('is refused when it makes no sense: %o', async (options, message) => {
    await expect(compareMethods(scenario(), options)).rejects.toThrow(message);
  });

  it('is not spent once the comparison is told to stop', async () => {
    const controller = new AbortController();
    const stopped = compareMethods(scenario(), {
      evaluations: 1e9,
      seeds: [1],
      methods: ['md'],
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(stopped).rejects.toThrow(InterruptedError);
  });
});

/** What a run found, without what the clock says. */
function withoutSeconds(run: MethodRun) {
  const { wallSeconds: _, essPerSecond: __, costToTolerance, ...rest } = run;
  return { ...rest, costToTolerance: costToTolerance?.evaluations };
}
