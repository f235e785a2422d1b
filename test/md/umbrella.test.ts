import { describe, expect, it } from 'vitest';
import { mbar } from '../../src/analysis/mbar.ts';
import { umbrellaProfile } from '../../src/analysis/umbrellaProfile.ts';
import { batch, fromRows } from '../../src/core/batch.ts';
import { linear } from '../../src/core/collectiveVariable.ts';
import { ErgoflowError, ShapeError } from '../../src/core/errors.ts';
import { booked, emptyLedger } from '../../src/core/ledger.ts';
import { fold, normal, rootKey } from '../../src/core/rng.ts';
import { hmc } from '../../src/md/kernels/hmc.ts';
import { langevin } from '../../src/md/kernels/langevin.ts';
import { doubleWell } from '../../src/md/potentials/doubleWell.ts';
import {
  evenWindows,
  type UmbrellaOptions,
  umbrellaPotential,
  umbrellaSampling,
} from '../../src/md/umbrella.ts';

const x = linear('x', [1, 0]);
const windows = evenWindows(-2.3, 2.2, 14, 20);
const chains = 6;
const potential = doubleWell();
const axis = { min: -2.2, max: 2.2, bins: 22 };

function run(changes: Partial<UmbrellaOptions> = {}) {
  return umbrellaSampling({
    potential,
    variable: x,
    windows,
    local: (restrained) => hmc(restrained, { kT: 1, timestep: 0.15, steps: 4, attempts: 1 }),
    starts: fromRows(windows.flatMap(({ center }) => Array(chains).fill([center, 0]))),
    burnIn: 20,
    records: 300,
    stride: 1,
    key: rootKey(5),
    ...changes,
  });
}

describe('umbrella sampling', () => {
  it('finds the known profile and difference of the double well, over a barrier of 10.8 kT', () => {
    const found = umbrellaProfile(run(), { ...axis, kT: 1, key: rootKey(6), replicates: 25 });
    const difference = found.difference(0);
    expect(Math.abs(difference.value - 3.3799)).toBeLessThan(4 * difference.standardError);
    expect(difference.standardError).toBeLessThan(0.15);

    const { edges, freeEnergy, standardError } = found.profile;
    const exact = Array.from(freeEnergy, (_, k) => binFreeEnergy(edges[k], edges[k + 1]));
    // Up to a constant, which is the lowest bin's in both.
    const lowest = Math.min(...exact);
    let squares = 0;
    freeEnergy.forEach((f, k) => {
      const error = standardError[k] ?? 0;
      const shift = standardError[freeEnergy.indexOf(0)] ?? 0;
      const z = (f - exact[k] + lowest) / Math.hypot(error, shift);
      expect(Math.abs(z), `bin ${k}`).toBeLessThan(4.5);
      squares += z * z;
    });
    // Errors neither much too large nor too small; the bins are correlated, hence the width.
    expect(squares / freeEnergy.length).toBeGreaterThan(0.1);
    expect(squares / freeEnergy.length).toBeLessThan(4);
    expect(found.weakLinks).toEqual([]);
    for (const rhat of found.rhat) expect(rhat).toBeLessThan(1.05);
    expect(found.windowFreeEnergies[0]).toEqual({ value: 0, standardError: 0 });
  });

  it('books one evaluation of the potential for each step of each chain', () => {
    const ledger = emptyLedger();
    run({ potential: booked(potential, ledger, 'diagnostics'), records: 10, stride: 2, burnIn: 5 });
    expect(ledger.diagnostics).toBe((1 + (5 + 20) * 4) * windows.length * chains);
  });

  it('gives the same records for the same key, and runs each window at its own center', () => {
    const [one, again] = [run({ records: 20 }), run({ records: 20 })];
    expect(again.values).toEqual(one.values);
    expect(run({ records: 20, key: rootKey(7) }).values).not.toEqual(one.values);
    one.acceptance.forEach((share) => {
      expect(share).toBeGreaterThan(0.5);
      expect(share).toBeLessThanOrEqual(1);
    });
    one.values.forEach((own, w) => {
      const mean = own.reduce((sum, chain) => sum + chain.reduce((a, b) => a + b, 0), 0);
      expect(Math.abs(mean / (20 * chains) - windows[w].center)).toBeLessThan(0.6);
    });
  });

  it('restrains each row by its own window, with the gradient of its energy', () => {
    const two = [
      { center: 1, stiffness: 10 },
      { center: -1, stiffness: 4 },
    ];
    const at = fromRows([
      [0.5, 1],
      [0.5, 1],
    ]);
    const restrained = umbrellaPotential(potential, x, two, 2);
    const { energy, gradient } = restrained.energyAndGradient(at);
    const free = potential.energyAndGradient(at);
    expect(energy[0] - free.energy[0]).toBeCloseTo(0.5 * 10 * 0.25, 12);
    expect(energy[1] - free.energy[1]).toBeCloseTo(0.5 * 4 * 2.25, 12);
    expect(gradient[0] - free.gradient[0]).toBeCloseTo(10 * -0.5, 12);
    expect(gradient[2] - free.gradient[2]).toBeCloseTo(4 * 1.5, 12);
    expect(gradient[3]).toBe(free.gradient[3]);
    expect(restrained.energy(at)).toEqual(energy);
  });

  it('names windows that do not overlap, and those that hardly do', () => {
    const sparse = [0, 1, 5, 5.4].map((center) => ({ center, stiffness: 25 }));
    const values = sparse.map(({ center }, w) =>
      [0, 1].map((c) => normal(fold(rootKey(w), `${c}`), 200).map((z) => center + 0.2 * z)),
    );
    const options = { kT: 1, min: -1, max: 6, bins: 10, key: rootKey(1), replicates: 2 };
    expect(() => umbrellaProfile({ windows: sparse, values }, options)).toThrow(
      /^umbrella: windows 1 \(center 1\) and 2 \(center 5\) do not overlap: records up to 1\.\d+ and from 4\.\d+; add windows/,
    );
    const two = { windows: sparse.slice(0, 2), values: values.slice(0, 2) };
    expect(umbrellaProfile(two, options).weakLinks).toEqual([
      expect.stringMatching(/^windows 0 \(center 0\) and 1 \(center 1\) overlap by 0\.0/),
    ]);
    expect(() =>
      umbrellaProfile({ windows: sparse.slice(0, 1), values: [[values[0][0]]] }, options),
    ).toThrow('window 0 (center 0) expected at least two chains, got 1');
    expect(() => umbrellaProfile({ windows: sparse, values: values.slice(1) }, options)).toThrow(
      ShapeError,
    );
  });

  it('names the window and the chain of a start that is no configuration', () => {
    const starts = fromRows(windows.flatMap(({ center }) => Array(chains).fill([center, 0])));
    starts.data[2 * (3 * chains + 2) + 1] = Number.NaN;
    expect(() => run({ starts })).toThrow(ErgoflowError);
    expect(() => run({ starts })).toThrow(
      /chain 2 of window 3 \(center -1\.26\d*\) starts with energy NaN, coordinate 1 of 2 being NaN/,
    );
    expect(() => run({ starts: batch(new Float64Array(2 * 17), 2) })).toThrow(
      /same number of chains in each of 14 windows, got 17 starts/,
    );
  });

  it('refuses dynamics with a time-step bias, and batches other than its own', () => {
    expect(() =>
      run({ local: (u) => langevin(u, { kT: 1, timestep: 0.1, friction: 1, steps: 1 }) }),
    ).toThrow(/"local" expected a kernel that is exact, got langevin/);
    expect(() =>
      umbrellaPotential(potential, x, windows, 14).energy(batch(normal(rootKey(1), 4), 2)),
    ).toThrow('umbrella: expected all 14 chains in one batch, got 2');
    expect(() => umbrellaPotential(potential, x, [{ center: 0, stiffness: -1 }], 1)).toThrow(
      /"windows\[0\].stiffness" expected zero or a positive number/,
    );
  });
});

