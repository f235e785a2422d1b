import { describe, expect, it } from 'vitest';
import { coulombConstant } from '../../../src/core/units.ts';
import type { Nonbonded } from '../../../src/md/molecule/term.ts';
import { dispersionCorrection } from '../../../src/md/molecule/terms/dispersionCorrection.ts';
import { reactionField } from '../../../src/md/molecule/terms/reactionField.ts';
import { switchSlope, switchValue } from '../../../src/md/molecule/terms/switching.ts';
import { evaluated } from './smallSystems.ts';

const none = {
  atoms: new Int32Array(0),
  chargeProduct: new Float64Array(0),
  sigma: new Float64Array(0),
  epsilon: new Float64Array(0),
};

/** Two atoms; the second has twice the charge, sigma + 0.1 and nine times the epsilon of the first. */
function two(charge: number, epsilon: number, changes: Partial<Nonbonded> = {}): Nonbonded {
  return {
    kind: 'nonbonded',
    charge: Float64Array.of(charge, 2 * charge),
    sigma: Float64Array.of(0.25, 0.35),
    epsilon: Float64Array.of(epsilon, 9 * epsilon),
    exceptions: none,
    cutoff: undefined,
    ...changes,
  };
}

const cut: NonNullable<Nonbonded['cutoff']> = {
  distance: 1,
  reactionFieldDielectric: 78.3,
  switchDistance: undefined,
  periodic: false,
  dispersionCorrection: false,
};

describe('Lennard-Jones', () => {
  // Lorentz and Berthelot: σ = (0.25 + 0.35)/2, ε = √(0.5 · 4.5).
  const [sigma, epsilon] = [0.3, 1.5];

  it('has energy 0 and slope −24 ε/σ at r = σ', () => {
    const { energy, gradient } = evaluated(two(0, 0.5), [0, 0, 0, sigma, 0, 0]);
    expect(energy).toBeCloseTo(0, 12);
    expect(gradient[3]).toBeCloseTo((-24 * epsilon) / sigma, 10);
    expect(gradient[0]).toBeCloseTo((24 * epsilon) / sigma, 10);
  });

  it('has its minimum of −ε at 2^(1/6) σ', () => {
    const { energy, gradient } = evaluated(two(0, 0.5), [0, 0, 0, 0, 2 ** (1 / 6) * sigma, 0]);
    expect(energy).toBeCloseTo(-epsilon, 12);
    expect(gradient[4]).toBeCloseTo(0, 11);
  });

  it('is switched off between the switch and the cutoff, and whole below', () => {
    const switched = two(0, 0.5, { cutoff: { ...cut, switchDistance: 0.6 } });
    const at = (r: number) => evaluated(switched, [0, 0, 0, 0, 0, r]);
    const whole = (r: number) => evaluated(two(0, 0.5), [0, 0, 0, 0, 0, r]);
    expect(at(0.59)).toEqual(whole(0.59));
    // Halfway S is ½ by symmetry.
    expect(at(0.8).energy).toBeCloseTo(whole(0.8).energy / 2, 12);
    expect(at(1 - 1e-6).energy).toBeCloseTo(0, 14);
    expect(at(1 - 1e-6).gradient[5]).toBeCloseTo(0, 9);
    expect(at(1.001).energy).toBe(0);
  });

  it('is cut without a switch, where it jumps', () => {
    const there = evaluated(two(0, 0.5, { cutoff: cut }), [0, 0, 0, 0, 0, 1 - 1e-12]).energy;
    expect(there).toBeCloseTo(4 * epsilon * (sigma ** 12 - sigma ** 6), 12);
  });
});

describe('the switch', () => {
  it('leaves 1 and reaches 0 with two flat derivatives at either end', () => {
    const curvature = (t: number) => (switchSlope(t + 1e-6) - switchSlope(t - 1e-6)) / 2e-6;
    expect([switchValue(0), switchValue(1)]).toEqual([1, 0]);
    expect([switchSlope(0), switchSlope(1)].map(Math.abs)).toEqual([0, 0]);
    for (const end of [0, 1]) expect(Math.abs(curvature(end))).toBeLessThan(1e-4);
  });
});

describe('Coulomb', () => {
  const charges = coulombConstant * 0.5 * 1;

  it('is 138.935 kJ/mol for two elementary charges 1 nm apart', () => {
    expect(coulombConstant).toBeCloseTo(138.935458, 5);
    const { energy, gradient } = evaluated(two(0.5, 0), [0, 0, 0, 0, 0.4, 0]);
    expect(energy).toBeCloseTo(charges / 0.4, 10);
    expect(gradient[4]).toBeCloseTo(-charges / 0.4 ** 2, 9);
  });

  it('is zero at the cutoff of a reaction field, in a conductor with its slope', () => {
    const field = (dielectric: number) => ({ ...cut, reactionFieldDielectric: dielectric });
    const near = [0, 0, 0, 0, 0, 1 - 1e-9];
    const water = evaluated(two(0.5, 0, { cutoff: field(78.3) }), near);
    expect(water.energy).toBeCloseTo(0, 6);
    expect(water.gradient[5]).toBeCloseTo((-3 * charges) / (2 * 78.3 + 1), 6);
    const conductor = evaluated(two(0.5, 0, { cutoff: field(1e12) }), near);
    expect(conductor.gradient[5]).toBeCloseTo(0, 6);
  });

  it('is shifted only, by its value at the cutoff, where the continuum is vacuum', () => {
    const { quadratic, shift } = reactionField(0.8, 1);
    expect(quadratic).toBe(0);
    expect(shift).toBeCloseTo(1 / 0.8, 14);
  });
});

