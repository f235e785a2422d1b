import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  diskBytes,
  expectRoomFor,
  expectToFit,
  limited,
  recordBytes,
} from '../../src/io/limits.ts';
import { RunDirectoryError } from '../../src/io/manifest.ts';
import { checkpoints } from '../../src/scenario/checkpoints.ts';
import { toPlan } from '../../src/scenario/toPlan.ts';
import { tinyScenario } from './tinyScenario.ts';

describe('limited', () => {
  const never = new AbortController().signal;

  it('stops a run at its time with the limit as the reason', async () => {
    const { signal, end } = limited(never, { maxHours: 0.02 / 3600 });
    expect(signal.aborted).toBe(false);
    await wait(60);
    expect(signal.reason).toBe(`the time limit of ${0.02 / 3600} h is reached`);
    end();
  });

  it('stops a run that takes too much memory, and says both figures', async () => {
    let used = 90e6;
    const { signal, end } = limited(never, { maxMemory: 100e6 }, () => used);
    await wait(600);
    expect(signal.aborted).toBe(false);
    used = 123e6;
    await wait(600);
    expect(signal.reason).toBe('123 MB of memory are in use, more than the limit of 100 MB');
    end();
  });

  it('passes a stop on, and lets go of its timers', async () => {
    const controller = new AbortController();
    const first = limited(controller.signal, {});
    const ended = limited(controller.signal, { maxHours: 0.01 / 3600 });
    ended.end();
    await wait(40);
    controller.abort('enough');
    expect(first.signal.reason).toBe('enough');
    expect(ended.signal.aborted).toBe(false);
    expect(limited(controller.signal, {}).signal.aborted).toBe(true);
  });
});

/** 8 sweeps of a burst, two flow moves and a latent one for 6 chains, and 4200 draws. */
const recordsOfTiny = 8 * 4 * 6 + 4200;

describe('expectToFit', () => {
  it('refuses a run whose energies, densities and labels alone pass the limit', () => {
    const plan = toPlan(tinyScenario);
    expect(recordBytes(plan)).toBe(2 * 36 * recordsOfTiny);
    expect(() => expectToFit(plan, { maxMemory: 1e5 })).toThrow(RunDirectoryError);
    expectToFit(plan, { maxMemory: 1e6 });
    expectToFit(plan, {});
  });

  it('does not mind how many coordinates a record has', () => {
    const plan = toPlan(tinyScenario);
    const large = { ...plan, potential: { ...plan.potential, dim: 1e6 } };
    expect(recordBytes(large)).toBe(recordBytes(plan));
    expectToFit(large, { maxMemory: 1e6 });
  });

  it.each([
    ['local moves alone', undefined, 1],
    ['a ladder of two rungs, whose one round of swaps is recorded', [1, 2], 1],
    ['a longer ladder, with two rounds', [1, 2, 3, 4], 2],
    ['a ladder that pilots will find, one round at least', 'auto' as const, 1],
  ])(
    'counts no draws without a flow, and for %s the records of its sweeps',
    (_, ladder, rounds) => {
      const plan = toPlan(tinyScenario);
      const tempering = ladder === undefined ? undefined : { ladder };
      const flowless = { ...plan, flow: undefined, production: { ...plan.production, tempering } };
      expect(recordBytes(flowless)).toBe(2 * 36 * 8 * 6 * rounds);
    },
  );

  it('says how many sweeps would fit, and those do', () => {
    const plan = toPlan(tinyScenario);
    // Draws take 4200 records of 72 bytes, a sweep 24: five sweeps and a half.
    const room = 72 * (4200 + 5.5 * 24);
    expect(() => expectToFit(plan, { maxMemory: room })).toThrow(
      'are allowed: there is room for 5 of 8 sweeps, so ask for fewer, or for fewer chains or draws, or raise',
    );
    const shorter = { ...plan, production: { ...plan.production, sweeps: 5 } };
    expectToFit(shorter, { maxMemory: room });
    expect(() => expectToFit(plan, { maxMemory: 1e4 })).toThrow('room for 0 of 8 sweeps');
  });

  it('refuses without being asked what the machine has no memory for', () => {
    const plan = toPlan(tinyScenario);
    const needed = recordBytes(plan);
    expectToFit(plan, {}, needed);
    expect(() => expectToFit(plan, { maxMemory: 1e9 }, needed - 1)).toThrow(
      'are all that there is: there is room for 7 of 8 sweeps',
    );
  });
});

describe('expectRoomFor', () => {
  const plan = toPlan(tinyScenario);
  const needed = diskBytes(plan);

  it('refuses a run whose positions do not fit on the disk twice, with both figures', () => {
    // Two coordinates of 8 bytes, twice, and four times 36 bytes of the rest.
    expect(needed).toBe((2 * 2 * 8 + 4 * 36) * recordsOfTiny);
    expectRoomFor(plan, 'runs', 0, needed);
    expect(() => expectRoomFor(plan, 'runs', 0, needed - 1)).toThrow(
      /^the records of this run take 0\.77 MB of disk in runs, where 0\.77 MB are free: there is room for 7 of 8 sweeps, so make room,/,
    );
    const large = { ...plan, potential: { ...plan.potential, dim: 1000 } };
    expect(() => expectRoomFor(large, 'runs', 0, needed)).toThrow('room for 0 of 8 sweeps');
  });

  it('counts what of them is there already, as on a disk that a resumed run has half filled', () => {
    expectRoomFor(plan, 'runs', 1000, needed - 1000);
    expect(() => expectRoomFor(plan, 'runs', 1000, needed - 1001)).toThrow(RunDirectoryError);
  });

  it('asks the disk of the nearest folder that is there, for one that will be made', () => {
    const endless = { ...plan, production: { ...plan.production, sweeps: 1e15 } };
    expect(() => expectRoomFor(endless, 'no/such/folder/yet')).toThrow('MB are free');
    expectRoomFor(plan, 'no/such/folder/yet');
  });
});

describe('checkpoints', () => {
  const state = { arrays: {}, meta: 1 };

  it('come after so many steps, and on request', () => {
    let asked = false;
    const written: unknown[] = [];
    const points = checkpoints({ everySteps: 3, wanted: () => asked }, undefined, (midway) =>
      written.push(midway),
    );
    points.offer();
    points.watch(() => state);
    for (let step = 0; step < 7; step++) points.offer();
    expect(written).toHaveLength(2);
    asked = true;
    points.offer();
    expect(written).toEqual([state, state, state]);
    asked = false;
    points.boundary();
    points.flush();
    expect(written).toEqual([state, state, state, undefined]);
  });

  it('come by time, but never take more than a hundredth of it', async () => {
    let written = 0;
    const points = checkpoints({ everySeconds: 0.001 }, undefined, () => {
      written++;
      const end = performance.now() + 5;
      while (performance.now() < end);
    });
    points.watch(() => state);
    const start = performance.now();
    while (performance.now() - start < 300) {
      points.offer();
      await wait(1);
    }
    // One writing takes 5 ms and more, so the next is due half a second later.
    expect(written).toBe(1);
  });

  it('give back once what an earlier process left', () => {
    const points = checkpoints({}, state, () => {});
    expect(points.take()).toBe(state);
    expect(points.take()).toBeUndefined();
  });
});
