import { describe, expect, it } from 'vitest';
import { gaussLegendre } from '../../src/analysis/gaussLegendre.ts';
import { uniformEdges } from '../../src/analysis/histogram.ts';
import type { Labeller } from '../../src/analysis/labelledIntegral.ts';
import { boltzmannReference, referenceProfile } from '../../src/analysis/quadrature.ts';
import type { Batch } from '../../src/core/batch.ts';
import { linear } from '../../src/core/collectiveVariable.ts';
import { doubleWell } from '../../src/md/potentials/doubleWell.ts';
import { harmonic } from '../../src/md/potentials/harmonic.ts';
import { muellerBrown } from '../../src/md/potentials/muellerBrown.ts';

const wide = [
  [-5, 5],
  [-15, 15],
] as const;
const byX: Labeller = (x) =>
  Int32Array.from({ length: x.count }, (_, b) => (x.data[b * x.dim] < 0 ? 0 : 1));

describe('Gauss–Legendre rules', () => {
  it.each([1, 2, 7, 10, 15])('of %i nodes are exact up to degree 2n − 1', (n) => {
    const { nodes, weights } = gaussLegendre(n);
    for (let degree = 0; degree < 2 * n; degree++) {
      const sum = nodes.reduce((total, x, i) => total + weights[i] * x ** degree, 0);
      expect(sum).toBeCloseTo(degree % 2 === 0 ? 2 / (degree + 1) : 0, 13);
    }
  });
});

