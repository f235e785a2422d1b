import { describe, expect, it } from 'vitest';
import { linear } from '../../src/core/collectiveVariable.ts';
import { rootKey } from '../../src/core/rng.ts';
import type { KernelSpec } from '../../src/hybrid/plan.ts';
import { commonStarts } from '../../src/hybrid/tempering/commonStarts.ts';
import { localStep } from '../../src/hybrid/tempering/localStep.ts';
import { ladderWarnings, planTempering } from '../../src/hybrid/tempering/planTempering.ts';
import { doubleWell } from '../../src/md/potentials/doubleWell.ts';
import type { TemperingLadder } from '../../src/md/temperingLadder.ts';
import { swappingOften } from '../../src/scenario/compare/swappingOften.ts';
import { defineScenario } from '../../src/scenario/defineScenario.ts';
import { stateAlong } from '../../src/scenario/stateAlong.ts';
import { toPlan } from '../../src/scenario/toPlan.ts';

const x = linear('x', [1, 0]);
const plan = toPlan(
  defineScenario({
    name: 'wells',
    about: 'A double well.',
    potential: doubleWell(),
    states: [
      stateAlong(x, 'left', { below: 0 }, { start: [-1.77, 0] }),
      stateAlong(x, 'right', { from: 0 }, { start: [1.69, 0] }),
    ],
    coordinate: { variable: x, min: -2.5, max: 2.5 },
  }),
);
const found: TemperingLadder = {
  ladder: [1, 2],
  stepSizes: [0.01, 0.3],
  predictedSwaps: 0.5,
  crosses: true,
  pilots: [],
};

describe('the tempering of a plan', () => {
  it('gives every rung its own step', () => {
    const ladders = 200;
    const replicas = planTempering(plan, plan.potential, found);
    const start = replicas.start(plan.potential, commonStarts(plan.states, ladders));
    const { info } = replicas.kernels[0].step(start, rootKey(1));
    const acceptance = (rung: number): number =>
      info.accepted.subarray(rung * ladders, (rung + 1) * ladders).reduce((a, b) => a + b, 0) /
      (ladders * info.attempts);
    // Δt U″ is 0.26 in the cold rung and 7.7, far beyond stability, in the hot one.
    expect(acceptance(0)).toBeGreaterThan(0.8);
    expect(acceptance(1)).toBeLessThan(0.3);
  });

  it('warns of a ladder whose top does not cross and of steps that found no acceptance', () => {
    const pilot = { kT: 8, stepSize: 0.1, tuned: false, crossings: 0.2, heatCapacity: 1 };
    expect(ladderWarnings({ ...found, crosses: false, pilots: [pilot] })).toEqual([
      expect.stringContaining('crossed between cores 0.2 times'),
      expect.stringContaining('at kT 8'),
    ]);
    expect(ladderWarnings({ ...found, pilots: [{ ...pilot, tuned: true }] })).toEqual([]);
  });
});

describe('the tempering of a comparison', () => {
  it('moves by the shorter of production’s bursts and the baseline’s, where these are exact', () => {
    const long: KernelSpec = { kind: 'hmc', timestep: 0.1, steps: 10, attempts: 50 };
    const short: KernelSpec = { kind: 'hmc', timestep: 0.1, steps: 10, attempts: 5 };
    const inexact: KernelSpec = { kind: 'langevin', timestep: 0.01, friction: 1, steps: 10 };
    const localOf = (local: KernelSpec, dynamics: KernelSpec | undefined) =>
      swappingOften({
        ...plan,
        production: { ...plan.production, local },
        baseline: dynamics && { dynamics, chains: 2 },
      }).production.local;
    expect(localOf(long, short)).toBe(short);
    expect(localOf(short, long)).toBe(short);
    expect(localOf(long, inexact)).toBe(long);
    expect(localOf(long, undefined)).toBe(long);
  });
});

describe('the local step of a kernel', () => {
  it('is its own parameter, whatever it is called', () => {
    const walk: KernelSpec = { kind: 'random-walk', stepSize: 0.4, attempts: 3 };
    const hmc: KernelSpec = { kind: 'hmc', timestep: 0.1, steps: 5, attempts: 2 };
    expect(localStep(walk).step).toBe(0.4);
    expect(localStep(walk).with(0.7)).toEqual({ ...walk, stepSize: 0.7 });
    expect(localStep(hmc).with(0.2, 9)).toEqual({ ...hmc, timestep: 0.2, attempts: 9 });
    expect(localStep(hmc).acceptance).toBe(0.8);
  });

  it('does not exist for dynamics that accepts everything', () => {
    expect(() => localStep({ kind: 'euler-maruyama', timestep: 0.1, steps: 1 })).toThrow(
      'Metropolised',
    );
  });
});
