import { describe, expect, it } from 'vitest';
import { at, fold, normal, rootKey } from '../../../src/core/rng.ts';
import { type DriftFit, fitDrift } from '../../../src/md/molecule/fitDrift.ts';

const values = 20;
/** Points of a Brownian motion that one value is the mean of. */
const fine = 4;

/** `chains` series of scatter with the variance `white` and of a walk that gains `growth` per value. */
function synthetic(
  seed: number,
  chains: number,
  { white, growth, slope = 0 }: { white: number; growth: number; slope?: number },
): Float64Array[] {
  return Array.from({ length: chains }, (_, b) => {
    const key = at(fold(rootKey(29), `series ${seed}`), b);
    const scatter = normal(fold(key, 'scatter'), values);
    const kicks = normal(fold(key, 'walk'), values * fine);
    let place = 0;
    return scatter.map((each, i) => {
      let mean = 0;
      for (let s = 0; s < fine; s++) {
        place += kicks[i * fine + s] * Math.sqrt(growth / fine);
        mean += place / fine;
      }
      return slope * i + each * Math.sqrt(white) + mean;
    });
  });
}

const repeats = 400;
const root = (xs: readonly number[]): number =>
  Math.sqrt(xs.reduce((sum, x) => sum + x * x, 0) / xs.length);
const mean = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length;

/** Of series that are drawn once. */
const drawn = new Map<string, DriftFit[]>();
function fits(chains: number, kind: { white: number; growth: number }): DriftFit[] {
  const name = `${chains} ${kind.white} ${kind.growth}`;
  const found =
    drawn.get(name) ??
    Array.from({ length: repeats }, (_, seed) => fitDrift(synthetic(seed, chains, kind)));
  drawn.set(name, found);
  return found;
}

describe('the slope of series that scatter or walk', () => {
  const kinds = {
    scatter: { white: 1, growth: 0 },
    'a walk': { white: 0, growth: 1 },
    'a walk with as much scatter': { white: 1, growth: 1 },
    'a walk in ten times as much scatter': { white: 10, growth: 1 },
  };

  it.each(Object.entries(kinds))('has an error that covers the truth in %s', (_, kind) => {
    for (const chains of [2, 16]) {
      const found = fits(chains, kind);
      const within = (errors: number): number =>
        mean(found.map((each) => Number(Math.abs(each.slope) < errors * each.standardError)));
      // Of 40 values the growth is known to a half of itself, which thickens the tails: 90 and 97 % rather than 95 and 99.7.
      const binomial = Math.sqrt((0.9 * 0.1) / repeats);
      expect(within(2), `${chains} series`).toBeGreaterThan(0.9 - 3 * binomial);
      expect(within(3), `${chains} series`).toBeGreaterThan(0.97 - binomial);
    }
  });

  it('has the error of the textbook for scatter, and six fifths of the growth over the length for a walk', () => {
    const chains = 16;
    const spread = (values * (values ** 2 - 1)) / 12;
    const expected = {
      scatter: Math.sqrt(1 / spread / chains),
      'a walk': Math.sqrt(1.2 / values / chains),
    };
    // The spread of 400 slopes is known to 1/√800; its own fit adds 1/400 to the walk's by the finite number of values.
    const bound = 4 / Math.sqrt(2 * repeats);
    for (const kind of ['scatter', 'a walk'] as const) {
      const slopes = fits(chains, kinds[kind]).map(({ slope }) => slope);
      expect(Math.abs(root(slopes) / expected[kind] - 1), kind).toBeLessThan(bound);
    }
    const claimed = fits(chains, kinds['a walk']).map(({ standardError }) => standardError);
    expect(Math.abs(root(claimed) / expected['a walk'] - 1)).toBeLessThan(0.05);
  });

  it('finds the growth of a walk, with scatter and without, within its error', () => {
    for (const white of [0, 1]) {
      const found = fits(16, { white, growth: 1 });
      const growths = found.map(({ growth }) => growth);
      const spread = root(growths.map((each) => each - mean(growths)));
      expect(Math.abs(mean(growths) - 1), `${white}`).toBeLessThan(
        (4 * spread) / Math.sqrt(repeats),
      );
      const claimed = root(found.map(({ growthError }) => growthError));
      expect(claimed / spread).toBeGreaterThan(0.9);
      expect(claimed / spread).toBeLessThan(1.5);
    }
  });

  it('does not take a slope for a walk', () => {
    for (const slope of [0, 100]) {
      const { growth, standardError } = fitDrift(synthetic(1, 4, { white: 1, growth: 1, slope }));
      const flat = fitDrift(synthetic(1, 4, { white: 1, growth: 1 }));
      expect(growth).toBeCloseTo(flat.growth, 9);
      expect(standardError).toBeCloseTo(flat.standardError, 9);
    }
  });

  it('is exact for lines, which neither scatter nor walk', () => {
    const lines = [1, 3].map((slope) => Float64Array.from({ length: 20 }, (_, i) => slope * i + 5));
    const { slope, growth } = fitDrift([lines[0], lines[0]]);
    expect(slope).toBeCloseTo(1, 12);
    expect(growth).toBeCloseTo(0, 12);
    expect(fitDrift(lines).slope).toBeCloseTo(2, 12);
  });

  it('refuses series that are too short to tell', () => {
    expect(() => fitDrift([new Float64Array(7)])).toThrow(
      '"values" expected an integer of at least 8, got 7',
    );
    expect(() => fitDrift([])).toThrow('"series" expected an integer of at least 1, got 0');
  });
});