describe('exceptions', () => {
  const exceptions = {
    atoms: Int32Array.of(1, 0),
    chargeProduct: Float64Array.of(-0.3),
    sigma: Float64Array.of(0.2),
    epsilon: Float64Array.of(0.7),
  };

  it('have parameters of their own, no cutoff, no reaction field and no images', () => {
    const term = two(0.5, 0.5, { exceptions, cutoff: { ...cut, periodic: true } });
    const r = 1.7;
    const { energy } = evaluated(term, [0, 0, 0, 0, 0, r], [2, 2, 2]);
    const six = (0.2 / r) ** 6;
    expect(energy).toBeCloseTo(4 * 0.7 * (six * six - six) - (coulombConstant * 0.3) / r, 12);
  });

  it('are exclusions where their parameters are zero', () => {
    const exclusion = {
      ...exceptions,
      chargeProduct: Float64Array.of(0),
      epsilon: Float64Array.of(0),
    };
    const { energy, gradient } = evaluated(
      two(0.5, 0.5, { exceptions: exclusion }),
      [0, 0, 0, 0, 0, 0],
    );
    expect(energy).toBe(0);
    expect(gradient).toEqual(new Float64Array(6));
  });
});

describe('atoms at one place', () => {
  const together = [0.1, 0.2, 0.3, 0.1, 0.2, 0.3];

  it('cost +∞, unlike charges without a core too', () => {
    expect(evaluated(two(0, 0.5), together).energy).toBe(Infinity);
    expect(evaluated({ ...two(0, 0), charge: Float64Array.of(1, -1) }, together).energy).toBe(
      Infinity,
    );
  });

  it('cost nothing where they do not interact', () => {
    expect(evaluated(two(0, 0), together).energy).toBe(0);
  });
});

describe('a periodic box', () => {
  const box = [2.1, 2.4, 3] as const;
  const term = two(0.5, 0.5, { cutoff: { ...cut, switchDistance: 0.6, periodic: true } });

  it('lets the nearest images interact', () => {
    const near = evaluated(term, [0, 0, 0, 0.2, 0.3, 0.4], box);
    const far = evaluated(term, [0, 0, 0, 0.2 - 2.1, 0.3 + 2.4, 0.4 - 6], box);
    expect(far.energy).toBeCloseTo(near.energy, 10);
    far.gradient.forEach((g, i) => {
      expect(g).toBeCloseTo(near.gradient[i], 9);
    });
  });

  it('is not there without a periodic cutoff', () => {
    const free = two(0.5, 0.5, { cutoff: { ...cut, switchDistance: 0.6 } });
    expect(evaluated(free, [0, 0, 0, 2, 0, 0], box).energy).toBe(0);
  });
});

describe('the dispersion correction', () => {
  it('is the integral of what the cutoff leaves out over an even density', () => {
    const [sigma, epsilon, from, to, atoms] = [0.3, 0.8, 0.7, 0.9, 50];
    const like = {
      sigma: new Float64Array(atoms).fill(sigma),
      epsilon: new Float64Array(atoms).fill(epsilon),
    };
    // ½ N² ∫ (1 − S) u 4πr² dr by the midpoint rule in 1/r, which takes the tail to infinity.
    const points = 20_000;
    let integral = 0;
    for (let p = 0; p < points; p++) {
      const r = from / ((p + 0.5) / points);
      const six = (sigma / r) ** 6;
      const left = r < to ? 1 - switchValue((r - from) / (to - from)) : 1;
      integral += (left * 4 * epsilon * (six * six - six) * 4 * Math.PI * r ** 4) / from / points;
    }
    const expected = 0.5 * atoms ** 2 * integral;
    const found = dispersionCorrection(like, to, from);
    expect(Math.abs(found / expected - 1)).toBeLessThan(1e-7);
  });

  it('adds itself over the volume to the energy, and nothing to the gradient', () => {
    const box = [2.5, 3, 3.5] as const;
    const x = [0, 0, 0, 0.3, 0.1, 0.2];
    const plain = two(0.5, 0.5, { cutoff: { ...cut, periodic: true } });
    const corrected = { ...plain, cutoff: { ...cut, periodic: true, dispersionCorrection: true } };
    const without = evaluated(plain, x, box);
    const withIt = evaluated(corrected, x, box);
    const perVolume = dispersionCorrection(plain, 1) / (2.5 * 3 * 3.5);
    expect(withIt.energy - without.energy).toBeCloseTo(perVolume, 12);
    expect(withIt.gradient).toEqual(without.gradient);
  });
});
