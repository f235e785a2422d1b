import { describe, expect, it } from 'vitest';
import { dimerReference } from '../../../src/md/particleDimer/dimerReference.ts';
import { umbrellaReference } from '../../../src/md/particleDimer/umbrellaReference.ts';

const { freeEnergy, standardError, min, max, difference } = umbrellaReference;
const width = (max - min) / freeEnergy.length;
const center = (k: number): number => min + (k + 0.5) * width;

/** The free energy of a window exp(−200 (d − c)²) on the profile, linear between the bins' centres. */
function windowed(c: number): number {
  let sum = 0;
  const fine = 20;
  for (let i = 0; i < (freeEnergy.length - 1) * fine; i++) {
    const place = (i + 0.5) / fine;
    const k = Math.floor(place);
    const f = freeEnergy[k] + (freeEnergy[k + 1] - freeEnergy[k]) * (place - k);
    sum += Math.exp(-f - 200 * (center(place) - c) ** 2);
  }
  return -Math.log(sum);
}

describe('the umbrella reference of the particle dimer', () => {
  it('is whole: a number and an error in each of its bins, which hold both states', () => {
    expect(freeEnergy).toHaveLength(60);
    expect(standardError).toHaveLength(60);
    expect(Math.min(...freeEnergy)).toBe(0);
    for (const value of [...freeEnergy, ...standardError])
      expect(Number.isFinite(value)).toBe(true);
  });

  it('has a standard error of at most 0.1 kT from 0.9 to 2.2', () => {
    const errors = standardError.filter((_, k) => center(k) > 0.9 && center(k) < 2.2);
    expect(errors).toHaveLength(52);
    for (const error of errors) {
      expect(error).toBeGreaterThan(0);
      expect(error).toBeLessThan(0.1);
    }
  });

  it('has the difference that its own bins add up to', () => {
    const mass = (inside: (d: number) => boolean): number =>
      freeEnergy.reduce((sum, f, k) => sum + (inside(center(k)) ? Math.exp(-f) : 0), 0);
    const summed = -Math.log(mass((d) => d >= 1.5) / mass((d) => d < 1.5));
    // The closed state reaches below 0.8, where 1 % of its weight lies.
    expect(Math.abs(summed - difference.value)).toBeLessThan(0.02);
  });

  it('agrees with the published difference, 7.10 ± 0.38, the spread of three repeats', () => {
    // Noé et al., Science 365, eaaw1147, 2019, figure 6e, from the released windows at T = 1.
    const z = (difference.value - 7.1) / Math.hypot(0.38, difference.standardError);
    expect(Math.abs(z)).toBeLessThan(2);
  });

  it('agrees with the published windows at T = 1, forward and backward, within their spread', () => {
    // The windows' free energies minus that of the window at 0.9: mean and standard deviation over three
    // repeats, each run forward and backward, of `umbrella_free_energies` in US_data.npz of the release.
    const published = [
      { d: 0.9667, mean: 0.25, deviation: 0.02 },
      { d: 1.1667, mean: 5.8, deviation: 0.15 },
      { d: 1.3667, mean: 15.51, deviation: 0.22 },
      { d: 1.5667, mean: 19.91, deviation: 0.31 },
      { d: 1.7667, mean: 13.3, deviation: 0.56 },
      { d: 1.9667, mean: 7.61, deviation: 0.59 },
      { d: 2.1667, mean: 8.33, deviation: 0.8 },
    ];
    for (const { d, mean, deviation } of published) {
      const error = Math.hypot(deviation / Math.sqrt(6), 0.05);
      expect(Math.abs(windowed(d) - windowed(0.9) - mean), `${d}`).toBeLessThan(4 * error);
    }
  });
});

describe('dimerReference', () => {
  it('is refused at another temperature than its own, by name', () => {
    expect(dimerReference(1)).toBe(umbrellaReference);
    expect(() => dimerReference(2)).toThrow(
      'the umbrella reference of the particle dimer holds at kT = 1, not at kT = 2',
    );
  });
});
