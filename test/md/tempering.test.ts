import { describe, expect, it } from 'vitest';
import { batch, concat } from '../../src/core/batch.ts';
import { iterate, take } from '../../src/core/iterate.ts';
import { type ChainState, type Kernel, startChains } from '../../src/core/kernel.ts';
import { booked, emptyLedger } from '../../src/core/ledger.ts';
import { at, fold, rootKey } from '../../src/core/rng.ts';
import { hmc } from '../../src/md/kernels/hmc.ts';
import { langevin } from '../../src/md/kernels/langevin.ts';
import { mala } from '../../src/md/kernels/mala.ts';
import { swapRungs } from '../../src/md/swapRungs.ts';
import { tempering } from '../../src/md/tempering.ts';
import { type Score, score, worst } from '../contracts/stationarity.ts';
import { exactDoubleWell } from './exactDoubleWell.ts';

const { potential } = exactDoubleWell;
const ladder = [0.4, 0.8, 1.6];
const locals = {
  mala: (kT: number) => mala(potential, { kT, timestep: 0.04, attempts: 2 }),
  hmc: (kT: number) => hmc(potential, { kT, timestep: 0.15, steps: 3, attempts: 1 }),
};

/**
 * Scores every rung after `steps` steps from exact samples: each ladder gives one number an observable, its
 * mean over the run, and ladders are independent.
 */
function scores(
  kernels: readonly [Kernel, ...Kernel[]],
  { ladders, steps, seed }: { ladders: number; steps: number; seed: number },
): Score[] {
  const key = rootKey(seed);
  const start = startChains(
    potential,
    concat(ladder.map((kT, r) => exactDoubleWell.sample(kT, ladders, at(fold(key, 'start'), r)))),
  );
  const observables: {
    name: string;
    of: (x: number, y: number) => number;
    truth: (kT: number) => number;
  }[] = [
    { name: 'x', of: (x) => x, truth: (kT) => exactDoubleWell.mean(kT, (x) => x) },
    { name: 'x²', of: (x) => x * x, truth: (kT) => exactDoubleWell.mean(kT, (x) => x * x) },
    {
      name: 'left',
      of: (x) => (x < 0 ? 1 : 0),
      truth: (kT) => exactDoubleWell.mean(kT, (x) => (x < 0 ? 1 : 0)),
    },
    { name: 'y²', of: (_, y) => y * y, truth: (kT) => kT / 2 },
    {
      name: 'U',
      of: (x, y) => exactDoubleWell.energy(x) + y * y,
      truth: (kT) => exactDoubleWell.mean(kT, exactDoubleWell.energy) + kT / 2,
    },
  ];
  const sums = observables.map(() => new Float64Array(ladder.length * ladders));
  for (const { state } of take(steps, iterate(kernels, start, fold(key, 'run')))) {
    const { data, count } = state.positions;
    observables.forEach(({ of }, o) => {
      for (let row = 0; row < count; row++) sums[o][row] += of(data[2 * row], data[2 * row + 1]);
    });
  }
  return observables.flatMap(({ name, truth }, o) =>
    ladder.map((kT, r) =>
      score(
        `${name} at ${kT}`,
        sums[o].subarray(r * ladders, (r + 1) * ladders).map((sum) => sum / steps),
        truth(kT),
      ),
    ),
  );
}

/** `cycle` with every swap kernel replaced. */
function withSwaps(
  cycle: readonly [Kernel, ...Kernel[]],
  mutate: (swap: Kernel) => Kernel,
): readonly [Kernel, ...Kernel[]] {
  const [first, ...rest] = cycle.map((kernel) =>
    kernel.name === 'swap' ? mutate(kernel) : kernel,
  );
  return [first, ...rest];
}

function mutant(
  swap: Kernel,
  change: (before: ChainState, after: ChainState) => ChainState,
): Kernel {
  return {
    ...swap,
    step(state, key) {
      const { state: after, info } = swap.step(state, key);
      return { state: change(state, after), info };
    },
  };
}

