import { describe, expect, it } from 'vitest';
import type { Profile } from '../../src/analysis/profile.ts';
import { profileDeparture } from '../../src/analysis/profileDeparture.ts';

/** A profile of bins of width 2 from 0 on, by the shares that the bins have. */
function profile(shares: readonly number[], errors: readonly (number | undefined)[]): Profile {
  return {
    edges: Float64Array.from({ length: shares.length + 1 }, (_, k) => 2 * k),
    freeEnergy: Float64Array.from(shares, (share) => -Math.log(share)),
    standardError: errors,
    effectiveCount: Float64Array.from(errors, (error) => (error === undefined ? 0 : error ** -2)),
  };
}

describe('profileDeparture', () => {
  it('finds the largest distance in kT in one bin and the most significant in another', () => {
    const found = profileDeparture(profile([1 / 2, 1 / 2], [0.1, 0.03]), {
      freeEnergy: [-Math.log(1 / 4), -Math.log(3 / 4)],
      standardError: [0, 0.04],
    });
    expect(found?.largest.kT).toBeCloseTo(Math.log(2), 12);
    expect(found?.largest.at).toBe(1);
    // ln(3/2) over √(0.03² + 0.04²), where the first bin has ln 2 over 0.1.
    expect(found?.mostSignificant.standardErrors).toBeCloseTo(Math.log(1.5) / 0.05, 10);
    expect(found?.mostSignificant.at).toBe(3);
    expect([found?.bins, found?.of]).toEqual([2, 2]);
  });

  it('is nothing where the reference differs by a constant alone', () => {
    const own = profile([0.2, 0.7, 0.1], [0.1, 0.1, 0.1]);
    const found = profileDeparture(own, {
      freeEnergy: own.freeEnergy.map((f) => f + 41),
      standardError: [0, 0, 0],
    });
    expect(found?.largest.kT).toBeLessThan(1e-12);
  });

  it('leaves out bins without an error, of fewer than ten effective counts, and beyond the reference', () => {
    const found = profileDeparture(
      profile([0.3, 0.3, 0.2, 0.1, 0.05, 0], [0.1, 0.1, 0.33, undefined, 0.1, undefined]),
      {
        freeEnergy: [-Math.log(0.3), -Math.log(0.3), 90, 90, Number.NaN, 90],
        standardError: [0, 0, 0, 0, Number.NaN, 0],
      },
    );
    // What is left agrees, although the masses of the two on the whole axis differ.
    expect(found?.largest.kT).toBeLessThan(1e-12);
    expect([found?.bins, found?.of]).toEqual([2, 5]);
  });

  it('is null for a single bin, which normalisation makes equal, and for none', () => {
    const reference = { freeEnergy: [1, 2], standardError: [0, 0] };
    expect(profileDeparture(profile([0.5, 0.5], [0.1, undefined]), reference)).toBeNull();
    expect(profileDeparture(profile([0.5, 0.5], [undefined, 1]), reference)).toBeNull();
  });

  it('refuses a reference of other bins', () => {
    expect(() =>
      profileDeparture(profile([1], [0.1]), { freeEnergy: [1, 2], standardError: [0, 0] }),
    ).toThrow('"reference" expected 1 bins, got 2');
  });
});
