import { describe, expect, it } from 'vitest';
import { bar } from '../../src/analysis/bar.ts';
import { mbar } from '../../src/analysis/mbar.ts';
import { fold, rootKey } from '../../src/core/rng.ts';
import { drawOscillators, harmonicEnergy, oscillators, wells } from './oscillators.ts';
import { meanOf, replicas, varianceBound, varianceOf } from './series.ts';

const key = fold(rootKey(15), 'mbar');
const probe = { center: 2.5, stiffness: 1.2 };

function expectAll(found: ArrayLike<number>, published: readonly number[], digits: number): void {
  expect(found.length).toBe(published.length);
  published.forEach((value, i) => {
    expect(found[i]).toBeCloseTo(value, digits);
  });
}

describe('MBAR against pymbar 4 (commit cf12100) on the same samples', () => {
  const { x, energies, counts } = oscillators();
  const solved = mbar(energies, counts);

  it('has its free energies and their errors', () => {
    expectAll(solved.freeEnergies, [0, 0.40730454, 0.54728809, 0.687135], 7);
    const errors = wells.map((_, k) => solved.difference(0, k).standardError);
    expectAll(errors, [0, 0.07432302, 0.14096077, 0.21633757], 6);
    expect(solved.difference(1, 3).standardError).toBeCloseTo(0.18822191494871607, 7);
  });

  it('has its expectations in sampled and unsampled states', () => {
    const found = wells.map((_, k) => solved.expectation(x, k));
    expectAll(
      found.map((e) => e.value),
      [0.92019547, 2.02482443, 3.03399065, 3.99591127],
      7,
    );
    expectAll(
      found.map((e) => e.standardError),
      [0.12783734, 0.0875183, 0.07624916, 0.07350664],
      6,
    );
    const own = wells.map((_, k) => solved.expectation(energies[k], k));
    expectAll(
      own.map((e) => e.value),
      [0.50691652, 0.55628683, 0.45741616, 0.5210648],
      7,
    );
    expectAll(
      own.map((e) => e.standardError),
      [0.05063715, 0.0456258, 0.03934935, 0.05499223],
      6,
    );
  });

  it('has its free energy and expectation of another potential', () => {
    const u = x.map((v) => harmonicEnergy(probe, v));
    const free = solved.freeEnergyOf(u);
    expect(free.value).toBeCloseTo(0.4767817438039259, 8);
    expect(free.standardError).toBeCloseTo(0.10707457165285104, 7);
    const square = solved.expectation(
      x.map((v) => v * v),
      u,
    );
    expect(square.value).toBeCloseTo(7.39712055, 7);
    expect(square.standardError).toBeCloseTo(0.43221975, 6);
  });

  it('has its overlap matrix, whose rows sum to 1', () => {
    const overlap = solved.overlap();
    expectAll(overlap[0], [0.67981443, 0.23970149, 0, 0.08048408], 7);
    expectAll(overlap[2], [0.26666982, 0.28788156, 0, 0.44544862], 7);
    for (const own of overlap) expect(own.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
  });
});

describe('MBAR', () => {
  it('has z-scores of unit variance for oscillators, one of them without samples', () => {
    const count = 200;
    const counts = [200, 100, 0, 160];
    const truth = wells.map(({ stiffness }) => 0.5 * Math.log(stiffness / wells[0].stiffness));
    const scores = replicas(fold(key, 'z'), count).map((own) => {
      const { x, energies } = drawOscillators(own, counts);
      const solved = mbar(energies, counts);
      const free = solved.freeEnergyOf(x.map((v) => harmonicEnergy(probe, v)));
      const mean = solved.expectation(x, 2);
      return [
        ...[1, 2, 3].map((k) => {
          const { value, standardError } = solved.difference(0, k);
          return (value - truth[k]) / standardError;
        }),
        (mean.value - wells[2].center) / mean.standardError,
        (free.value - 0.5 * Math.log(probe.stiffness / 0.5)) / free.standardError,
      ];
    });
    for (let k = 0; k < 5; k++) {
      const z = scores.map((own) => own[k]);
      expect(Math.abs(meanOf(z))).toBeLessThan(0.1 + 4 / Math.sqrt(count));
      expect(Math.abs(varianceOf(z) - 1)).toBeLessThan(0.05 + varianceBound(count, 4));
    }
  });

  it('is BAR for two states', () => {
    const { energies } = oscillators();
    const both = [energies[0].slice(0, 150), energies[1].slice(0, 150)];
    const solved = mbar(both, [100, 50]).difference(0, 1);
    const pair = bar(
      both[1].map((u, n) => u - both[0][n]).slice(0, 100),
      both[0].map((u, n) => u - both[1][n]).slice(100),
    )!;
    expect(solved.value).toBeCloseTo(pair.value, 10);
    // Their asymptotic variances are two estimates of one number.
    expect(solved.standardError / pair.standardError).toBeCloseTo(1, 1);
  });

  it('does not see constants in the energies but as shifts, nor the order of the samples', () => {
    const { energies, counts } = oscillators();
    const plain = mbar(energies, counts);
    const moved = mbar(
      energies.map((u, k) => u.map((e) => e + 100 * k - 700).reverse()),
      counts,
    );
    wells.forEach((_, k) => {
      expect(moved.freeEnergies[k] - plain.freeEnergies[k]).toBeCloseTo(100 * k, 8);
    });
    expect(moved.difference(0, 3).standardError).toBeCloseTo(
      plain.difference(0, 3).standardError,
      8,
    );
  });

  it('takes forbidden configurations for what they are', () => {
    // Uniform on [0, 1] and on [0, ½], in kT: ln 2 apart, and state 1 is certain to overlap.
    const first = new Float64Array(300);
    const second = Float64Array.from(first, (_, n) => (n < 200 && n % 2 === 1 ? Infinity : 0));
    const solved = mbar([first, second], [200, 100]);
    expect(solved.freeEnergies[1]).toBeCloseTo(Math.log(2), 10);
  });

  it('refuses states that share no configurations', () => {
    const first = Float64Array.from({ length: 20 }, (_, n) => (n < 10 ? 0 : Infinity));
    const second = first.toReversed();
    expect(() => mbar([first, second], [10, 10])).toThrow(/state 1 shares no configurations/);
  });

  it('refuses shapes that do not match', () => {
    expect(() => mbar([new Float64Array(3)], [2])).toThrow(/expected 2 samples, got 3/);
    expect(() => mbar([], [])).toThrow(/0 counts/);
    const solved = mbar([new Float64Array(2)], [2]);
    expect(() => solved.freeEnergyOf(new Float64Array(3))).toThrow(/expected 2 energies/);
  });
});
