import { describe, expect, it } from 'vitest';
import { cmapSurface, evaluateCmap } from '../../../src/md/molecule/terms/cmapSurface.ts';
import { periodicSplineSlopes } from '../../../src/md/molecule/terms/periodicSplineSlopes.ts';
import { evaluated } from './smallSystems.ts';

/** Bonds of 1 nm at right angles; seen along the middle one, +z, the last is `phi` clockwise of the first. */
function twisted(phi: number): number[] {
  return [1, 0, 0, 0, 0, 0, 0, 0, 1, Math.cos(phi), Math.sin(phi), 1];
}

describe('harmonic bonds', () => {
  const term = {
    kind: 'harmonic-bonds' as const,
    atoms: Int32Array.of(0, 1),
    length: Float64Array.of(0.3),
    forceConstant: Float64Array.of(1000),
  };

  it('cost ½ k of the square of the stretch, and pull both atoms alike', () => {
    const { energy, gradient } = evaluated(term, [0, 0, 0, 0, 0.5, 0]);
    expect(energy).toBeCloseTo(0.5 * 1000 * 0.2 ** 2, 12);
    expect(Array.from(gradient, (g) => g + 0)).toEqual([0, -1000 * 0.2, 0, 0, 1000 * 0.2, 0]);
  });

  it('have an energy but no direction where both atoms are at one place', () => {
    const { energy, gradient } = evaluated(term, [1, 1, 1, 1, 1, 1]);
    expect(energy).toBeCloseTo(0.5 * 1000 * 0.3 ** 2, 12);
    expect(gradient).toEqual(new Float64Array(6));
  });

  it('are what distance restraints are', () => {
    const restraint = { ...term, kind: 'distance-restraints' as const };
    const x = [0.1, 0.2, 0.3, 0.3, 0.1, 0.6];
    expect(evaluated(restraint, x)).toEqual(evaluated(term, x));
  });
});

describe('harmonic angles', () => {
  const term = {
    kind: 'harmonic-angles' as const,
    atoms: Int32Array.of(0, 1, 2),
    angle: Float64Array.of(2),
    forceConstant: Float64Array.of(300),
  };

  it('cost ½ k of the square of the bend, in radians', () => {
    const { energy } = evaluated(term, [1, 0, 0, 0, 0, 0, 0, 0.7, 0]);
    expect(energy).toBeCloseTo(0.5 * 300 * (Math.PI / 2 - 2) ** 2, 12);
  });

  it('have a finite gradient next to a straight line and none on it', () => {
    const nearly = evaluated(term, [1, 0, 0, 0, 0, 0, -1, 1e-9, 0]);
    expect(Math.hypot(...nearly.gradient.slice(0, 3))).toBeCloseTo(300 * (Math.PI - 2), 5);
    const straight = evaluated(term, [1, 0, 0, 0, 0, 0, -1, 0, 0]);
    expect(straight.gradient).toEqual(new Float64Array(9));
  });
});

describe('periodic torsions', () => {
  const term = (n: number, phase: number) => ({
    kind: 'periodic-torsions' as const,
    atoms: Int32Array.of(0, 1, 2, 3),
    periodicity: Int32Array.of(n),
    phase: Float64Array.of(phase),
    forceConstant: Float64Array.of(5),
  });

  it.each([
    { name: 'cis', phi: 0, n: 1, phase: 0, expected: 10 },
    { name: 'trans', phi: Math.PI, n: 1, phase: 0, expected: 0 },
    { name: 'a right angle, twofold', phi: Math.PI / 2, n: 2, phase: 0, expected: 0 },
    { name: 'gauche, threefold', phi: Math.PI / 3, n: 3, phase: 0, expected: 0 },
    // IUPAC's sign: a torsion of +1 has its maximum where the phase is +1.
    { name: 'one radian with that phase', phi: 1, n: 1, phase: 1, expected: 10 },
    {
      name: 'minus one radian with that phase',
      phi: -1,
      n: 1,
      phase: 1,
      expected: 5 + 5 * Math.cos(2),
    },
  ])('cost k (1 + cos(n φ − φ₀)) at $name', ({ phi, n, phase, expected }) => {
    expect(evaluated(term(n, phase), twisted(phi)).energy).toBeCloseTo(expected, 12);
  });

  it('have a gradient of ∂U/∂φ over the distance from the axis, also where sin φ is 0', () => {
    const { gradient } = evaluated(term(1, 1), twisted(0));
    // At φ = 0 the last atom moves along y with φ, and U rises towards φ = 1.
    expect(gradient[10]).toBeCloseTo(5 * Math.sin(1), 12);
  });

  it('stay finite next to three atoms on a line, and have no gradient on it', () => {
    const nearly = evaluated(term(2, 0.5), [1e-5, 0, -1, 0, 0, 0, 0, 0, 1, 1, 0, 1]);
    // A force of −∂U/∂φ over the distance from the axis.
    expect(Math.abs(nearly.gradient[1])).toBeCloseTo((5 * 2 * Math.sin(0.5)) / 1e-5, 0);
    expect(nearly.gradient.every(Number.isFinite)).toBe(true);
    const straight = evaluated(term(2, 0.5), [0, 0, -1, 0, 0, 0, 0, 0, 1, 1, 0, 1]);
    expect(straight.gradient).toEqual(new Float64Array(12));
  });
});

