import { describe, expect, it } from 'vitest';
import { fold, rootKey } from '../../../src/core/rng.ts';
import { arCoverage, weightCoverage } from '../../analysis/coverage.ts';

const key = fold(rootKey(8), 'coverage');
const count = 2000;

// The stated bound, 93–97 %. Two thousand replicas know a coverage of 95 % to ± 0.5 %.
function expectCoverage(covered: number): void {
  expect(covered).toBeGreaterThanOrEqual(0.93);
  expect(covered).toBeLessThanOrEqual(0.97);
}

describe('95 % intervals of the moving-block bootstrap', () => {
  // 200 autocorrelation times in all, in one chain or four, fast and slow; then many more.
  it.each([
    { rho: 0.5, records: 600, chains: 1 },
    { rho: 0.9, records: 3800, chains: 1 },
    { rho: 0.95, records: 7800, chains: 1 },
    { rho: 0.9, records: 950, chains: 4 },
    { rho: 0.9, records: 3800, chains: 8 },
    { rho: 0, records: 1000, chains: 1 },
  ])('cover 93–97 %% of AR(1) chains: $chains × $records records, ρ = $rho', (plan) => {
    expectCoverage(arCoverage({ key, count, ...plan }).covered);
  });

  it.each([
    { sigma: 0.3, draws: 1000 },
    { sigma: 1, draws: 2000 },
    { sigma: 1, draws: 20_000 },
  ])('cover 93–97 %% of ln Z from log-normal weights: σ = $sigma, $draws draws', (plan) => {
    expectCoverage(weightCoverage({ key, count, ...plan }).covered);
  });
});