describe('parallel tempering', () => {
  const size = { ladders: 3000, steps: 24, seed: 5 };

  it.each(Object.entries(locals))(
    'leaves the distribution of every rung as it was, with %s inside',
    (_, local) => {
      const { kernels } = tempering({ ladder, local, swapEvery: 1 });
      const furthest = worst(scores(kernels, size));
      expect(Math.abs(furthest.z), furthest.name).toBeLessThan(4);
    },
  );

  it('is caught when the sign of the swap ratio is turned', () => {
    const { kernels, swaps } = tempering({ ladder, local: locals.mala, swapEvery: 1 });
    const inverted = ladder.map((kT) => -kT);
    const [first, ...rest] = kernels.map((kernel, n) =>
      swaps[n].length === 0 ? kernel : swapRungs(inverted, swaps[n]),
    );
    const wrong: [Kernel, ...Kernel[]] = [first, ...rest];
    expect(Math.abs(worst(scores(wrong, size)).z)).toBeGreaterThan(6);
  });

  it.each(['energy', 'gradient'] as const)(
    'is caught when a swap leaves the cached %s where it was',
    (field) => {
      const { kernels } = tempering({ ladder, local: locals.mala, swapEvery: 1 });
      const stale = withSwaps(kernels, (swap) =>
        mutant(swap, (before, after) => ({ ...after, [field]: before[field] })),
      );
      expect(Math.abs(worst(scores(stale, size)).z)).toBeGreaterThan(6);
    },
  );

  it('is caught when every swap is accepted', () => {
    const { kernels } = tempering({ ladder, local: locals.mala, swapEvery: 1 });
    const greedy = withSwaps(kernels, (swap) => ({
      ...swap,
      step: (state, key) =>
        swap.step({ ...state, energy: new Float64Array(state.energy.length) }, key),
    }));
    expect(Math.abs(worst(scores(greedy, size)).z)).toBeGreaterThan(6);
  });

  it('fills both wells of the coldest rung from one of them, where its local moves alone do not', () => {
    const cold = [0.18, 0.36, 0.72, 1.44];
    const ladders = 200;
    const starts = batch(
      Float64Array.from({ length: 2 * ladders }, (_, i) => (i % 2 === 0 ? 1.2 : 0)),
      2,
    );
    const truth = exactDoubleWell.mean(cold[0], (x) => (x < 0 ? 1 : 0));
    const leftAfter = (temperatures: readonly number[], steps: number): number => {
      const replicas = tempering({ ladder: temperatures, local: locals.mala, swapEvery: 1 });
      let left = 0;
      let seen = 0;
      let step = 0;
      const run = iterate(replicas.kernels, replicas.start(potential, starts), rootKey(3));
      for (const { state } of take(steps, run)) {
        step++;
        // One record a ladder: independent, and late enough to have forgotten the start.
        if (step < steps) continue;
        const { data, count } = replicas.cold(state);
        for (let b = 0; b < count; b++) left += data[2 * b] < 0 ? 1 : 0;
        seen += count;
      }
      return left / seen;
    };
    const spread = Math.sqrt((truth * (1 - truth)) / ladders);
    expect(leftAfter(cold.slice(0, 1), 1200)).toBeLessThan(truth / 4);
    expect(Math.abs(leftAfter(cold, 1200) - truth)).toBeLessThan(4 * spread);
  });

  it('takes even and odd pairs by turns, with the asked number of local bursts before each', () => {
    const { kernels, swaps } = tempering({
      ladder: [1, 2, 3, 4, 5],
      local: locals.mala,
      swapEvery: 2,
    });
    expect(swaps).toEqual([[], [], [0, 2], [], [], [1, 3]]);
    expect(kernels.map((kernel) => kernel.name === 'swap')).toEqual(swaps.map((s) => s.length > 0));
  });

  it('has one kind of swaps with two rungs and none with one', () => {
    const of = (temperatures: readonly number[]) =>
      tempering({ ladder: temperatures, local: locals.mala, swapEvery: 1 }).swaps;
    expect(of([1, 2])).toEqual([[], [0]]);
    expect(of([1])).toEqual([[]]);
  });

  it('spends one evaluation a row on its start and none on swaps', () => {
    const ledger = emptyLedger();
    const counted = booked(potential, ledger, 'localMoves');
    const replicas = tempering({
      ladder,
      local: (kT) => mala(counted, { kT, timestep: 0.04, attempts: 2 }),
      swapEvery: 3,
    });
    const start = replicas.start(counted, batch(new Float64Array(10), 2));
    expect(ledger.localMoves).toBe(5 * 3);
    for (const _ of take(8, iterate(replicas.kernels, start, rootKey(1))));
    // Two rounds of three bursts of two attempts.
    expect(ledger.localMoves).toBe(5 * 3 * (1 + 2 * 3 * 2));
  });

  it('moves the first ladders alike, however many others there are', () => {
    const firstThree = (ladders: number): Float64Array[] => {
      const replicas = tempering({ ladder, local: locals.mala, swapEvery: 1 });
      const starts = exactDoubleWell.sample(1, ladders, rootKey(2));
      const run = iterate(replicas.kernels, replicas.start(potential, starts), rootKey(4));
      return [...take(8, run)].map(({ state }) => replicas.cold(state).data.slice(0, 2 * 3));
    };
    expect(firstThree(7)).toEqual(firstThree(3));
  });

  it('keeps energy and gradient those of the positions through local moves and swaps', () => {
    const replicas = tempering({ ladder, local: locals.hmc, swapEvery: 1 });
    const starts = exactDoubleWell.sample(1, 20, rootKey(2));
    const run = iterate(replicas.kernels, replicas.start(potential, starts), rootKey(4));
    for (const { state } of take(12, run)) {
      const { energy, gradient } = potential.energyAndGradient(state.positions);
      expect(state.energy).toEqual(energy);
      expect(state.gradient).toEqual(gradient);
    }
  });

  it('refuses a ladder that falls, an empty one, and dynamics that is not exact', () => {
    const { mala: local } = locals;
    expect(() => tempering({ ladder: [1, 0.5], local, swapEvery: 1 })).toThrow(
      '"ladder" expected rising kT, got 0.5 after 1 at rung 1',
    );
    expect(() => tempering({ ladder: [], local, swapEvery: 1 })).toThrow(RangeError);
    expect(() => tempering({ ladder: [1, 2], local, swapEvery: 0 })).toThrow('"swapEvery"');
    expect(() =>
      tempering({
        ladder: [1, 2],
        local: (kT) => langevin(potential, { kT, timestep: 0.01, friction: 1, steps: 1 }),
        swapEvery: 1,
      }),
    ).toThrow('exact');
  });
});