describe('Ryckaert–Bellemans torsions', () => {
  const coefficients = [9.28, 12.16, -13.12, -3.06, 26.24, -31.5];
  const term = {
    kind: 'ryckaert-bellemans-torsions' as const,
    atoms: Int32Array.of(0, 1, 2, 3),
    coefficients: Float64Array.from(coefficients),
  };
  const alternating = coefficients.reduce((sum, c, n) => sum + (-1) ** n * c, 0);
  const all = coefficients.reduce((sum, c) => sum + c, 0);

  it.each([
    { name: 'trans, where every cosine is one', phi: Math.PI, expected: all },
    { name: 'cis, where odd powers are negative', phi: 0, expected: alternating },
    { name: 'a right angle, where only C₀ is left', phi: Math.PI / 2, expected: coefficients[0] },
  ])('are measured from trans: $name', ({ phi, expected }) => {
    expect(evaluated(term, twisted(phi)).energy).toBeCloseTo(expected, 10);
  });
});

describe('maps of two torsions', () => {
  const size = 8;
  // Entry i + 8 j, smooth in both angles and not symmetric.
  const energies = Float64Array.from({ length: size * size }, (_, k) => {
    const [phi, psi] = [k % size, Math.floor(k / size)].map((i) => (2 * Math.PI * i) / size);
    return Math.sin(phi) + 2 * Math.cos(psi) + 0.5 * Math.sin(phi + psi);
  });
  const surface = cmapSurface(size, energies);
  const slopes = new Float64Array(2);

  it('have the values of the map at its knots, φ first, with any number of turns', () => {
    for (const [i, j] of [
      [0, 0],
      [3, 5],
      [7, 2],
      [-1, -6],
      [9, 16],
    ]) {
      const knot = (((i % 8) + 8) % 8) + 8 * (((j % 8) + 8) % 8);
      const [phi, psi] = [(i * Math.PI) / 4, (j * Math.PI) / 4];
      expect(evaluateCmap(surface, phi, psi, slopes, 0)).toBeCloseTo(energies[knot], 12);
    }
  });

  it('come close to a smooth surface between the knots', () => {
    // Four knots a right angle: cubic splines are off by some 10⁻³ of the amplitude.
    const value = evaluateCmap(surface, 1, -0.3, slopes, 0);
    expect(value).toBeCloseTo(Math.sin(1) + 2 * Math.cos(0.3) + 0.5 * Math.sin(0.7), 1);
    expect(slopes[0]).toBeCloseTo(Math.cos(1) + 0.5 * Math.cos(0.7), 1);
    expect(slopes[1]).toBeCloseTo(2 * Math.sin(0.3) + 0.5 * Math.cos(0.7), 1);
  });

  it('have slopes that do not jump across a line of knots', () => {
    const line = Math.PI / 2;
    const sides = [line - 1e-9, line + 1e-9].map((phi) => {
      evaluateCmap(surface, phi, 0.4, slopes, 0);
      return Array.from(slopes);
    });
    expect(sides[1][0]).toBeCloseTo(sides[0][0], 7);
    expect(sides[1][1]).toBeCloseTo(sides[0][1], 7);
  });

  it('take φ from the first four atoms and ψ from the last four', () => {
    const term = {
      kind: 'cmap-torsions' as const,
      maps: [{ size, energies }],
      map: Int32Array.of(0),
      atoms: Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7),
    };
    const x = [...twisted(Math.PI / 2), ...twisted(Math.PI / 4)];
    expect(evaluated(term, x).energy).toBeCloseTo(energies[2 + 8 * 1], 10);
  });
});

describe('the periodic spline', () => {
  it('has continuous second derivatives at every knot, the seam among them', () => {
    const y = Float64Array.of(1, -2, 0.5, 3, 3, -1, 7);
    const m = periodicSplineSlopes(y);
    const n = y.length;
    for (let i = 0; i < n; i++) {
      const [before, after] = [(i + n - 1) % n, (i + 1) % n];
      // S″ from either side, from values and slopes at the ends of a piece.
      const fromLeft = 6 * (y[before] - y[i]) + 2 * m[before] + 4 * m[i];
      const fromRight = 6 * (y[after] - y[i]) - 4 * m[i] - 2 * m[after];
      expect(fromLeft).toBeCloseTo(fromRight, 10);
    }
  });

  it('is flat through equal values', () => {
    for (const slope of periodicSplineSlopes(new Float64Array(5).fill(3))) {
      expect(Math.abs(slope)).toBeLessThan(1e-12);
    }
  });
});
