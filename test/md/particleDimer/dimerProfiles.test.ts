import { describe, expect, it } from 'vitest';
import { dimerProfiles } from '../../../src/md/particleDimer/dimerProfiles.ts';

const [own, published] = dimerProfiles(1);
/** k of the published bias k (d − c)². */
const spring = 200;

/** F of our own profile at d, linear between the bins' middles. */
function ownAt(d: number): number {
  const step = own.at[1] - own.at[0];
  const place = (d - own.at[0]) / step;
  const k = Math.min(own.at.length - 2, Math.max(0, Math.floor(place)));
  return own.freeEnergy[k] + (own.freeEnergy[k + 1] - own.freeEnergy[k]) * (place - k);
}

/** The free energy of a window, −ln ∫ exp(−F − k (d − c)²), against that without F. */
function windowed(c: number): number {
  let [biased, free] = [0, 0];
  for (let d = c - 0.3; d <= c + 0.3; d += 2e-4) {
    const weight = Math.exp(-spring * (d - c) ** 2);
    biased += weight * Math.exp(-ownAt(d));
    free += weight;
  }
  return -Math.log(biased / free);
}

describe('the profiles of the particle dimer', () => {
  it('ascend, each with as many errors as values', () => {
    for (const { at, freeEnergy, standardError } of [own, published]) {
      expect(at.every((d, i) => i === 0 || d > at[i - 1])).toBe(true);
      expect(freeEnergy).toHaveLength(at.length);
      expect(standardError).toHaveLength(at.length);
      expect(Math.min(...standardError)).toBeGreaterThan(0);
    }
    expect(own.at[0]).toBeCloseTo(0.8125, 12);
    expect(own.at[59]).toBeCloseTo(2.2875, 12);
  });

  it('agree: the published one lies on ours within the errors of both', () => {
    const shift = ownAt(published.at[2]) - published.freeEnergy[2];
    published.at.forEach((d, i) => {
      const distance = published.freeEnergy[i] + shift - ownAt(d);
      // One of 23 that depend on each other is beyond 3.5 errors once in a hundred times; ours has some 0.03.
      const error = Math.hypot(published.standardError[i], published.standardError[2], 0.03);
      expect(Math.abs(distance) / error, `at ${d}`).toBeLessThan(3.5);
    });
  });

  it('are made of windows by formulas that bring our own windows back to our profile', () => {
    const step = 1.6 / 24;
    const windows = Array.from({ length: 25 }, (_, i) => windowed(0.7 + i * step));
    // Ours begins at 0.8 and ends at 2.3: of windows beyond it nothing is known.
    for (let i = 3; i < 22; i++) {
      const slope = (windows[i + 1] - windows[i - 1]) / (2 * step);
      const bend = (windows[i + 1] - 2 * windows[i] + windows[i - 1]) / step ** 2;
      const at = 0.7 + i * step - slope / (2 * spring);
      const profile =
        windows[i] - slope ** 2 / (4 * spring) + Math.log(1 - bend / (2 * spring)) / 2;
      expect(Math.abs(profile - ownAt(at)), `window ${i}`).toBeLessThan(0.06);
      // A window by itself is no profile.
      if (i === 12) expect(Math.abs(windows[i] - ownAt(0.7 + i * step))).toBeGreaterThan(0.3);
    }
  });

  it('hold at kT = 1 alone', () => {
    expect(() => dimerProfiles(2)).toThrow('holds at kT = 1, not at kT = 2');
  });
});
