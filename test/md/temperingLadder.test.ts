import { describe, expect, it } from 'vitest';
import { type Batch, fromRows } from '../../src/core/batch.ts';
import { iterate, take } from '../../src/core/iterate.ts';
import { booked, emptyLedger } from '../../src/core/ledger.ts';
import type { Potential } from '../../src/core/potential.ts';
import { rootKey } from '../../src/core/rng.ts';
import { mala } from '../../src/md/kernels/mala.ts';
import { doubleWell } from '../../src/md/potentials/doubleWell.ts';
import { harmonic } from '../../src/md/potentials/harmonic.ts';
import { predictedSwaps } from '../../src/md/predictedSwaps.ts';
import { usefulAcceptance } from '../../src/md/stepSize.ts';
import { swapStatistics } from '../../src/md/swapStatistics.ts';
import { tempering } from '../../src/md/tempering.ts';
import { temperingLadder } from '../../src/md/temperingLadder.ts';

const starts = fromRows(Array.from({ length: 16 }, (_, c) => [c % 2 === 0 ? -1.7 : 1.7, 0]));

function wells(x: Batch): Int32Array {
  return Int32Array.from({ length: x.count }, (_, b) => {
    const at = x.data[b * x.dim];
    return at < -1 ? 0 : at > 1 ? 1 : -1;
  });
}

function find(potential: Potential, options: { maxKT?: number; seed?: number } = {}) {
  return temperingLadder({
    potential,
    kT: 1,
    make: (kT, timestep) => mala(potential, { kT, timestep, attempts: 20 }),
    stepSize: 0.05,
    acceptance: usefulAcceptance.mala,
    starts,
    cores: wells,
    bursts: 20,
    key: rootKey(options.seed ?? 1),
    ...(options.maxKT === undefined ? {} : { maxKT: options.maxKT }),
  });
}

describe('the predicted share of accepted swaps', () => {
  it('is 2/(1 + c) for two harmonic degrees of freedom', () => {
    for (const ratio of [1, 1.5, 3, 10]) {
      expect(predictedSwaps(ratio, 1)).toBeCloseTo(2 / (1 + ratio), 10);
    }
  });

  it('tends to erfc(√C (c − 1)/2) for many degrees of freedom and close temperatures', () => {
    // erfc(0.5) by its series to 1e-10.
    const erfcHalf = 0.4795001222;
    expect(predictedSwaps(1 + 1 / Math.sqrt(1e5), 1e5)).toBeCloseTo(erfcHalf, 2);
  });

  it('falls with the ratio and with the heat capacity', () => {
    expect(predictedSwaps(2, 1)).toBeGreaterThan(predictedSwaps(3, 1));
    expect(predictedSwaps(2, 1)).toBeGreaterThan(predictedSwaps(2, 2));
    expect(predictedSwaps(2, 0.5)).toBeGreaterThan(0.5);
  });

  it('is what replicas in a harmonic well are found to accept', () => {
    const potential = harmonic({ stiffness: [1, 1, 1, 1] });
    const ladders = 2000;
    const replicas = tempering({
      ladder: [1, 2],
      local: (kT) => mala(potential, { kT, timestep: 0.5, attempts: 6 }),
      swapEvery: 2,
    });
    const statistics = swapStatistics(replicas, ladders);
    const start = replicas.start(potential, {
      data: new Float64Array(4 * ladders),
      count: ladders,
      dim: 4,
    });
    let step = 0;
    for (const { info } of take(30, iterate(replicas.kernels, start, rootKey(9)))) {
      // The first rounds only forget the common start.
      if (step >= 15) statistics.observe(step, info);
      step++;
    }
    const [found] = statistics.figures().acceptance;
    const expected = predictedSwaps(2, 2);
    const spread = Math.sqrt((expected * (1 - expected)) / (5 * ladders));
    expect(Math.abs(found - expected)).toBeLessThan(4 * spread);
  });
});

