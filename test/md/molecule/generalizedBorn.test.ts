import { describe, expect, it } from 'vitest';
import { coulombConstant } from '../../../src/core/units.ts';
import type { GeneralizedBorn } from '../../../src/md/molecule/term.ts';
import { descreening, descreeningSlope } from '../../../src/md/molecule/terms/descreening.ts';
import { neck } from '../../../src/md/molecule/terms/neck.ts';
import { evaluated, sheet, smallBorn } from './smallSystems.ts';

const offset = 0.009;
const polarity = 1 - 1 / 78.5;

/** Ions of charges 1 and −0.5 and radii 0.15 and 0.17 nm, without salt or surface. */
function ions(changes: Partial<GeneralizedBorn> = {}): GeneralizedBorn {
  return smallBorn('obc2', {
    charge: Float64Array.of(1, -0.5),
    radius: Float64Array.of(0.15, 0.17),
    screen: Float64Array.of(0.8, 0.72),
    inverseDebyeLength: 0,
    surfaceTension: 0,
    ...changes,
  });
}

/** The first of them. */
const ion = ions({
  charge: Float64Array.of(1),
  radius: Float64Array.of(0.15),
  screen: Float64Array.of(0.8),
});

describe('an ion alone', () => {
  it("has Born's energy, −C q² (1 − 1/ε)/2R, with the radius less the offset", () => {
    const { energy, gradient } = evaluated(ion, [0.3, -1, 2]);
    expect(energy).toBeCloseTo((-0.5 * coulombConstant * polarity) / (0.15 - offset), 9);
    expect(gradient).toEqual(new Float64Array(3));
  });

  it('has more of it in salt, by e^(−κR) of what water leaves', () => {
    const { energy } = evaluated({ ...ion, inverseDebyeLength: 2 }, [0, 0, 0]);
    const left = Math.exp(-2 * (0.15 - offset)) / 78.5;
    expect(energy).toBeCloseTo((-0.5 * coulombConstant * (1 - left)) / (0.15 - offset), 9);
  });

  it('has a surface of 4π (ρ + 0.14 nm)² (ρ/R)⁶', () => {
    const area = 4 * Math.PI * 0.29 ** 2 * (0.15 / (0.15 - offset)) ** 6;
    const with3 = evaluated({ ...ion, surfaceTension: 3 }, [0, 0, 0]).energy;
    expect(with3 - evaluated(ion, [0, 0, 0]).energy).toBeCloseTo(3 * area, 10);
  });

  it('has no energy in vacuum', () => {
    expect(evaluated({ ...ion, solventDielectric: 1 }, [0, 0, 0]).energy).toBeCloseTo(0, 12);
  });
});

describe('two ions', () => {
  it('far apart are two ions alone and Coulomb in the medium less Coulomb in vacuum', () => {
    const r = 50;
    const { energy } = evaluated(ions(), [0, 0, 0, 0, 0, r]);
    const born = (q: number, radius: number) =>
      (-0.5 * coulombConstant * polarity * q * q) / (radius - offset);
    const expected = born(1, 0.15) + born(-0.5, 0.17) + (coulombConstant * polarity * 0.5) / r;
    expect(energy).toBeCloseTo(expected, 3);
  });

  it('beyond a cutoff do not know of each other', () => {
    const term = ions({ cutoff: { distance: 1, periodic: false } });
    const { energy, gradient } = evaluated(term, [0, 0, 0, 0, 0, 1.01]);
    const alone = evaluated(ion, [0, 0, 0]).energy;
    const second = (-0.5 * coulombConstant * polarity * 0.25) / (0.17 - offset);
    expect(energy).toBeCloseTo(alone + second, 9);
    expect(gradient).toEqual(new Float64Array(6));
  });

  it('see the nearest image in a periodic box', () => {
    const term = ions({ cutoff: { distance: 1, periodic: true } });
    const box = [2, 2, 2] as const;
    const near = evaluated(term, [0, 0, 0, 0.3, 0, 0], box).energy;
    expect(evaluated(term, [0, 0, 0, -1.7, 2, -4], box).energy).toBeCloseTo(near, 9);
  });

  it('at one place have the energy of the limit', () => {
    const term = ions({ screen: Float64Array.of(1.5, 1.6) });
    const together = evaluated(term, [0, 0, 0, 0, 0, 0]).energy;
    expect(together).toBeCloseTo(evaluated(term, [0, 0, 0, 0, 0, 1e-5]).energy, 4);
  });
});

