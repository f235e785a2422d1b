import { describe, expect, it } from 'vitest';
import { linear } from '../../src/core/collectiveVariable.ts';
import { doubleWell } from '../../src/md/potentials/doubleWell.ts';
import { defineScenario } from '../../src/scenario/defineScenario.ts';
import { inBins, knownAt, knownProfiles } from '../../src/scenario/knownProfiles.ts';
import type { KnownProfile, Scenario } from '../../src/scenario/scenario.ts';
import { stateAlong } from '../../src/scenario/stateAlong.ts';
import { toPlan } from '../../src/scenario/toPlan.ts';

const x = linear('x', [1, 0]);
const profile: KnownProfile = {
  source: 'a table',
  at: [-1, 0, 2],
  freeEnergy: [4, 0, 1],
  standardError: [0.4, 0.1, 0.3],
};

const scenario: Scenario = {
  name: 'with-a-known-profile',
  about: 'Two wells and a profile that is known.',
  potential: doubleWell(),
  states: [
    stateAlong(x, 'left', { below: 0 }, { start: [-1.7, 0] }),
    stateAlong(x, 'right', { from: 0 }, { start: [1.7, 0] }),
  ],
  coordinate: { variable: x, min: -2, max: 2, bins: 4 },
  reference: {
    kind: 'value',
    difference: [3.38],
    standardError: 0,
    source: 'a table',
    temperature: 1,
    profiles: [profile],
  },
};

describe('a known profile', () => {
  it('is linear between its values, and unknown beyond them', () => {
    expect(knownAt(profile, -0.25)).toEqual({
      freeEnergy: expect.closeTo(0.25 * 4, 12),
      standardError: expect.closeTo(0.25 * 0.4 + 0.75 * 0.1, 12),
    });
    expect(knownAt(profile, 1.5)?.freeEnergy).toBeCloseTo(0.75 * 1, 12);
    expect(knownAt(profile, -1)?.freeEnergy).toBe(4);
    expect(knownAt(profile, 2)?.freeEnergy).toBe(1);
    expect(knownAt(profile, -1.001)).toBeUndefined();
    expect(knownAt(profile, 2.001)).toBeUndefined();
    expect(knownAt(profile, Number.NaN)).toBeUndefined();
  });

  it('is taken in the middles of bins, and is no number where it does not reach', () => {
    const { freeEnergy, standardError } = inBins(profile, Float64Array.of(-2, -1, 0, 1, 2));
    expect(Array.from(freeEnergy)).toEqual([Number.NaN, 2, 0.25, 0.75]);
    expect(standardError[0]).toBeNaN();
  });

  it('has its own values in bins that it was made of, whatever the rounding of their middles', () => {
    const edges = Float64Array.from({ length: 61 }, (_, k) => 0.8 + (1.5 * k) / 60);
    const at = Array.from({ length: 60 }, (_, k) => 0.8 + (k + 0.5) * 0.025);
    const freeEnergy = at.map((s) => s * s);
    const own = { source: 'bins', at, freeEnergy, standardError: at.map(() => 0.1) };
    inBins(own, edges).freeEnergy.forEach((f, k) => {
      expect(f).toBeCloseTo(freeEnergy[k], 10);
    });
  });

  it('belongs to a run at its own temperature alone', () => {
    expect(knownProfiles(scenario, toPlan(scenario))).toEqual([profile]);
    expect(knownProfiles(scenario, toPlan(scenario, { temperature: 1.1 }))).toEqual([]);
  });

  it.each([
    [{ ...profile, at: [-1, 2, 0] }, 'profiles[0]: expected "at" to ascend'],
    [{ ...profile, freeEnergy: [4, 0] }, 'to be as long as "at"'],
    [{ ...profile, standardError: [0.1, -0.1, 0] }, 'profiles[0].standardError[1]'],
    [{ ...profile, at: [0], freeEnergy: [0], standardError: [0] }, 'expected two values or more'],
    [{ ...profile, values: [1] }, 'profiles[0].values: unknown entry'],
  ])('is checked: %o', (wrong, message) => {
    const reference = { ...scenario.reference, profiles: [wrong] };
    // What a file in JavaScript may hold.
    expect(() => defineScenario({ ...scenario, reference } as Scenario)).toThrow(message);
  });
});