describe('a swap', () => {
  const state: ChainState = {
    positions: batch(Float64Array.of(1, 2, 3, 4), 1),
    energy: Float64Array.of(10, 5, 0, 7),
    gradient: Float64Array.of(-1, -2, -3, -4),
    velocities: undefined,
    density: undefined,
  };

  it('has the log-ratio (1/kTᵢ − 1/kTⱼ)(Uᵢ − Uⱼ), and always lets the lower energy go to the cold', () => {
    const { state: after, info } = swapRungs([1, 2], [0]).step(state, rootKey(1));
    expect(Array.from(info.logRatio)).toEqual([(1 - 0.5) * (10 - 0), 0.5 * (5 - 7), 5, -1]);
    expect([info.accepted[0], info.accepted[2]]).toEqual([1, 1]);
    expect(after.positions.data[0]).toBe(3);
    expect(after.positions.data[2]).toBe(1);
    expect([after.energy[0], after.energy[2]]).toEqual([0, 10]);
    expect([after.gradient[0], after.gradient[2]]).toEqual([-3, -1]);
  });

  it('does not touch the state it was given, nor rungs without a partner', () => {
    const before = structuredClone(state);
    const { state: after, info } = swapRungs([1, 2, 3, 4], [1]).step(state, rootKey(1));
    expect(state).toEqual(before);
    expect(after.positions.data[0]).toBe(1);
    expect(after.positions.data[3]).toBe(4);
    expect(info.logRatio[0]).toBeNaN();
  });

  it('moves a forbidden configuration up and never exchanges two of them', () => {
    const forbidden: ChainState = {
      ...state,
      energy: Float64Array.of(Infinity, Infinity, 0, Infinity),
    };
    const { info } = swapRungs([1, 2], [0]).step(forbidden, rootKey(1));
    expect(Array.from(info.accepted)).toEqual([1, 0, 1, 0]);
  });

  it('throws its own coin for every ladder', () => {
    const ladders = 4000;
    const energy = new Float64Array(2 * ladders).fill(1, ladders);
    const { info } = swapRungs([1, 2], [0]).step(
      {
        positions: batch(new Float64Array(2 * ladders), 1),
        energy,
        gradient: new Float64Array(2 * ladders),
        velocities: undefined,
        density: undefined,
      },
      rootKey(7),
    );
    const accepted =
      info.accepted.subarray(0, ladders).reduce((sum, one) => sum + one, 0) / ladders;
    const expected = Math.exp(-0.5);
    const spread = Math.sqrt((expected * (1 - expected)) / ladders);
    expect(Math.abs(accepted - expected)).toBeLessThan(4 * spread);
  });
});