describe('descreening', () => {
  /** ∫ f(R)/R² dR: f is the share of the sphere of radius R around the atom that is inside the other. */
  function integral(r: number, a: number, s: number): number {
    const points = 40_000;
    const [from, to] = [a, r + s];
    const width = (to - from) / points;
    let sum = 0;
    for (let p = 0; p < points; p++) {
      const R = from + (p + 0.5) * width;
      const cosine = (r * r + R * R - s * s) / (2 * r * R);
      sum += (0.5 * (1 - Math.min(1, Math.max(-1, cosine))) * width) / R ** 2;
    }
    return sum;
  }

  it.each([
    { name: 'apart', r: 0.4, a: 0.15, s: 0.12 },
    { name: 'overlapping', r: 0.2, a: 0.15, s: 0.12 },
    { name: 'the atom inside the sphere', r: 0.05, a: 0.1, s: 0.2 },
    { name: 'nearly concentric', r: 0.001, a: 0.1, s: 0.2 },
  ])('is the integral over the part of a sphere that is outside of the atom: $name', (at) => {
    const expected = integral(at.r, at.a, at.s);
    expect(Math.abs(descreening(at.r, at.a, at.s) / expected - 1)).toBeLessThan(1e-5);
  });

  it('is zero for a sphere inside of the atom, and continuous where it comes out', () => {
    expect(descreening(0.05, 0.2, 0.1)).toBe(0);
    expect(descreening(0.1 + 1e-7, 0.2, 0.1)).toBeLessThan(1e-9);
  });

  it('is continuous where the atom comes out of the sphere, with its slope', () => {
    const [a, s] = [0.1, 0.25];
    const [inside, outside] = [s - a - 1e-9, s - a + 1e-9];
    expect(descreening(inside, a, s)).toBeCloseTo(descreening(outside, a, s), 6);
    expect(descreeningSlope(inside, a, s)).toBeCloseTo(descreeningSlope(outside, a, s), 5);
  });
});

describe('necks', () => {
  const necks = neck(Float64Array.of(0.1, 0.2, 0.1025));

  it('have their published height at their published distance, for equal radii of 1 Å', () => {
    expect(necks.value(0, 0, 0.226685)).toBeCloseTo(0.381511, 12);
    expect(necks.slope(0, 0, 0.226685)).toBeCloseTo(0, 12);
  });

  it('know the descreened atom from the descreening one', () => {
    // m₀ of the column 2 Å in the row 1 Å, and of the row 2 Å in the column 1 Å.
    const highest = (i: number, j: number): number => {
      let most = 0;
      for (let r = 0.2; r < 0.45; r += 1e-5) most = Math.max(most, necks.value(i, j, r));
      return most;
    };
    expect(highest(1, 0)).toBeCloseTo(0.0614589, 6);
    expect(highest(0, 1)).toBeCloseTo(0.609642, 6);
  });

  it('are interpolated halfway between radii', () => {
    const half = (0.381511 + 0.338587 + 0.396198 + 0.351837) / 4;
    const at = (2.26685 + 2.32548 + 2.31191 + 2.37017) / 40;
    expect(necks.value(2, 2, at)).toBeCloseTo(half, 10);
  });

  it('end 0.68 nm beyond the surfaces', () => {
    expect(necks.value(0, 1, 0.98)).toBeGreaterThan(0);
    expect(necks.value(0, 1, 0.9801)).toBe(0);
    expect(necks.slope(0, 1, 0.9801)).toBe(0);
  });
});

describe('the models', () => {
  it('give five different energies', () => {
    const models = ['hct', 'obc1', 'obc2', 'gbn', 'gbn2'] as const;
    const energies = models.map((model) => evaluated(smallBorn(model), sheet()).energy.toFixed(3));
    expect(new Set(energies).size).toBe(5);
  });

  it("leave atoms their own radii where gbn2 has no rescaling, in Still's formula", () => {
    const pair = { model: 'gbn2', rescaling: new Float64Array(6) } as const;
    const [first, second] = [0.15 - 0.0195141, 0.17 - 0.0195141];
    const r = 0.3;
    const product = first * second;
    const f = Math.sqrt(r * r + product * Math.exp((-r * r) / (4 * product)));
    const expected = -coulombConstant * polarity * (0.5 / first + 0.125 / second - 0.5 / f);
    expect(evaluated(ions(pair), [0, 0, 0, r, 0, 0]).energy).toBeCloseTo(expected, 9);
  });

  it('rescale in gbn2 each atom by its own numbers', () => {
    const rescaled = (...rescaling: readonly number[]): number =>
      evaluated(
        ions({ model: 'gbn2', rescaling: Float64Array.from(rescaling) }),
        [0, 0, 0, 0.3, 0, 0],
      ).energy;
    const none = rescaled(0, 0, 0, 0, 0, 0);
    const changes = [0, 1, 2, 3, 4, 5].map(
      (k) => rescaled(...[0, 0, 0, 0, 0, 0].map((_, i) => (i === k ? 1 : 0))) - none,
    );
    // A larger radius, which α and γ make and β unmakes, is less solvation.
    expect(changes.map(Math.sign)).toEqual([1, -1, 1, 1, -1, 1]);
    expect(new Set(changes.map((change) => change.toFixed(6))).size).toBe(6);
  });
});
