import '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { linear } from '../../src/core/collectiveVariable.ts';
import { memoryStore } from '../../src/hybrid/artifacts.ts';
import type { RunEvent } from '../../src/hybrid/events.ts';
import { resultJson } from '../../src/io/resultSchema.ts';
import { definePotential } from '../../src/md/definePotential.ts';
import { doubleWell } from '../../src/md/potentials/doubleWell.ts';
import { defineScenario } from '../../src/scenario/defineScenario.ts';
import { InterruptedError, runScenario } from '../../src/scenario/runScenario.ts';
import { stateAlong } from '../../src/scenario/stateAlong.ts';

/** Three wells along x, without a gradient. */
const threeWells = defineScenario({
  name: 'three-wells',
  about: 'More than two states.',
  potential: definePotential({
    name: 'three-wells',
    dim: 2,
    energy: ([a, b]) =>
      2 * Math.cos(2 * Math.PI * a) * Math.exp(-(a ** 2) / 8) + a ** 2 / 4 + b ** 2,
  }),
  states: [
    stateAlong(linear('x', [1, 0]), 'left', { below: -1 }, { start: [-1.5, 0] }),
    stateAlong(linear('x', [1, 0]), 'middle', { from: -1, below: 1 }, { start: [0.5, 0] }),
    stateAlong(linear('x', [1, 0]), 'right', { from: 1 }, { start: [1.5, 0] }),
  ],
  coordinate: { variable: linear('x', [1, 0]), min: -3, max: 3 },
  reference: {
    kind: 'quadrature',
    box: [
      [-8, 8],
      [-6, 6],
    ],
  },
  flow: { blocks: 2, hidden: [8] },
});

/** So cold that nothing crosses, and that a flow as crude as this one proposes nothing likely. */
const frozen = defineScenario({
  name: 'frozen',
  about: 'What stands in the way of every figure.',
  potential: doubleWell(),
  temperature: 1e-3,
  states: [
    stateAlong(linear('x', [1, 0]), 'left', { below: 0 }, { start: [-2.5, 0] }),
    stateAlong(linear('x', [1, 0]), 'right', { from: 0 }, { start: [2.35, 0] }),
  ],
  coordinate: { variable: linear('x', [1, 0]), min: -4, max: 4 },
  flow: { blocks: 2, hidden: [8] },
});

describe('runScenario', () => {
  it('has a result that can be written where no chain ever left its state', async () => {
    const { result } = await runScenario(frozen, { smoke: true });
    expect(result.hybrid.rhat).toBeNull();
    expect(result.freeEnergy.difference.value).toBeNull();
    expect(result.reweighted.difference.value).toBeNull();
    expect(result.reweighted.logZ.value).toBeNull();
    expect(() => resultJson(result)).not.toThrow();
  });

  it('gives an array of differences for more than two states, and checks each', async () => {
    const events: RunEvent[] = [];
    const { result } = await runScenario(threeWells, {
      smoke: true,
      emit: (event) => events.push(event),
    });
    expect(result.states).toHaveLength(3);
    expect(result.freeEnergy.reference?.value).toHaveLength(2);
    if (result.freeEnergy.difference.value !== null) {
      expect(result.freeEnergy.difference.value).toHaveLength(2);
    }
    expect(
      events.some((e) => e.type === 'warning' && e.message.includes('central differences')),
    ).toBe(true);
    expect(result.ledger.total).toBe(
      result.ledger.seeding +
        result.ledger.training +
        result.ledger.flowProposals +
        result.ledger.localMoves +
        result.ledger.diagnostics,
    );
  });

  it('stops when it is told to, and goes on from the last boundary to the same result', async () => {
    const whole = await runScenario(threeWells, { smoke: true, seed: 3 });
    const store = memoryStore();
    const controller = new AbortController();
    let saved: unknown;
    await expect(
      runScenario(threeWells, {
        smoke: true,
        seed: 3,
        store,
        signal: controller.signal,
        onCheckpoint: (boundary) => {
          saved = boundary;
        },
        emit: (event) => {
          if (event.type === 'phase' && event.phase === 'producing') controller.abort();
        },
      }),
    ).rejects.toBeInstanceOf(InterruptedError);
    const resumed = await runScenario(threeWells, {
      smoke: true,
      seed: 3,
      store,
      // As it comes back from a file.
      resume: JSON.parse(JSON.stringify(saved)),
    });
    expect(resumed.result.freeEnergy).toEqual(whole.result.freeEnergy);
    expect(resumed.result.ledger).toEqual(whole.result.ledger);
  });

  it('does not let production start where a state has lost its seeds', async () => {
    const shallow = defineScenario({
      ...threeWells,
      name: 'one-well',
      potential: definePotential({
        name: 'one-well',
        dim: 2,
        energy: ([a, b]) => 40 * (a - 1.5) ** 2 + b ** 2,
      }),
    });
    await expect(runScenario(shallow, { smoke: true })).rejects.toThrow(
      /no held-out frame in "left"/,
    );
  });
});
