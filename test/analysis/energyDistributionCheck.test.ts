import { describe, expect, it } from 'vitest';
import { energyDistributionCheck } from '../../src/analysis/energyDistributionCheck.ts';
import { at, fold, type Key, normal, rootKey, uniform } from '../../src/core/rng.ts';
import { autoregressive, meanOf, replicas, varianceBound, varianceOf } from './series.ts';

/** Potential energies of D = 30 harmonic oscillators in equilibrium at kT: sums of 15 exponential draws. */
function oscillatorEnergies(key: Key, count: number, kT: number): Float64Array {
  const draws = uniform(key, 15 * count);
  return Float64Array.from({ length: count }, (_, n) => {
    let product = 1;
    for (let i = 0; i < 15; i++) product *= 1 - draws[15 * n + i];
    return -kT * Math.log(product);
  });
}

const kT = [2.5, 4];

/**
 * Energies from `z`, normal and of unit variance, in equilibrium at kT where the density of states is
 * e^(−E²/2σ²): they are normal with mean −σ²/kT and variance σ².
 */
function gaussianEnergies(z: Float64Array, sigma: number, temperature: number): Float64Array {
  return z.map((each) => sigma * each - sigma ** 2 / temperature);
}

describe('energies at two temperatures', () => {
  it('differ by the Boltzmann factor, which the slope of greatest likelihood finds', () => {
    const [first, second] = kT.map((own, r) => ({
      kT: own,
      energies: [oscillatorEnergies(at(rootKey(1), r), 10_000, own)],
    }));
    const { slope, expected, deviation } = energyDistributionCheck(first, second)!;
    expect(expected).toBeCloseTo(1 / 2.5 - 1 / 4, 15);
    expect(Math.abs(deviation)).toBeLessThan(4);
    expect(slope.standardError).toBeLessThan(0.02 * expected);
  });

  it('tell of a thermostat that is wrong by 3 %, in either run or in both', () => {
    // By 6 %, 3 % and 3 % of the slope: 11, 5.5 and 5.5 standard errors of so many samples.
    const shifts = [
      [1.03, 1],
      [1, 1.03],
      [1.03, 1.03],
    ].map((factors) => {
      const [first, second] = factors.map((factor, r) => ({
        kT: 1 + r,
        energies: [gaussianEnergies(normal(at(rootKey(2), r), 60_000), 4, (1 + r) * factor)],
      }));
      return energyDistributionCheck(first, second)!;
    });
    expect(shifts[0].deviation).toBeLessThan(-3);
    expect(shifts[1].deviation).toBeGreaterThan(3);
    const both = shifts[2];
    expect(both.deviation).toBeLessThan(-3);
    const { slope, expected } = both;
    expect(Math.abs(slope.value - expected / 1.03)).toBeLessThan(4 * slope.standardError);
  });

  it('may be given in either order, and counted from anywhere', () => {
    const low = { kT: kT[0], energies: [oscillatorEnergies(rootKey(4), 500, kT[0])] };
    const high = { kT: kT[1], energies: [oscillatorEnergies(rootKey(5), 700, kT[1])] };
    const lifted = [low, high].map((run) => ({
      ...run,
      energies: run.energies.map((chain) => chain.map((each) => each - 1e4)),
    }));
    const found = energyDistributionCheck(low, high)!;
    const turned = energyDistributionCheck(high, low)!;
    const moved = energyDistributionCheck(lifted[0], lifted[1])!;
    expect(turned.slope.value).toBeCloseTo(-found.slope.value, 9);
    expect(turned.deviation).toBeCloseTo(-found.deviation, 6);
    expect(moved.slope.value).toBeCloseTo(found.slope.value, 9);
    expect(moved.deviation).toBeCloseTo(found.deviation, 6);
  });

  it.each([
    ['independent', 0],
    ['correlated', 0.8],
  ])('have deviations of unit variance, %s in time', (_, rho) => {
    const count = 200;
    const records = [150, 600];
    const scores = replicas(fold(rootKey(6), `${rho}`), count).map((key) => {
      const [first, second] = [0, 1].map((r) => ({
        kT: 1 + r,
        energies: [0, 1].map((c) =>
          gaussianEnergies(autoregressive(at(key, 2 * r + c), records[r], rho), 2, 1 + r),
        ),
      }));
      return energyDistributionCheck(first, second)!.deviation;
    });
    expect(Math.abs(meanOf(scores))).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(varianceOf(scores) - 1)).toBeLessThan(varianceBound(count, 4));
  });

  it('have the error of the likelihood, also where one run is ten times as long', () => {
    const [records, sigma] = [[1000, 10_000], 4];
    const runs = records.map((count, r) => ({
      kT: 1 + r,
      energies: [gaussianEnergies(normal(at(rootKey(12), r), count), sigma, 1 + r)],
    }));
    const { slope, expected } = energyDistributionCheck(runs[0], runs[1])!;
    // The Hessian of the likelihood by the midpoint rule, at the line that is true for these densities.
    const means = [1, 2].map((own) => -(sigma ** 2) / own);
    const width = sigma / 100;
    let [h00, h01, h11] = [0, 0, 0];
    for (let z = -40 + width / 2; z < 20; z += width) {
      const [first, second] = means.map(
        (mean, r) =>
          ((records[r] * width) / Math.sqrt(2 * Math.PI) / sigma) *
          Math.exp(-((z - mean) ** 2) / (2 * sigma ** 2)),
      );
      const weight = (first * second) / (first + second);
      h00 += weight;
      h01 += weight * z;
      h11 += weight * z * z;
    }
    const error = Math.sqrt(h00 / (h00 * h11 - h01 * h01));
    expect(Math.abs(slope.standardError / error - 1)).toBeLessThan(0.12);
    expect(Math.abs(slope.value - expected)).toBeLessThan(4 * error);
  });

  it('have the slope that makes either run the likelier where it has more than its share', () => {
    // The score equations: Σ (r − p) = 0 and Σ (r − p) E = 0, at the maximum and nowhere else.
    const a = normal(rootKey(7), 40);
    const b = normal(rootKey(8), 60).map((each) => each + 1);
    const { slope } = energyDistributionCheck({ kT: 1, energies: [a] }, { kT: 2, energies: [b] })!;
    const score = (constant: number): [number, number] => {
      const p = (each: number): number => 1 / (1 + Math.exp(-constant - slope.value * each));
      let sums: [number, number] = [0, 0];
      for (const each of a) sums = [sums[0] - p(each), sums[1] - p(each) * each];
      for (const each of b) sums = [sums[0] + 1 - p(each), sums[1] + (1 - p(each)) * each];
      return sums;
    };
    let [low, high] = [-20, 20];
    for (let i = 0; i < 100; i++) {
      const middle = (low + high) / 2;
      if (score(middle)[0] > 0) low = middle;
      else high = middle;
    }
    expect(Math.abs(score(low)[1])).toBeLessThan(1e-6);
  });

  it('say nothing where they do not overlap or are too few', () => {
    const low = { kT: 1, energies: [normal(rootKey(9), 50)] };
    const far = { kT: 2, energies: [normal(rootKey(10), 50).map((each) => each + 20)] };
    const few = { kT: 2, energies: [Float64Array.of(-1, 0, 1, 2)] };
    expect(energyDistributionCheck(low, far)).toBeUndefined();
    expect(energyDistributionCheck(far, low)).toBeUndefined();
    expect(energyDistributionCheck(low, few)).toBeUndefined();
    expect(energyDistributionCheck(low, { kT: 2, energies: [] })).toBeUndefined();
  });

  it('are refused at one temperature, and where they are not finite', () => {
    const run = { kT: 1, energies: [normal(rootKey(11), 50)] };
    expect(() => energyDistributionCheck(run, run)).toThrow(
      '"second.kT" expected another temperature than the first, 1',
    );
    expect(() => energyDistributionCheck(run, { ...run, kT: 0 })).toThrow(RangeError);
    const broken = { kT: 2, energies: [Float64Array.of(1, Infinity)] };
    expect(() => energyDistributionCheck(run, broken)).toThrow(
      '"an energy of run 2" expected a finite number, got Infinity',
    );
  });
});