describe('references by quadrature', () => {
  it.each([
    [0.5, 6.8494],
    [1, 3.3799],
    [2, 1.6303],
    [4, 0.7605],
  ])('have the published ΔF of the double well at kT = %f', (kT, published) => {
    const { differences } = boltzmannReference(doubleWell(), { box: wide, kT }, byX, 2);
    expect(Math.abs(differences[0] - published)).toBeLessThan(1e-4);
  });

  it('have the published ln Z of the double well, and a difference good to 1e-8', () => {
    const found = boltzmannReference(doubleWell(), { box: wide, kT: 1 }, byX, 2);
    // 1e-7 s each: far within a second.
    expect(found.evaluations).toBeLessThan(1e6);
    expect(found.logZ).toBeCloseTo(11.02047, 5);
    expect(found.differences[0]).toBeCloseTo(trapezoidalDifference(), 8);
    expect(found.relativeError).toBeLessThan(1e-8);
  });

  it('do the same in one dimension', () => {
    const found = boltzmannReference(doubleWell({ dim: 1 }), { box: [[-5, 5]], kT: 1 }, byX, 2);
    expect(found.logZ).toBeCloseTo(10.10153, 5);
    expect(found.differences[0]).toBeCloseTo(trapezoidalDifference(), 8);
  });

  it('resolve a state of population 1e-15', () => {
    const { differences } = boltzmannReference(doubleWell(), { box: wide, kT: 0.1 }, byX, 2);
    expect(Math.abs(differences[0] - 34.558)).toBeLessThan(1e-3);
  });

  it('have ln Z, ⟨E⟩ and the populations of Müller–Brown, whose states have slanted edges', () => {
    const byP: Labeller = (x) =>
      Int32Array.from({ length: x.count }, (_, b) => {
        const p = 0.7 * (x.data[2 * b] - x.data[2 * b + 1]);
        return p < -1 ? 0 : p > 0 ? 1 : 2;
      });
    const box = [
      [-1.5, 1],
      [-0.2, 2],
    ] as const;
    const found = boltzmannReference(muellerBrown(), { box, kT: 1 }, byP, 3);
    // 1e-7 s each: far within a second.
    expect(found.evaluations).toBeLessThan(1e6);
    expect(Math.abs(found.logZ - 11.7296)).toBeLessThan(1e-4);
    expect(Math.abs(found.meanEnergy + 13.4935)).toBeLessThan(1e-4);
    // 400-node Gauss rules in both directions between the exact edges, in another language.
    expect(found.logZ).toBeCloseTo(11.72957889226531, 8);
    expect(found.populations[0]).toBeCloseTo(0.9743891761112548, 8);
    expect(found.populations[1]).toBeCloseTo(0.02213426400523593, 8);
    expect(found.differences[0]).toBeCloseTo(3.7846839732741264, 7);
    expect(Math.abs(found.populations[2] - 0.00347)).toBeLessThan(1e-5);
  });

  it('have ⟨U⟩ = kT per two harmonic coordinates, and error-function populations of a disc', () => {
    const potential = harmonic({ stiffness: [1, 1] });
    const inside: Labeller = (x) =>
      Int32Array.from({ length: x.count }, (_, b) =>
        x.data[2 * b] ** 2 + x.data[2 * b + 1] ** 2 < 1 ? 0 : 1,
      );
    const box = [
      [-9, 9],
      [-9, 9],
    ] as const;
    const found = boltzmannReference(potential, { box, kT: 1 }, inside, 2);
    expect(found.logZ).toBeCloseTo(Math.log(2 * Math.PI), 9);
    expect(found.meanEnergy).toBeCloseTo(1, 8);
    // ∫₀¹ r e^(−r²/2) dr
    expect(found.populations[0]).toBeCloseTo(1 - Math.exp(-0.5), 8);
  });

  it('keep edges sharp that run along either coordinate', () => {
    const potential = harmonic({ stiffness: [1, 1] });
    const box = [
      [-9, 9],
      [-9, 9],
    ] as const;
    for (const axis of [0, 1]) {
      const half: Labeller = (x) =>
        Int32Array.from({ length: x.count }, (_, b) => (x.data[2 * b + axis] < 0.123 ? 0 : 1));
      const { populations, evaluations } = boltzmannReference(potential, { box, kT: 1 }, half, 2);
      // Halving towards an edge along x, instead of cutting there, takes 450 000.
      expect(evaluations).toBeLessThan(200_000);
      // Φ(0.123)
      expect(populations[0]).toBeCloseTo(0.5489463, 6);
    }
  });

  it('have a profile that is analytic for a harmonic well', () => {
    const edges = uniformEdges(-2, 2, 8);
    const potential = harmonic({ stiffness: [1, 4] });
    const box = [
      [-9, 9],
      [-5, 5],
    ] as const;
    const phi = [0.5, 0.691462461274013, 0.841344746068543, 0.933192798731142, 0.977249868051821];
    const mass = phi.slice(1).map((p, k) => p - phi[k]);
    const along = referenceProfile(potential, { box, kT: 1 }, linear('x', [1, 0]), edges);
    // 2y has the same distribution as x.
    const across = referenceProfile(potential, { box, kT: 1 }, linear('2y', [0, 2]), edges);
    // So has 0.6 x + 0.8 · 2y, whose bins are slanted.
    const slanted = referenceProfile(potential, { box, kT: 1 }, linear('s', [0.6, 1.6]), edges);
    for (const profile of [along, across, slanted]) {
      mass.forEach((p, k) => {
        expect(profile[4 + k]).toBeCloseTo(-Math.log(p / mass[0]), 6);
        expect(profile[3 - k]).toBeCloseTo(profile[4 + k], 6);
      });
    }
  });

  it('give up on a density with an edge of its own, instead of trying for ever', () => {
    const walled = harmonic({ stiffness: [1, 1] });
    const inDisc = {
      ...walled,
      energy: (x: Batch): Float64Array =>
        walled
          .energy(x)
          .map((u, b) => (x.data[2 * b] ** 2 + x.data[2 * b + 1] ** 2 < 2 ? u : Infinity)),
    };
    const box = [
      [-3, 3.1],
      [-3, 3.1],
    ] as const;
    expect(() => boltzmannReference(inDisc, { box, kT: 1 })).toThrow(/has an edge/);
  });

  it('refuse a box that does not fit and a density too sharp for it', () => {
    const potential = doubleWell();
    expect(() => boltzmannReference(potential, { box: [[-1, 1]], kT: 1 })).toThrow(
      /box of 1 dimensions/,
    );
    const needle = harmonic({ stiffness: [1e14, 1e14] });
    const box = [
      [-1, 1.1],
      [-1, 1.1],
    ] as const;
    expect(() => boltzmannReference(needle, { box, kT: 1 })).toThrow(/too sharp/);
  });
});

/** −ln(P₊/P₋) of x⁴ − 6x² + x by the trapezoidal rule, h = 2.5e-5: h²/12 times the slope at 0 is 5e-11. */
function trapezoidalDifference(): number {
  const half = (sign: number): number => {
    const [n, end] = [200_000, 5];
    let sum = 0;
    for (let i = 0; i <= n; i++) {
      const x = (sign * end * i) / n;
      const weight = i === 0 || i === n ? 0.5 : 1;
      sum += weight * Math.exp(-(x ** 4) + 6 * x * x - x);
    }
    return sum;
  };
  return -Math.log(half(1) / half(-1));
}
