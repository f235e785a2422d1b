import { describe, expect, it } from 'vitest';
import { linear } from '../../src/core/collectiveVariable.ts';
import { memoryStore } from '../../src/hybrid/artifacts.ts';
import type { RunEvent } from '../../src/hybrid/events.ts';
import { resultJson } from '../../src/io/resultSchema.ts';
import { doubleWell } from '../../src/md/potentials/doubleWell.ts';
import { compareMethods } from '../../src/scenario/compare/compareMethods.ts';
import { defineScenario } from '../../src/scenario/defineScenario.ts';
import { InterruptedError, runScenario, type SavedRun } from '../../src/scenario/runScenario.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { stateAlong } from '../../src/scenario/stateAlong.ts';

const x = linear('x', [1, 0]);
const base: Scenario = {
  name: 'tempered',
  about: 'The double well by parallel tempering.',
  potential: doubleWell(),
  states: [
    stateAlong(x, 'left', { below: 0 }, { core: { below: -1 }, start: [-1.8, 0] }),
    stateAlong(x, 'right', { from: 0 }, { core: { from: 1 }, start: [1.8, 0] }),
  ],
  coordinate: { variable: x, min: -2.5, max: 2.5 },
  seeding: { chains: 10, burnIn: 20, frames: 10 },
  flow: false,
  production: {
    local: { kind: 'mala', timestep: 0.03, attempts: 5 },
    tempering: { temperatures: [1, 1.8, 3.2, 6] },
    chains: 16,
    warmUp: 100,
    sweeps: 1500,
  },
  baseline: false,
  reference: {
    kind: 'quadrature',
    box: [
      [-5, 5],
      [-8, 8],
    ],
  },
};

/** Runs to the end, or until so many progress events were heard. */
async function run(
  scenario: Scenario,
  stopAfter = Infinity,
  from?: { store: ReturnType<typeof memoryStore>; saved: SavedRun },
) {
  const store = from?.store ?? memoryStore();
  const controller = new AbortController();
  const events: RunEvent[] = [];
  let saved: SavedRun | undefined;
  let steps = 0;
  try {
    const { result } = await runScenario(scenario, {
      store,
      signal: controller.signal,
      ...(from && { resume: from.saved }),
      onCheckpoint: (at) => {
        saved = at;
      },
      emit(event) {
        events.push(event);
        if (event.type === 'progress' && ++steps >= stopAfter) controller.abort();
      },
    });
    return { result, store, events, saved, ended: true };
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    return { result: undefined, store, events, saved, ended: false };
  }
}

describe('a run without a flow', () => {
  it('gives the free energy of quadrature by parallel tempering, at its own temperature', async () => {
    const { result } = await run(defineScenario(base));
    const { difference, reference } = result!.freeEnergy;
    expect(difference.value).not.toBeNull();
    const { value, standardError } = difference as { value: number; standardError: number };
    expect(Math.abs(value - (reference!.value as number))).toBeLessThan(3.5 * standardError);
    expect(standardError).toBeLessThan(0.2);
    expect(result!.verdict).toBe('converged');
    expect(result!.tempering!.roundTrips).toBeGreaterThan(100);
    expect(result!.tempering!.swapAcceptance).toHaveLength(3);
    expect(result!.reweighted.difference).toMatchObject({ value: null });
    // Every rung is paid for: four of them, five moves a burst, two bursts a sweep.
    const moves = 16 * 4 * 5 * 2 * (1500 + 100);
    expect(result!.ledger.localMoves - moves).toBeGreaterThan(0);
    expect(result!.ledger.localMoves - moves).toBeLessThan(0.01 * moves);
    expect(result!.ledger.training + result!.ledger.flowProposals).toBe(0);
    expect(() => resultJson(result!)).not.toThrow();
  });

  it.each([
    ['by its chains', [0, 0.5, -3]],
    // A bias that favours what is favoured already only costs precision.
    ['whichever way it leans', [-1, 0.3, 0]],
  ])(
    'gives that of the potential where its replicas had a bias along the coordinate, %s',
    async (_, values) => {
      const { result } = await run(
        defineScenario({
          ...base,
          production: { ...base.production, bias: { min: -1.5, max: 1.5, values } },
        }),
      );
      const { difference, reference } = result!.freeEnergy;
      const { value, standardError } = difference as { value: number; standardError: number };
      expect(Math.abs(value - (reference!.value as number))).toBeLessThan(3.5 * standardError);
      expect(standardError).toBeLessThan(0.2);
    },
  );

  it('says that it missed, and gives no figure, where one rung never crosses', async () => {
    const { result } = await run(
      defineScenario({
        ...base,
        temperature: 0.2,
        production: { ...base.production, tempering: undefined, sweeps: 50, warmUp: 5 },
      }),
    );
    expect(result!.freeEnergy.difference.value).toBeNull();
    expect(result!.verdict).toBe('missed');
    expect(result!.checks.filter(({ passed }) => !passed).length).toBeGreaterThan(0);
    expect(result!.tempering!.ladder).toEqual([0.2]);
  });

  it('gives no figure while its chains disagree, however often two replicas were swapped', async () => {
    const { result } = await run(
      defineScenario({ ...base, production: { ...base.production, sweeps: 40, warmUp: 0 } }),
    );
    expect(result!.hybrid.rhat).toBeGreaterThan(1.1);
    expect(result!.tempering!.transitions).toBeGreaterThan(20);
    expect(result!.freeEnergy.difference).toMatchObject({
      value: null,
      withheld: { reason: expect.stringMatching(/R-hat of the states is [\d.]+, above 1.1/) },
    });
    expect(result!.verdict).toBe('missed');
  });

  it('has the same samples and swaps after it was stopped in its warm-up and in production', async () => {
    const scenario = defineScenario({
      ...base,
      production: { ...base.production, warmUp: 10, sweeps: 30 },
    });
    const whole = await run(scenario);
    let part = await run(scenario, 90);
    for (const stop of [30, 40, Infinity]) {
      expect(part.ended).toBe(false);
      part = await run(scenario, stop, { store: part.store, saved: part.saved! });
    }
    expect(part.result!.tempering).toEqual(whole.result!.tempering);
    expect(part.result!.ledger).toEqual(whole.result!.ledger);
    for (const name of ['positions', 'energies']) {
      expect(part.store.get('production').arrays[name]).toEqual(
        whole.store.get('production').arrays[name],
      );
    }
  });

  it('finds a ladder by pilots where it is asked to, and says which', async () => {
    const { result, events } = await run(
      defineScenario({
        ...base,
        production: {
          ...base.production,
          tempering: { temperatures: 'auto' },
          sweeps: 20,
          warmUp: 2,
        },
      }),
    );
    const [first, ...hotter] = result!.tempering!.ladder;
    expect(first).toBe(1);
    expect(hotter.length).toBeGreaterThan(0);
    expect(result!.ledger.diagnostics).toBeGreaterThan(1000);
    expect(events.flatMap((event) => (event.type === 'decision' ? [event.reason] : []))).toEqual([
      expect.stringMatching(/parallel tempering over \d+ rungs, kT 1, .* pilots predict \d+ %/),
    ]);
  });
});