describe('a ladder from pilots', () => {
  it('rises geometrically from kT to the temperature at which the pilots cross', () => {
    const { ladder, pilots, crosses } = find(doubleWell());
    expect(crosses).toBe(true);
    expect(ladder[0]).toBe(1);
    expect(ladder[ladder.length - 1]).toBeCloseTo(pilots[pilots.length - 1].kT, 12);
    for (const pilot of pilots.slice(0, -1)) expect(pilot.crossings).toBeLessThan(1);
    expect(pilots[pilots.length - 1].crossings).toBeGreaterThanOrEqual(1);
    const ratios = ladder.slice(1).map((kT, r) => kT / ladder[r]);
    for (const ratio of ratios) expect(ratio).toBeCloseTo(ratios[0], 10);
  });

  it('has the fewest rungs whose predicted acceptance is at least 0.23', () => {
    const { ladder, pilots, predictedSwaps: predicted } = find(doubleWell(), { maxKT: 40 });
    const heatCapacity = Math.max(...pilots.map((pilot) => pilot.heatCapacity));
    expect(predicted).toBeGreaterThanOrEqual(0.23);
    expect(predictedSwaps(40 ** (1 / (ladder.length - 2)), heatCapacity)).toBeLessThan(0.23);
  });

  it('predicts hardly more swaps than are then found', () => {
    const potential = doubleWell();
    const { ladder, stepSizes, predictedSwaps: predicted } = find(potential, { maxKT: 16 });
    const replicas = tempering({
      ladder,
      local: (kT, rung) => mala(potential, { kT, timestep: stepSizes[rung], attempts: 5 }),
      swapEvery: 1,
    });
    const statistics = swapStatistics(replicas, starts.count);
    let step = 0;
    const run = iterate(replicas.kernels, replicas.start(potential, starts), rootKey(2));
    for (const { info } of take(2000, run)) statistics.observe(step++, info);
    const { acceptance, roundTrips } = statistics.figures();
    for (const found of acceptance) {
      // The largest heat capacity of the ladder stands for all of it, so more is accepted elsewhere.
      expect(found).toBeGreaterThan((2 / 3) * predicted);
    }
    expect(Math.min(...roundTrips)).toBeGreaterThan(0);
  });

  it('measures the heat capacity D/2 of a harmonic well at every temperature', () => {
    const { pilots } = find(harmonic({ stiffness: [1, 1] }), { maxKT: 4 });
    expect(pilots.map((pilot) => pilot.kT)).toEqual([1, 2, 4]);
    for (const { heatCapacity } of pilots) {
      expect(heatCapacity).toBeGreaterThan(0.6);
      expect(heatCapacity).toBeLessThan(1.6);
    }
  });

  it('is a single rung where the pilots cross at kT already', () => {
    const { ladder, predictedSwaps: predicted } = find(doubleWell({ a2: 1 }));
    expect(ladder).toEqual([1]);
    expect(predicted).toBe(1);
  });

  it('says so where even the hottest pilot does not cross', () => {
    const { crosses, pilots } = find(doubleWell(), { maxKT: 1.5 });
    expect(crosses).toBe(false);
    expect(pilots.map((pilot) => pilot.kT)).toEqual([1, 1.5]);
  });

  it('books every pilot and spends nothing that is not booked', () => {
    const plain = doubleWell();
    let evaluations = 0;
    const watched: Potential = {
      ...plain,
      energyAndGradient(x, out) {
        evaluations += x.count;
        return plain.energyAndGradient(x, out);
      },
    };
    const ledger = emptyLedger();
    find(booked(watched, ledger, 'diagnostics'));
    expect(ledger.diagnostics).toBe(evaluations);
    expect(evaluations).toBeGreaterThan(16 * 20 * 20);
  });

  it('refuses a last rung below the first', () => {
    expect(() => find(doubleWell(), { maxKT: 0.5 })).toThrow('"maxKT" expected');
  });
});