describe('MBAR with multiplicities', () => {
  it('is MBAR of the samples repeated', () => {
    const s = normal(rootKey(8), 40);
    const times = Float64Array.from(s, (_, n) => 1 + (n % 3));
    const total = times.reduce((a, b) => a + b, 0);
    const repeated = Float64Array.from([...s].flatMap((v, n) => Array(times[n]).fill(v)));
    const energies = (of: Float64Array) =>
      [0, 0.7, -0.5].map((c) => of.map((v) => 2 * (v - c) ** 2));
    const counts = [20, 30, total - 50];
    const pooled = mbar(energies(s), counts, {
      multiplicities: times,
      initial: Float64Array.of(0, 0.3, -0.3),
    });
    const plain = mbar(energies(repeated), counts);
    plain.freeEnergies.forEach((f, k) => {
      expect(pooled.freeEnergies[k]).toBeCloseTo(f, 9);
    });
    expect(pooled.difference(0, 2).standardError).toBeCloseTo(
      plain.difference(0, 2).standardError,
      9,
    );
    expect(pooled.overlap()[1][2]).toBeCloseTo(plain.overlap()[1][2], 9);
    expect(pooled.expectation(s, 1).value).toBeCloseTo(plain.expectation(repeated, 1).value, 9);
    expect(pooled.weights[1].reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    const free = pooled.weightsOf(new Float64Array(40));
    expect(free.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    expect(pooled.freeEnergyOf(new Float64Array(40)).value).toBeCloseTo(
      plain.freeEnergyOf(new Float64Array(total)).value,
      9,
    );
    expect(() => mbar(energies(s), [1, 1, 1], { multiplicities: times })).toThrow(ShapeError);
  });
});

/** −ln ∫ exp(−U) over [from, to), up to the factor of y, by the midpoint rule. */
function binFreeEnergy(from: number, to: number): number {
  const cells = 200;
  const width = (to - from) / cells;
  const points = fromRows(Array.from({ length: cells }, (_, i) => [from + (i + 0.5) * width, 0]));
  return -Math.log(potential.energy(points).reduce((sum, u) => sum + Math.exp(-u) * width, 0));
}