describe('a comparison without a flow', () => {
  const scenario = defineScenario({
    ...base,
    production: { ...base.production, warmUp: 10, sweeps: 400 },
  });

  it('is of plain MD and parallel tempering, on the ladder that the scenario states', async () => {
    const comparison = await compareMethods(scenario, { seeds: [1] });
    expect(Object.keys(comparison.methods)).toEqual(['md', 'tempering']);
    expect(comparison.methods.tempering?.description).toMatch(
      /16 ladders of 4 rungs, kT 1, 1.8, 3.2, 6/,
    );
    // Four rungs, five moves a burst, two bursts a sweep, and the seeding.
    expect(comparison.budget.amount).toBeCloseTo(
      2 * 10 * (1 + 70 * 10) + 16 * 4 * (2 + 410 * 2 * 5),
      0,
    );
    expect(comparison.notes.join(' ')).not.toMatch(/hybrid/);
  });

  it('weighs the records of replicas that had a bias', async () => {
    const biased = defineScenario({
      ...scenario,
      production: {
        ...scenario.production,
        sweeps: 1500,
        bias: { min: -1.5, max: 1.5, values: [0, 0.5, -3] },
      },
    });
    const { methods, reference } = await compareMethods(biased, {
      seeds: [1],
      methods: ['tempering'],
    });
    const [{ difference }] = methods.tempering!.runs;
    const { value, standardError } = difference as { value: number; standardError: number };
    expect(Math.abs(value - (reference!.value as number))).toBeLessThan(3.5 * standardError);
    expect(methods.tempering!.description).toMatch(/under production's bias/);
  });

  it('refuses methods that need one', async () => {
    await expect(compareMethods(scenario, { methods: ['md', 'hybrid'] })).rejects.toThrow(
      /there is none, and hybrid would need it; this scenario can compare md, tempering/,
    );
  });
});

describe('a scenario without a flow', () => {
  it.each<[string, object, RegExp]>([
    ['training', { training: { clipNorm: 1 } }, /training: expected nothing, for `flow: false`/],
    [
      'flow moves',
      { production: { flowMoves: 2 } },
      /production.flowMoves: expected nothing, for `flow: false`/,
    ],
    [
      'a ladder that begins elsewhere',
      { temperature: 2 },
      /temperatures\[0\]: expected the scenario's own temperature, 2, got 1/,
    ],
    [
      'a ladder that does not rise',
      { production: { tempering: { temperatures: [1, 2, 2] } } },
      /temperatures\[2\]: expected more than the rung below it, 2, got 2/,
    ],
    ['a flow beside replicas', { flow: {} }, /production.tempering: expected `flow: false`/],
  ])('is refused with %s', (_, change, message) => {
    expect(() => defineScenario({ ...base, ...change })).toThrow(message);
  });
});
