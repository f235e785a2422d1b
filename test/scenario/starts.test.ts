import '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import particleDimer from '../../scenarios/particleDimer.ts';
import { defineScenario } from '../../src/scenario/defineScenario.ts';
import { runScenario } from '../../src/scenario/runScenario.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';

const [closed, open] = particleDimer.states;
const configuration = closed.start as readonly number[];
const startingAt = (start: Scenario['states'][number]['start']) => () =>
  defineScenario({ ...particleDimer, states: [{ ...closed, start }, open] });

describe('a start', () => {
  it('is named down to the coordinate that is no number', () => {
    const holed = configuration.map((x, i) => (i === 5 ? Number.NaN : x));
    expect(startingAt(holed)).toThrow(/states\[0\]\.start\[5\]: .*expected number.*got NaN/);
    expect(startingAt([configuration, holed])).toThrow(/states\[0\]\.start\[1\]\[5\]: .*got NaN/);
    const endless = configuration.map((x, i) => (i === 7 ? Infinity : x));
    expect(startingAt(endless)).toThrow(/states\[0\]\.start\[7\]: .*got Infinity/);
  });

  it('is refused when the run begins, where its energy is not finite', async () => {
    const overlapping = configuration.map((x, i) =>
      i === 4 || i === 5 ? configuration[i + 2] : x,
    );
    const scenario = startingAt([configuration, overlapping])();
    await expect(runScenario(scenario, { smoke: true })).rejects.toThrow(
      /start 1 of state "closed" has the energy Infinity.*: particles 2 and 3 are 0 apart; move it/,
    );
  });
});
